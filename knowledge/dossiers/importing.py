"""`motcua dossiers import`: an export in Excel, CSV or JSON into the table, repeatable."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from sqlalchemy.orm import Session, sessionmaker

from knowledge.dossiers.facts import Facts
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.origins import origin_named
from knowledge.dossiers.reading import FIELDS, REQUIRED, BadRow, Reader, field_of, squeezed
from knowledge.dossiers.store import Counts, Store
from knowledge.dossiers.syncing import flatten
from knowledge.importing.problems import Problem

_CHUNK: Final = 5_000  # rows a transaction: others may write in between
_HEADER_WITHIN: Final = 20  # rows in which the header is looked for
_MOST_PROBLEMS: Final = 1_000
_BLOCK: Final = 1 << 20
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "cp1258")

Progress = Callable[[int], None]
Row = tuple[int, Mapping[str, Any]]


class UnreadableFile(Exception):
    """The file as a whole cannot be used."""


@dataclass
class DossierImport:
    """What became of a file."""

    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    columns: dict[str, str] = field(
        default_factory=dict
    )  # our field → column that it was read from


@dataclass(frozen=True)
class Rows:
    """The rows of a file with their numbers, under the file's own column names."""

    header: tuple[str, ...]
    rows: Iterable[Row]


def import_dossiers(
    factory: sessionmaker[Session],
    path: Path,
    keys: Keys,
    *,
    origin: str,
    as_of: datetime,
    oldest: date | None = None,
    progress: Progress = lambda _done: None,
) -> DossierImport:
    """Read the file into the table under its origin; a bad row costs itself, never the run."""
    report = DossierImport()
    read = rows_of(path)
    with factory.begin() as session:
        named = origin_named(session, origin)
        report.columns = mapping(read.header, named.columns)
        named.columns = {**named.columns, **report.columns}  # the next file is read the same way
        reader = Reader(keys, named.labels, is_national=path.suffix.lower() == ".json")
    facts = _facts(read.rows, reader, as_of, report)
    store: Store | None = None
    for chunk in _chunks(facts):
        with factory.begin() as session:
            named = origin_named(session, origin)
            if store is None:
                store = Store(session, named, report.counts, oldest)
                store.write(chunk, as_of)
                store.take_stock()
            else:  # the same store goes on: it knows the units and topics
                store = replace(store, session=session, origin=named)
                store.write(chunk, as_of)
        progress(report.rows)
    return report


def mapping(header: Iterable[str], saved: Mapping[str, Any]) -> dict[str, str]:
    """The column of each field: as saved, else by name; UnreadableFile if not enough."""
    columns = {squeezed(name): name for name in header if name}
    found = {
        field: columns[key] for field, name in saved.items() if (key := squeezed(name)) in columns
    }
    for name in columns.values():
        known = field_of(name)
        if known and known not in found:
            found[known] = name
    if missing := [FIELDS[name][0] for name in REQUIRED if name not in found]:
        raise UnreadableFile(
            f"Tệp thiếu cột: {', '.join(missing)}. Các cột có: {', '.join(columns.values())}."
            ' Khai cột bằng --map, ví dụ: --map "code=Số biên nhận".'
        )
    return found


def _facts(
    rows: Iterable[Row], reader: Reader, as_of: datetime, report: DossierImport
) -> Iterator[Facts]:
    for number, row in rows:
        named = {name: row.get(column) for name, column in report.columns.items()}
        if not any(value not in (None, "") for value in named.values()):
            continue
        report.rows += 1
        try:
            yield reader.read(named, as_of)
        except BadRow as bad:
            if len(report.problems) < _MOST_PROBLEMS:
                column = report.columns.get(bad.field, bad.field)
                # The cell is not repeated: it may hold somebody's number.
                report.problems.append(Problem(f"dòng {number}", column, bad.says))


def _chunks(facts: Iterator[Facts]) -> Iterator[list[Facts]]:
    chunk: list[Facts] = []
    for item in facts:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk


def rows_of(path: Path) -> Rows:
    """The rows of a file by its kind."""
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            return _excel(path)
        case ".csv" | ".txt" | ".tsv":
            return _csv(path)
        case ".json" | ".jsonl":
            return _json(path)
    raise UnreadableFile(f"Không đọc được loại tệp «{path.suffix}»: cần .xlsx, .csv hoặc .json.")


def _excel(path: Path) -> Rows:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise UnreadableFile(f"Không mở được tệp Excel: {type(error).__name__}.") from None
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # many exporters state a wrong one
    return _with_header(list(row) for row in sheet.iter_rows(values_only=True))


def _csv(path: Path) -> Rows:
    return _with_header(_csv_rows(path, _encoding_of(path)))


def _csv_rows(path: Path, encoding: str) -> Iterator[list[Any]]:
    """Row by row: a province's export does not fit into memory twice."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        delimiter = max(";,\t|", key=first.count)
        file.seek(0)
        yield from csv.reader((line.replace("\x00", "") for line in file), delimiter=delimiter)


def _encoding_of(path: Path) -> str:
    """The first of the usual encodings in which the whole file can be read."""
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_BLOCK):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise UnreadableFile("Không đọc được chữ trong tệp: lưu lại tệp dạng CSV UTF-8.")


def _with_header(rows: Iterable[list[Any]]) -> Rows:
    """The header is the first row that names some of our fields; titles stand above it."""
    numbered = enumerate(rows, start=1)
    best: list[str] = []
    for number, row in numbered:
        header = [" ".join(str(cell).split()) if cell else "" for cell in row]
        known = {field_of(name) for name in header if name} - {None}
        if len(known) >= 2:
            return Rows(tuple(header), _under(header, numbered))
        best = max(best, header, key=lambda cells: sum(map(bool, cells)))
        if number >= _HEADER_WITHIN:
            break
    raise UnreadableFile(
        f"Không thấy dòng tiêu đề cột. Dòng nhiều ô nhất: {', '.join(best)[:200]}."
    )


def _under(header: list[str], rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Row]:
    for number, row in rows:
        yield number, dict(zip(header, row, strict=False))


def _json(path: Path) -> Rows:
    text = path.read_text("utf-8-sig")
    try:
        value = (
            [json.loads(line) for line in text.splitlines() if line.strip()]
            if (path.suffix.lower() == ".jsonl")
            else json.loads(text)
        )
    except ValueError as error:
        raise UnreadableFile(f"Tệp JSON hỏng: {error}.") from None
    if isinstance(value, dict):
        value = value.get("data") or value.get("result") or [value]
    rows = [flatten(row) | _spelled(row) for row in value if isinstance(row, dict)]
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    return Rows(header, enumerate(rows, start=1))


def _spelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Plain fields under their own names too, for a saved mapping to find them."""
    return {name: value for name, value in row.items() if not isinstance(value, dict | list)}
