"""A database for one run: a file, or a schema of its own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text


@contextmanager
def own_schema(database: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'house.sqlite3'}"
        return
    url = os.environ["MOTCUA_TEST_POSTGRES_URL"]
    schema = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()
