"""The catalogue in force as an Excel workbook, in the columns of the portal's own list and more.

`motcua import` reads it back as a list; without loss only the JSON lines are.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from knowledge.exporting import is_public
from knowledge.importing.wordings import LEVELS, line_of
from knowledge.records.procedure import Revision
from knowledge.workbooks import DAY, Column, Table, Value, write_tables

_COLUMNS: Final = (
    Column("Mã số", 12),
    Column("Tên", 60),
    Column("Cơ quan ban hành", 28),
    Column("Cơ quan thực hiện", 36),
    Column("Lĩnh vực", 26),
    Column("Cấp thực hiện", 16),
    Column("Đối tượng", 30),
    Column("Cách thức, thời hạn, phí", 60),
    Column("Số quyết định", 20),
    Column("Ngày quyết định", 13, DAY),
    Column("Đường dẫn", 50),
)
_LONGEST: Final = 1000  # letters in one cell; the record itself has the rest


def write_catalogue(path: Path, found: Iterable[Revision], *, on: date) -> int:
    """Write the public procedures; how many they are."""
    rows = [_row(one) for one in found if is_public(one)]
    title = f"Danh mục thủ tục hành chính đang có hiệu lực ngày {on:%d/%m/%Y}"
    write_tables(path, {"Danh mục": Table(title, _COLUMNS, rows, has_total=False)})
    return len(rows)


def _row(one: Revision) -> tuple[Value, ...]:
    content = one.content
    return (
        one.code,
        one.name,
        one.owner,
        "\n".join(content.executing),
        one.sector,
        ", ".join(LEVELS[level] for level in one.levels),
        "\n".join(content.applicants),
        "\n".join(line_of(method) for method in content.methods)[:_LONGEST],
        one.decision_number,
        one.decision_date,
        one.deep_link,
    )
