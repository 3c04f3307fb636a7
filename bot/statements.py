"""Statements that SQLite and PostgreSQL spell differently; each is written once, for many rows."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Insert,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    false,
    func,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from knowledge.database import Base

Rows = Sequence[dict[str, Any]]
_COUNTED = {"preserve_rowcount": True}


def insert_new(session: Session, record: type[Base], rows: Rows) -> int:
    """Insert those rows that are not there yet; how many these were."""
    if not rows:
        return 0
    statement = _insert_new(_dialect(session), record)
    return session.connection().execute(statement, rows, execution_options=_COUNTED).rowcount


def insert_new_returning(
    session: Session, record: type[Base], rows: Rows, *columns: str
) -> list[tuple[Any, ...]]:
    """Insert those rows that are not there yet; these columns of them, in any order."""
    statement = _insert_new_returning(_dialect(session), record, *columns)
    return [tuple(row) for row in session.connection().execute(statement, rows)]


def insert_or_change(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows; where one is there already, it takes the new values."""
    if rows:
        session.connection().execute(_insert_or_change(_dialect(session), record, *rows[0]), rows)


def insert_all(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows, in order."""
    if rows:
        session.connection().execute(_filled(record), rows)


def likely(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, which no index is taken for and which a planner expects to hold often.

    One that expects it to hold for one row in a thousand sorts all that wait, to hand out the
    first few; and for a channel it takes the index of all events, with those handled for days.
    """
    return func.coalesce(condition, false())


class _Several(TypeDecorator[Sequence[Any]]):
    """Values as one parameter: an array, or a JSON list where there are no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, *, whole_numbers: bool) -> None:
        super().__init__()
        self.whole_numbers = whole_numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the database calls it."""
        if dialect.name == "postgresql":
            return postgresql.ARRAY(BigInteger() if self.whole_numbers else String())
        return Text()

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """A list in the database's way."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Among)
def _among(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the values given under the name, however many these are.

    With `in_` each number of values makes another statement, which is planned anew.
    """
    kind = _Several(whole_numbers=isinstance(column.type, Integer))
    return _Among(column, bindparam(name, type_=kind))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _insert_new(dialect: str, record: type[Base]) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table_of(record)).on_conflict_do_nothing()
    return postgresql.insert(table_of(record)).on_conflict_do_nothing()


@cache
def _insert_new_returning(
    dialect: str, record: type[Base], *columns: str
) -> ReturningInsert[tuple[Any, ...]]:
    return _insert_new(dialect, record).returning(*(table_of(record).c[name] for name in columns))


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
