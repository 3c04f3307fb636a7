"""A plain Excel form in which a department writes its procedures, with lists to choose from.

One row a procedure; where there are several of something, each stands on a line of its own in the
cell (Alt+Enter). The words are those of our own files, and so are the messages.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.importing.own_files import read_row
from knowledge.importing.own_words import KINDS, LEVELS, SUBMISSIONS, FileError
from knowledge.importing.problems import Problem
from knowledge.records.draft import Draft

MARK: Final = "MẪU NHẬP THỦ TỤC HÀNH CHÍNH (Một Cửa)"
ROWS: Final = 200  # that have lists to choose from
_HEADER_ROW: Final = 3
_METHODS: Final = (1, 2, 3)


class Field(NamedTuple):
    """One column of the form."""

    title: str
    key: str
    hint: str
    width: int = 22
    choices: tuple[str, ...] = ()


FIELDS: Final = (
    Field("Mã thủ tục", "mã", "dạng 1.001193", 12),
    Field("Tên thủ tục", "tên", "đúng như quyết định công bố", 40),
    Field("Lĩnh vực", "lĩnh vực", "như Hộ tịch", 18),
    Field("Cấp thực hiện", "cấp", "chọn; nhiều cấp thì mỗi dòng một cấp", 12, tuple(LEVELS)),
    Field("Loại", "loại", "địa phương: chỉ của một tỉnh", 13, tuple(KINDS)),
    Field("Mã tỉnh", "tỉnh", "thủ tục địa phương: 38 cho Thanh Hóa", 9),
    Field("Cơ quan công bố", "cơ quan", "như UBND tỉnh Thanh Hóa"),
    Field("Số quyết định", "số", "như 123/QĐ-UBND", 16),
    Field("Ngày quyết định", "ngày", "2026-11-20", 14),
    Field("Mã trang trên Cổng", "mã cổng", "phần cuối của đường dẫn trên Cổng"),
    Field("Đối tượng", "đối tượng", "mỗi dòng một đối tượng"),
    Field("Cơ quan thực hiện", "cơ quan thực hiện", "mỗi dòng một cơ quan"),
    Field("Trình tự", "các bước", "mỗi dòng một bước", 40),
    *(
        field
        for n in _METHODS
        for field in (
            Field(f"Cách nộp {n}", f"nộp {n}", "chọn", 12, tuple(SUBMISSIONS)),
            Field(f"Thời hạn {n}", f"thời hạn {n}", "như 3 ngày làm việc", 18),
            Field(f"Phí {n}", f"phí {n}", "20.000 đồng, miễn phí hoặc xem bảng", 18),
        )
    ),
    Field("Thành phần hồ sơ", "giấy tờ", "mỗi dòng: tên | số bản chính | số bản sao", 45),
    Field("Kết quả", "kết quả", "mỗi dòng một kết quả"),
    Field("Điều kiện", "điều kiện", "mỗi dòng một điều kiện", 30),
    Field("Căn cứ pháp lý", "căn cứ", "mỗi dòng: số hiệu | tên văn bản", 30),
    Field("Tên thường gọi", "tên thường gọi", "mỗi dòng một cách người dân hay nói"),
)
_LISTS: Final = {"cấp", "đối tượng", "cơ quan thực hiện", "các bước", "kết quả", "điều kiện",
                 "tên thường gọi"}  # fmt: skip


def write_template(path: Path) -> None:
    """The empty form."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Thủ tục"
    sheet["A1"] = MARK
    sheet["A1"].font = Font(name="Times New Roman", size=14, bold=True)
    sheet["A2"] = "Mỗi thủ tục một dòng. Nhiều mục trong một ô: xuống dòng bằng Alt+Enter."
    for place, field in enumerate(FIELDS, start=1):
        cell = sheet.cell(_HEADER_ROW, place, field.title)
        cell.font = Font(name="Times New Roman", size=12, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.comment = Comment(field.hint, "Một Cửa")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = field.width
        area = f"{letter}{_HEADER_ROW + 1}:{letter}{_HEADER_ROW + ROWS}"
        for row in sheet[area]:
            row[0].number_format = "@"  # a code such as 1.001193 must not become a number
            row[0].alignment = Alignment(wrap_text=True, vertical="top")
        if field.choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(field.choices)}"')
            rule.showErrorMessage = field.key != "cấp"  # several levels stand on several lines
            rule.error = f"Chọn một trong: {', '.join(field.choices)}"
            sheet.add_data_validation(rule)
            rule.add(area)
    sheet.freeze_panes = f"C{_HEADER_ROW + 1}"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def is_template(first: tuple[object, ...]) -> bool:
    """Whether a sheet that begins with this row is the form."""
    return bool(first) and str(first[0] or "").strip() == MARK


