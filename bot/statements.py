"""Statements that SQLite and PostgreSQL spell differently; each is written once, for many rows."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Insert, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.database import Base

Rows = Sequence[dict[str, Any]]
_COUNTED = {"preserve_rowcount": True}


def insert_new(session: Session, record: type[Base], rows: Rows) -> int:
    """Insert those rows that are not there yet; how many these were."""
    if not rows:
        return 0
    statement = _insert_new(_dialect(session), record)
    return session.connection().execute(statement, rows, execution_options=_COUNTED).rowcount


def insert_or_change(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows; where one is there already, it takes the new values."""
    if rows:
        session.connection().execute(_insert_or_change(_dialect(session), record, *rows[0]), rows)


def insert_all(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows, in order."""
    if rows:
        session.connection().execute(_filled(record), rows)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _insert_new(dialect: str, record: type[Base]) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table_of(record)).on_conflict_do_nothing()
    return postgresql.insert(table_of(record)).on_conflict_do_nothing()


@cache
def _insert_or_change(dialect: str, record: type[Base], *columns: str) -> Insert:
    keys: list[ColumnElement[Any]] = list(inspect(record).primary_key)
    names = {key.name for key in keys}
    if dialect == "sqlite":
        fresh = sqlite.insert(table_of(record))
        change = {name: fresh.excluded[name] for name in columns if name not in names}
        return fresh.on_conflict_do_update(index_elements=keys, set_=change)
    wanted = postgresql.insert(table_of(record))
    change = {name: wanted.excluded[name] for name in columns if name not in names}
    return wanted.on_conflict_do_update(index_elements=keys, set_=change)


@cache
def _filled(record: type[Base]) -> Insert:
    return table_of(record).insert()


def table_of(record: type[Base]) -> Table:
    """The table, for statements that need no objects."""
    return cast(Table, record.__table__)
