"""Tables as an Excel workbook that can be printed and sent on: one page a table, with bars."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | None

COUNT: Final = '#,##0;-#,##0;"–"'  # a dash is read faster than a column of zeros
SHARE: Final = "0.00%"
DAY: Final = "dd/mm/yyyy"

_HEADER_ROW: Final = 3
_CHARTED: Final = 20  # more bars than this cannot be read
_LARGEST: Final = 15  # so many of a longer table are drawn, on a page of their own
# Times New Roman is the type of official papers (NĐ 30/2020/NĐ-CP, phụ lục I).
_PLAIN: Final = Font(name="Times New Roman", size=12)
_BOLD: Final = Font(name="Times New Roman", size=12, bold=True)
_ASIDE: Final = Font(name="Times New Roman", size=12, italic=True)
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
    summary: str = ""  # one sentence under the title
    note: str = ""  # how to read the table, below it


def write_tables(path: Path, tables: dict[str, Table]) -> None:
    """One page a table; the folder of the file is made if it is missing."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        _write_table(book.create_sheet(name), table)
    for name, table in tables.items():
        if table.charted is not None and _bars(table) > _CHARTED:
            _write_table(book.create_sheet(_of_chart(name)), _largest(table))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _of_chart(name: str) -> str:
    """The name of the page with the bars; a page's name has at most 31 letters."""
    return f"Biểu đồ {name.removeprefix('Danh mục ').lower()}"[:31]


def _bars(table: Table) -> int:
    return len(table.rows) - (1 if table.has_total else 0)


def _largest(table: Table) -> Table:
    """The rows of a long table that have the longest bars."""
    place = table.charted or 0
    rows = [(row[0], row[place]) for row in table.rows[: _bars(table)]]
    rows.sort(key=lambda row: -(row[1] if isinstance(row[1], int | float) else 0))
    columns = (table.columns[0], table.columns[place])
    title = f"{table.title}: {_LARGEST} dòng lớn nhất"
    return Table(title, columns, rows[:_LARGEST], has_total=False, charted=1)


def _write_table(sheet: Worksheet, table: Table) -> None:
    _write_cell(sheet, 1, 1, table.title)
    sheet.cell(1, 1).font = _TITLE
    if table.summary:
        _write_cell(sheet, 2, 1, table.summary)
        sheet.cell(2, 1).font = _PLAIN
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
    if table.note:
        _write_cell(sheet, last + 1, 1, table.note)
        sheet.cell(last + 1, 1).font = _ASIDE
    _draw(sheet, table)


def _write_row(
    sheet: Worksheet, number: int, row: tuple[Value, ...], columns: tuple[Column, ...]
) -> None:
    for place, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
        _write_cell(sheet, number, place, value)
        cell = sheet.cell(number, place)
        cell.number_format, cell.border = column.number_format, _LINE
        cell.font = _PLAIN
        cell.alignment = Alignment(
            wrap_text=isinstance(value, str),
            vertical="top",
            horizontal="right" if place > 1 and _is_word_for_number(column, value) else None,
        )
    sheet.row_dimensions[number].height = _LINE_HEIGHT * _lines(row, columns)


def _is_word_for_number(column: Column, value: Value) -> bool:
    """Whether words stand in a column of numbers, as "không chấm" does."""
    return isinstance(value, str) and column.number_format != "General"


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
    count = _bars(table)
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
    for series in chart.series:
        series.graphicalProperties.solidFill = "2E75B6"
    is_narrow = len(table.columns) == 2  # then there is room beside it, and it stays on one page
    below = f"A{_HEADER_ROW + len(table.rows) + 3}"
    sheet.add_chart(chart, f"D{_HEADER_ROW}" if is_narrow else below)
