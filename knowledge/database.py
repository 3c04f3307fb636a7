"""The database: engine, sessions, schema, and the column types that records share.

SQLite (a file) by default, PostgreSQL by URL. Nothing else in the house knows which one it is.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Annotated, Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from knowledge.records.content import Content, Level

READ_ONLY: Final = {"motcua_read_only": True}
"""Execution options of a transaction that only reads; on SQLite it then waits for no writer."""

_TRUSTED: Final = 2.0  # seconds for which a connection that has just been used is not tried out
_MIGRATIONS: Final = str(Path(__file__).parent / "migrations").replace("%", "%%")
_UPGRADE_LOCK: Final = 7_350_001  # any number: two processes that upgrade must name the same one


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware; kept as UTC because SQLite forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say later which hour it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ContentDocument(TypeDecorator[Content]):
    """`Content` as one JSON text: read back several times faster than a JSON column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Content | None, dialect: Dialect) -> str | None:
        """Write only what is known; absence is the default of every part."""
        return None if value is None else value.model_dump_json(exclude_defaults=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Content | None:
        """The frozen value again."""
        return None if value is None else Content.model_validate_json(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A short list of texts as a JSON list; a tuple in Python, so that nobody edits it in place."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        """A plain list."""
        return None if value is None else [str(word) for word in value]

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> tuple[str, ...] | None:
        """A tuple."""
        return None if value is None else tuple(value)


class Levels(TypeDecorator[tuple[Level, ...]]):
    """Cấp thực hiện as a JSON list of words."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: Iterable[Level] | None, dialect: Dialect
    ) -> list[str] | None:
        """A plain list of words."""
        return None if value is None else [level.value for level in value]

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> tuple[Level, ...] | None:
        """The levels."""
        return None if value is None else tuple(Level(word) for word in value)


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


Choice = partial(Enum, native_enum=False, length=20, values_callable=_values)
"""A closed vocabulary kept as its words: a new word then needs no change of the schema."""

# SQLite counts by itself only on INTEGER; PostgreSQL should not run out of numbers.
_Number = BigInteger().with_variant(Integer, "sqlite")

key = Annotated[int, mapped_column(_Number, primary_key=True)]
moment = Annotated[datetime, mapped_column(Moment)]
words = Annotated[tuple[str, ...], mapped_column(Words, default=())]


class Base(DeclarativeBase):
    """All tables of the house."""

    # Named constraints can be changed by a later migration, on SQLite too.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as it stands)
        datetime: Moment,
        Content: ContentDocument,
        tuple[Level, ...]: Levels,
        tuple[str, ...]: Words,
        dict[str, Any]: JSON,
        StrEnum: Choice(StrEnum),
    }


def connect(url: str) -> Engine:
    """An engine for the URL; the folder of an SQLite file is made if it is missing."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address)
        if engine.dialect.driver == "psycopg":
            event.listen(engine, "connect", _prepare_psycopg)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_try_after_rest, engine.dialect))
        return engine
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _try_after_rest(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Notice a server that was started anew; asked before each transaction it is a third of it."""
    since = record.info.get("rests_since")
    if since is None or monotonic() - since < _TRUSTED:
        return
    try:
        dialect.do_ping(connection)
    except Exception as error:
        raise DisconnectionError from error


def _prepare_psycopg(connection: Any, _record: object) -> None:
    from psycopg.types.array import ListBinaryDumper  # noqa: PLC0415 (an optional dependency)

    # As text each quote in each element is escaped by a regular expression: half of the time of
    # writing many rows at once.
    connection.adapters.register_dumper(list, ListBinaryDumper)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    for setting in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "busy_timeout = 15000",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another has written in
    # between; taking the write lock at the start lets it wait its turn instead.
    is_reader = connection.get_execution_options().get("motcua_read_only")
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions; what was read stays readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(engine_or_url: Engine | str) -> None:
    """Bring the schema to the newest version; two processes at once do it one after the other."""
    engine = connect(engine_or_url) if isinstance(engine_or_url, str) else engine_or_url
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if isinstance(engine_or_url, str):
        engine.dispose()


def read_only(factory: sessionmaker[Session]) -> Session:
    """A session for reading only: it never holds up one that writes."""
    session = factory()
    session.connection(execution_options=READ_ONLY)
    return session
