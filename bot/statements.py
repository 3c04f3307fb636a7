"""Statements that SQLite and PostgreSQL spell differently; each is written once, for many rows."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    CursorResult,
    Dialect,
    Integer,
    String,
    Table,
    TableValuedAlias,
    Text,
    TypeDecorator,
    Update,
    bindparam,
    column,
    false,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from knowledge.database import Base

Rows = Sequence[dict[str, Any]]
_COUNTED = {"preserve_rowcount": True}


def insert_new(session: Session, record: type[Base], rows: Rows) -> int:
    """Insert those rows that are not there yet; how many these were."""
    return _run(session, _insert_new, record, rows).rowcount if rows else 0


def insert_new_returning(
    session: Session, record: type[Base], rows: Rows, *columns: str
) -> list[tuple[Any, ...]]:
    """Insert those rows that are not there yet; these columns of them, in any order."""
    return [tuple(row) for row in _run(session, _insert_new, record, rows, columns)] if rows else []


def insert_numbered(session: Session, record: type[Base], rows: Rows) -> list[int]:
    """Insert the rows in order; their numbers (`id`), in the same order."""
    # The numbers are given in the order of the rows, but may come back in another one.
    return sorted(_run(session, _insert, record, rows, ("id",)).scalars()) if rows else []


def insert_or_change(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows; where one is there already, it takes the new values. Of two the last counts."""
    if not rows:
        return
    keys = [key.name for key in inspect(record).primary_key]
    newest = {tuple(row[key] for key in keys): row for row in rows}
    _run(session, _insert_or_change, record, list(newest.values()))


def insert_all(session: Session, record: type[Base], rows: Rows) -> None:
    """Insert the rows, in order."""
    if rows:
        _run(session, _insert, record, rows)


def change_all(session: Session, record: type[Base], rows: Rows) -> None:
    """Give the rows of these primary keys the other values named, one after the other."""
    if not rows:
        return
    if _dialect(session) == "sqlite":
        keys = [key.name for key in inspect(record).primary_key]
        rows = [{f"of_{n}" if n in keys else n: v for n, v in row.items()} for row in rows]
        session.connection().execute(_change_each(record, *rows[0]), rows)
    else:
        session.connection().execute(_change(record, *rows[0]), _columns(rows))


def _run(
    session: Session,
    make: Callable[..., Any],
    record: type[Base],
    rows: Rows,
    returning: tuple[str, ...] = (),
) -> CursorResult[Any]:
    """One statement for all rows: in PostgreSQL each column is one parameter.

    With a parameter for each value the statement would be another one for each number of rows, to
    be read and planned anew.
    """
    dialect = _dialect(session)
    statement = make(dialect, record, *rows[0])
    if returning:
        statement = _returning(statement, record, returning)
    told = rows if dialect == "sqlite" else _columns(rows)
    return cast(
        CursorResult[Any], session.connection().execute(statement, told, execution_options=_COUNTED)
    )


def _columns(rows: Rows) -> dict[str, list[Any]]:
    return {f"all_{name}": [row[name] for row in rows] for name in rows[0]}


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
def _insert(dialect: str, record: type[Base], *columns: str) -> Any:
    if dialect == "sqlite":
        return sqlite.insert(table_of(record))
    values = _values(record, columns)
    rows = select(*(values.c[name] for name in columns)).order_by(values.c[_PLACE])
    return postgresql.insert(table_of(record)).from_select(list(columns), rows)


@cache
def _insert_new(dialect: str, record: type[Base], *columns: str) -> Any:
    return _insert(dialect, record, *columns).on_conflict_do_nothing()


@cache
def _insert_or_change(dialect: str, record: type[Base], *columns: str) -> Any:
    keys: list[ColumnElement[Any]] = list(inspect(record).primary_key)
    names = {key.name for key in keys}
    wanted = _insert(dialect, record, *columns)
    change = {name: wanted.excluded[name] for name in columns if name not in names}
    return wanted.on_conflict_do_update(index_elements=keys, set_=change)


@cache
def _returning(statement: Any, record: type[Base], columns: tuple[str, ...]) -> Any:
    return statement.returning(*(table_of(record).c[name] for name in columns))


@cache
def _change(record: type[Base], *columns: str) -> Update:
    table, values = table_of(record), _values(record, columns)
    keys = {key.name for key in inspect(record).primary_key}
    return (
        update(table)
        .where(*(table.c[key] == values.c[key] for key in keys))
        .values({name: values.c[name] for name in columns if name not in keys})
    )


@cache
def _change_each(record: type[Base], *columns: str) -> Update:
    table = table_of(record)
    keys = {key.name for key in inspect(record).primary_key}
    return (
        update(table)
        .where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
        .values({name: bindparam(name) for name in columns if not name.startswith("of_")})
    )


_PLACE: Final = "place_in_order"


def _values(record: type[Base], columns: Sequence[str]) -> TableValuedAlias:
    """The rows as a table in PostgreSQL: of each column a parameter with all its values."""
    table = table_of(record)
    arrays = [
        bindparam(f"all_{name}", type_=postgresql.ARRAY(table.c[name].type)) for name in columns
    ]
    named = (column(name, table.c[name].type) for name in columns)
    return (
        func.unnest(*arrays)
        .table_valued(*named, with_ordinality=_PLACE, name="given")
        .render_derived()
    )


def table_of(record: type[Base]) -> Table:
    """The table, for statements that need no objects."""
    return cast(Table, record.__table__)
