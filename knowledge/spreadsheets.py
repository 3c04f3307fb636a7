"""Reports as Excel files that staff can print and send on."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.checks.finding import SEVERITIES, Finding, Severity
from knowledge.index766 import Figure
from knowledge.reports import TOTAL, ListingRow, QuestionRow, Unanswered

Value = str | int | float | date | None

_HEADER_ROW: Final = 3
_CHARTED: Final = 20  # more bars than this cannot be read
# Times New Roman is the type of official papers (NĐ 30/2020/NĐ-CP, phụ lục I).
_PLAIN: Final = Font(name="Times New Roman", size=12)
_BOLD: Final = Font(name="Times New Roman", size=12, bold=True)
_TITLE: Final = Font(name="Times New Roman", size=14, bold=True)
_HEADER_HEIGHT: Final = 52  # three lines
_LINE_HEIGHT: Final = 17
_FILL: Final = PatternFill("solid", fgColor="DCE6F1")
_THIN: Final = Side("thin", color="B7B7B7")
_LINE: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NOT_ALLOWED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Column(NamedTuple):
    """One column of a table."""

    title: str
    width: int
    number_format: str = "General"


class Table(NamedTuple):
    """A titled table; its last row may be the total; one column may be drawn as bars."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]
    has_total: bool = True
    charted: int | None = None  # index of the column


_COUNT: Final = '#,##0;-#,##0;"–"'  # a dash is read faster than a column of zeros
_SHARE: Final = "0.00%"
_DAY: Final = "dd/mm/yyyy"


def write_listing(path: Path, rows: Sequence[ListingRow], *, on: date, by_title: str) -> None:
    """The listing report as a workbook; shares are of the procedures in force."""
    columns = (
        Column(by_title, 48),
        Column("Đang có hiệu lực", 12, _COUNT),
        Column("Có đường dẫn trực tiếp", 13, _COUNT),
        Column("Tỷ lệ", 10, _SHARE),
        Column("Đường dẫn hỏng", 12, _COUNT),
        Column("Đủ 7 bộ phận", 12, _COUNT),
        Column("Tỷ lệ", 10, _SHARE),
        Column("Mới có tên", 12, _COUNT),
        Column("Nội bộ (không niêm yết)", 13, _COUNT),
        Column("Đã bãi bỏ, thay thế", 12, _COUNT),
    )
    title = f"Danh mục thủ tục hành chính ngày {on:%d/%m/%Y}"
    table = Table(title, columns, [_listing_cells(row) for row in rows], charted=1)
    write_tables(path, {"Danh mục": table, "Đối chiếu": _compared_table(rows, on, by_title)})


def _compared_table(rows: Sequence[ListingRow], on: date, by_title: str) -> Table:
    """The listing against the last whole import, the days that the rules allow, and looks."""
    columns = (
        Column(by_title, 48),
        Column("Đang có hiệu lực", 12, _COUNT),
        Column("Có trong lần nhập gần nhất", 13, _COUNT),
        Column("Thừa so với lần nhập", 12, _COUNT),
        Column("Thiếu so với lần nhập", 12, _COUNT),
        Column("Có ngày để tính hạn công khai", 14, _COUNT),
        Column("Công khai đúng hạn", 12, _COUNT),
        Column("Tỷ lệ", 10, _SHARE),
        Column("Đường dẫn đã có người xem", 13, _COUNT),
        Column("Lần xem cũ nhất", 13, _DAY),
    )
    title = f"Đối chiếu danh mục với Cổng Dịch vụ công quốc gia, ngày {on:%d/%m/%Y}"
    return Table(title, columns, [_compared_cells(row) for row in rows])


def _compared_cells(row: ListingRow) -> tuple[Value, ...]:
    return (
        row.name,
        row.in_force,
        row.listed,
        row.surplus,
        row.missing,
        row.timed,
        row.in_time,
        _share(row.in_time, row.timed),
        row.looked_at,
        row.oldest_look,
    )


