"""Lists of procedures: they name each one and say little more."""

import zlib
from collections.abc import Iterator
from itertools import chain
from typing import IO, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from knowledge.importing.codes import BadCode, read_code
from knowledge.importing.portal import SOURCE, kind_of, publishing_province
from knowledge.importing.problems import Problem, sentences
from knowledge.importing.rows import Row
from knowledge.importing.template import is_template, read_template
from knowledge.importing.tidying import one_line, unique
from knowledge.provinces import province_of
from knowledge.records.content import Content
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind

Item = Draft | Problem
Cells = tuple[str | None, ...]

LIST_SOURCE: Final = f"{SOURCE} (danh sách)"
# What the reader of workbooks raises on files that are none, or broken ones.
_NOT_A_WORKBOOK: Final = (
    InvalidFileException,
    BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    SyntaxError,  # broken XML inside
    OSError,
)
COLUMNS: Final = {
    "mã số": "code",
    "mã tthc": "code",
    "mã thủ tục": "code",
    "tên": "name",
    "tên tthc": "name",
    "tên thủ tục": "name",
    "cơ quan ban hành": "owner",
    "cơ quan công khai": "owner",
    "cơ quan công bố": "owner",
    "cơ quan thực hiện": "executing",
    "lĩnh vực": "sector",
    "đối tượng": "applicants",
    "qđ công bố": "decision",
}


def draft_of_list_item(record: Row) -> Draft:
    """The draft out of one row of the portal's list answer."""
    code = read_code(record.raw("code"))
    kind = kind_of(record)
    return Draft(
        code=code.text,
        name=record.line("name") or "",
        sector=next(iter(record.lines("categories")), ""),
        kind=kind,
        province=publishing_province(kind, record),
        owner=record.line("departmentPromulgate"),
        portal_id=record.line("id"),
        source=LIST_SOURCE,
        is_suspect=code.repair is not None,
        content=Content(
            applicants=record.lines("formalityTargetType"),
            executing=unique(name.rstrip(" .") for name in record.lines("departments")),
        ),
    )


def read_workbook(name: str, stream: IO[bytes]) -> Iterator[Item]:
    """Drafts and problems of the portal's list export in Excel."""
    try:
        # Read-only mode loses rows of these files, whose stated size is wrong.
        book = load_workbook(stream, data_only=True)
    except _NOT_A_WORKBOOK as error:
        yield Problem(name, "", f"không mở được tệp Excel ({error}): lưu lại ở dạng .xlsx")
        return
    for sheet in book.worksheets:
        place, rows = f"{name}, trang {sheet.title}", sheet.iter_rows(values_only=True)
        first = next(rows, ())
        if is_template(first):
            yield from read_template(place, rows)
        else:
            yield from read_rows(place, chain([first], rows))


def read_rows(name: str, rows: Iterator[tuple[object, ...]]) -> Iterator[Item]:
    """Drafts and problems of a table, whose head may stand below other lines."""
    columns: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        cells = tuple(str(cell) if cell is not None else None for cell in row)
        if not columns:
            columns = _columns(cells)
        elif any(cells):
            yield from _row(f"{name}, dòng {number}", _named(cells, columns))
    if not columns:
        yield Problem(
            name,
            "",
            "không thấy dòng tiêu đề có «Mã số» và «Tên»: đây không phải danh sách thủ tục",
        )


def _columns(cells: Cells) -> dict[int, str]:
    titles = {place: (one_line(cell) or "").lower() for place, cell in enumerate(cells)}
    found = {place: COLUMNS[title] for place, title in titles.items() if title in COLUMNS}
    return found if {"code", "name"} <= set(found.values()) else {}


def _named(cells: Cells, columns: dict[int, str]) -> dict[str, str]:
    return {columns[place]: cell for place, cell in enumerate(cells) if place in columns and cell}


def _row(place: str, cells: dict[str, str]) -> Iterator[Item]:
    label = (cells.get("code") or "").strip()
    try:
        code = read_code(cells.get("code"))
        if code.repair:
            yield Problem(place, code.text, code.repair)
        yield _draft(code.text, cells, is_suspect=code.repair is not None)
    except BadCode as error:
        yield Problem(place, label, str(error))
    except ValidationError as error:
        yield from (Problem(place, label, says) for says in sentences(error))


def _draft(code: str, cells: dict[str, str], *, is_suspect: bool) -> Draft:
    owner = one_line(cells.get("owner"))
    province = province_of(None, owner)
    return Draft(
        code=code,
        name=one_line(cells.get("name")) or "",
        sector=one_line(cells.get("sector")) or "",
        kind=Kind.LOCAL if province else Kind.CENTRAL,
        province=province,
        owner=owner,
        decision_number=one_line(cells.get("decision")),
        source=LIST_SOURCE,
        is_suspect=is_suspect,
        content=Content(
            applicants=_lines(cells.get("applicants")), executing=_lines(cells.get("executing"))
        ),
    )


def _lines(cell: str | None) -> tuple[str, ...]:
    return unique((one_line(line) or "").rstrip(" .") for line in (cell or "").splitlines())
