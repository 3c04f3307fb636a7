"""A house for each test: a real database, in a file of its own or in a schema of its own."""

import os
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from knowledge.database import connect, sessions, upgrade

POSTGRES_URL = os.environ.get("MOTCUA_TEST_POSTGRES_URL")
SHARED = Path(__file__).parents[3] / "shared"
TODAY = date(2026, 11, 24)

House = sessionmaker[Session]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house on SQLite."""
    engine = connect(f"sqlite:///{tmp_path / 'house.db'}")
    upgrade(engine)
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A URL of a PostgreSQL schema that only this test knows."""
    if not POSTGRES_URL:
        pytest.skip("MOTCUA_TEST_POSTGRES_URL is not set: no PostgreSQL to test with")
    schema = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    joint = "&" if "?" in POSTGRES_URL else "?"
    yield f"{POSTGRES_URL}{joint}options=-csearch_path%3D{schema}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An empty house on each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'house.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = connect(url)
    upgrade(engine)
    yield sessions(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data beside the repository."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder ../shared with the portal's data is not here")
    return SHARED / "data"