def _listing_cells(row: ListingRow) -> tuple[Value, ...]:
    return (
        row.name,
        row.in_force,
        row.direct_link,
        _share(row.direct_link, row.in_force),
        row.dead_link,
        row.complete,
        _share(row.complete, row.in_force),
        row.list_only,
        row.internal,
        row.withdrawn,
    )


def write_questions(
    path: Path,
    rows: Sequence[QuestionRow],
    unanswered: Sequence[Unanswered],
    *,
    period: tuple[datetime, datetime],
    by_title: str,
) -> None:
    """The questions report as a workbook; questions that found nothing stand on a second page."""
    columns = (
        Column(by_title, 48),
        Column("Lượt hỏi", 11, _COUNT),
        Column("Trả lời", 11, _COUNT),
        Column("Hỏi lại để chọn", 11, _COUNT),
        Column("Không tìm thấy", 11, _COUNT),
        Column("Tỷ lệ tìm thấy", 11, _SHARE),
        Column("Hỏi hồ sơ", 11, _COUNT),
        Column("Chào hỏi", 11, _COUNT),
        Column("Từ chối", 11, _COUNT),
    )
    since, until = period
    title = f"Câu hỏi của người dân từ {since:%d/%m/%Y} đến trước {until:%d/%m/%Y}"
    asked = Table(title, columns, [_question_cells(row) for row in rows], charted=1)
    write_tables(path, {"Câu hỏi": asked, "Chưa trả lời": _unanswered_table(unanswered)})


def _unanswered_table(unanswered: Sequence[Unanswered]) -> Table:
    columns = (Column("Câu hỏi (đã che thông tin cá nhân)", 90), Column("Số lần", 11, _COUNT))
    rows = [(item.question, item.times) for item in unanswered]
    return Table("Câu hỏi chưa có câu trả lời", columns, rows, has_total=False)


def _question_cells(row: QuestionRow) -> tuple[Value, ...]:
    return (
        row.name,
        row.asked,
        row.answer,
        row.clarify,
        row.no_match,
        row.found,
        row.dossier,
        row.small_talk,
        row.declined,
    )


def write_index(path: Path, figures: Sequence[Figure], *, since: date, until: date) -> None:
    """Group 1 of the index 766: figures on the first page, what did not reach them on the second."""
    columns = (
        Column("Chỉ số", 70),
        Column("Đạt", 12, _COUNT),
        Column("Trên tổng", 12, _COUNT),
        Column("Tỷ lệ", 12, _SHARE),
    )
    rows: list[tuple[Value, ...]] = []
    for f in figures:
        share = _share(f.reached, f.of) if f.of else "không chấm"
        rows.append((f"{f.number} {f.title}", f.reached, f.of, share))
    title = f"Bộ chỉ số 766, nhóm 1, từ {since:%d/%m/%Y} đến {until:%d/%m/%Y}"
    late = [(slug, f.number) for f in figures for slug in f.late]
    second = (Column("Mã thủ tục chưa đạt", 40), Column("Chỉ số", 12))
    tables = {
        "Nhóm 1": Table(title, columns, rows, has_total=False),
        "Chưa đạt": Table("Thủ tục chưa đạt", second, late, has_total=False),
    }
    write_tables(path, tables)