def read_template(name: str, rows: Iterator[tuple[object, ...]]) -> Iterator[Draft | Problem]:
    """The procedures of a filled-in form, or all that is wrong with each."""
    columns: dict[int, str] = {}
    titles = {field.title.lower(): field.key for field in FIELDS}
    for number, row in enumerate(rows, start=2):
        cells = {place: _text(cell) for place, cell in enumerate(row)}
        if not columns:
            columns = {p: titles[t.lower()] for p, t in cells.items() if t.lower() in titles}
        elif any(cells.values()):
            facts = {columns[p]: text for p, text in cells.items() if p in columns and text}
            yield from _read(f"{name}, dòng {number}", facts)
    if not columns:
        yield Problem(name, "", "biểu mẫu mất dòng tiêu đề: tải lại bằng «motcua template»")


def _read(place: str, facts: dict[str, str]) -> Iterator[Draft | Problem]:
    label = facts.get("mã", "")
    try:
        row, document = _row(facts)
    except FileError as error:
        yield Problem(place, label, str(error))
        return
    read = read_row(row, document)
    if isinstance(read, Draft):
        yield read
    else:
        yield from (Problem(place, label, says) for says in read)


def _row(facts: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row as one of our own files would have it."""
    row: dict[str, Any] = {
        k: facts[k] for k in ("mã", "tên", "loại", "tỉnh", "mã cổng") if k in facts
    }
    row |= {key: facts[key].splitlines() for key in _LISTS if key in facts}
    decision = {key: facts[key] for key in ("số", "ngày", "cơ quan") if key in facts}
    if decision:
        row["quyết định"] = decision
    row["cách thức"] = [_method(facts, n) for n in _METHODS if f"nộp {n}" in facts]
    row["giấy tờ"] = [
        _paper(line) for line in facts.get("giấy tờ", "").splitlines() if line.strip()
    ]
    row["căn cứ"] = [_basis(line) for line in facts.get("căn cứ", "").splitlines() if line.strip()]
    return row, {"lĩnh vực": facts.get("lĩnh vực", ""), "nguồn": "biểu mẫu của đơn vị"}


def _method(facts: dict[str, str], number: int) -> dict[str, Any]:
    method: dict[str, Any] = {"nộp": facts[f"nộp {number}"].lower()}
    if limit := facts.get(f"thời hạn {number}"):
        method["thời hạn"] = limit
    if fee := facts.get(f"phí {number}"):
        method["phí"] = [{"khoản thu": fee}]
    return method


def _paper(line: str) -> dict[str, Any]:
    name, *counts = (part.strip() for part in line.split("|"))
    if len(counts) > 2:
        raise FileError(f"giấy tờ «{line[:60]}»: ghi «tên | số bản chính | số bản sao»")
    return {"tên": name, **dict(zip(("bản chính", "bản sao"), counts, strict=False))}


def _basis(line: str) -> dict[str, Any]:
    number, _, name = (part.strip() for part in line.partition("|"))
    return {"số": number, "tên": name} if name else {"tên": number}


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    # Excel hands a day over as a moment.
    return text.removesuffix(" 00:00:00")
