"""The real assistant over the built-in catalogue, made once a test process."""

from pathlib import Path

import pytest
from hypothesis import settings as properties

from bot.app import App, build
from bot.config import Settings

# A busy machine is no fault of the code: speed is judged in the benchmarks only.
properties.register_profile("motcua", deadline=None)
properties.load_profile("motcua")


@pytest.fixture(scope="session")
def app(tmp_path_factory) -> App:
    """All parts joined over a fresh SQLite file; the index is shared between processes."""
    folder: Path = tmp_path_factory.mktemp("app")
    cache = (
        folder.parent.parent / "motcua-index" if folder.parent.name.startswith("popen") else folder
    )
    settings = Settings(database_url=f"sqlite:///{folder / 'test.sqlite3'}", cache_dir=cache)
    return build(settings)


@pytest.fixture(scope="session")
def shelf(app):
    """The catalogue with its index."""
    return app.shelves()