def write_findings(path: Path, found: Sequence[Finding], *, on: date) -> None:
    """The findings of the content checks: counts on the first page, each finding on the second."""
    counts: Counter[tuple[str, Severity]] = Counter((one.unit, one.severity) for one in found)
    units = sorted({one.unit for one in found})
    heads = [Column(name.capitalize(), 12, _COUNT) for name in SEVERITIES.values()]
    rows: list[tuple[Value, ...]] = [
        (unit, *(counts[unit, severity] for severity in SEVERITIES)) for unit in units
    ]
    totals = [sum(counts[unit, severity] for unit in units) for severity in SEVERITIES]
    rows.append((TOTAL, *totals))
    title = f"Kết quả soát nội dung thủ tục hành chính ngày {on:%d/%m/%Y}"
    first = Table(title, (Column("Cơ quan công bố", 48), *heads), rows, charted=1)
    columns = (
        Column("Cơ quan công bố", 30),
        Column("Mã", 12),
        Column("Tên thủ tục", 50),
        Column("Mức", 10),
        Column("Chỗ cần sửa", 70),
        Column("Cách sửa", 45),
    )
    each = [
        (f.unit, f.code, f.name[:200], SEVERITIES[f.severity], f.says, f.mend)
        for f in sorted(found, key=lambda f: (f.unit, f.code))
    ]
    second = Table("Từng chỗ", columns, each, has_total=False)
    write_tables(path, {"Theo cơ quan": first, "Từng chỗ": second})


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def write_tables(path: Path, tables: dict[str, Table]) -> None:
    """One page a table; the folder of the file is made if it is missing."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        _write_table(book.create_sheet(name), table)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _write_table(sheet: Worksheet, table: Table) -> None:
    _write_cell(sheet, 1, 1, table.title)
    sheet.cell(1, 1).font = _TITLE
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[_HEADER_ROW].height = _HEADER_HEIGHT
    for place, column in enumerate(table.columns, start=1):
        _write_cell(sheet, _HEADER_ROW, place, column.title)
        header = sheet.cell(_HEADER_ROW, place)
        header.font, header.fill, header.border = _BOLD, _FILL, _LINE
        header.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, row in enumerate(table.rows, start=_HEADER_ROW + 1):
        _write_row(sheet, number, row, table.columns)
    last = _HEADER_ROW + len(table.rows)
    if table.has_total and table.rows:
        for place in range(1, len(table.columns) + 1):
            sheet.cell(last, place).font = _BOLD
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    if footer := sheet.oddFooter:
        footer.right.text = "Trang &P/&N"
        footer.left.text = "Lập từ hệ thống Một Cửa"
    _draw(sheet, table)


def _write_row(
    sheet: Worksheet, number: int, row: tuple[Value, ...], columns: tuple[Column, ...]
) -> None:
    for place, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
        _write_cell(sheet, number, place, value)
        cell = sheet.cell(number, place)
        cell.number_format, cell.border = column.number_format, _LINE
        cell.font = _PLAIN
        cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    sheet.row_dimensions[number].height = _LINE_HEIGHT * _lines(row, columns)


def _lines(row: tuple[Value, ...], columns: tuple[Column, ...]) -> int:
    """How many lines the longest text needs: programs other than Excel do not find out."""
    texts = [(v, c.width) for v, c in zip(row, columns, strict=True) if isinstance(v, str)]
    return max((-(-len(text) // max(1, width - 2)) for text, width in texts), default=1) or 1


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    """Put a value in; a text stays a text even if it begins as a formula does."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _NOT_ALLOWED.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value


def _draw(sheet: Worksheet, table: Table) -> None:
    count = len(table.rows) - (1 if table.has_total else 0)
    if table.charted is None or not 0 < count <= _CHARTED:
        return
    column = table.charted + 1
    last = _HEADER_ROW + count
    chart = BarChart()
    chart.type = "bar"
    chart.title = table.columns[table.charted].title
    chart.legend = None
    values = Reference(sheet, min_col=column, min_row=_HEADER_ROW, max_row=last)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=_HEADER_ROW + 1, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
    chart.y_axis.majorGridlines = None
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False)
    chart.dataLabels.showLegendKey = False
    chart.gapWidth = 60
    chart.x_axis.delete = False
    chart.y_axis.delete = True  # the bars carry their numbers
    chart.height = max(7.0, 0.7 * count + 3)
    chart.width = 24
    sheet.add_chart(chart, f"A{_HEADER_ROW + len(table.rows) + 3}")
