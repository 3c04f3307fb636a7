"""The report on dossiers as an Excel file that can be printed and sent on."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from knowledge.dossiers.reporting import MOST_LISTED, DossierRow, DueSoon
from knowledge.workbooks import COUNT, DAY, SHARE, Column, Table, Value, write_tables

_PLAIN: Final = "#,##0"  # here 0 means today
_CUT: Final = "Danh sách chỉ ghi {most} hồ sơ có ngày hẹn sớm nhất."
_HEADS: Final = (
    "Tổng tiếp nhận", "Kỳ trước chuyển qua", "Trực tuyến", "Trực tiếp, bưu chính",
    "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn", "Đang giải quyết trong hạn",
    "Đang giải quyết quá hạn", "Chờ bổ sung", "Chờ nộp tiền, dừng", "Rút hồ sơ",
    "Không, chưa tiếp nhận",
)  # fmt: skip


def write_dossiers(
    path: Path,
    rows: Sequence[DossierRow],
    lists: tuple[Sequence[DueSoon], Sequence[DueSoon]],
    *,
    period: tuple[date, date],
    by_title: str,
) -> None:
    """Counts first, then what falls due soon, then what is late."""
    since, until = period
    last = until - timedelta(days=1)
    title = f"Tình hình giải quyết hồ sơ từ {since:%d/%m/%Y} đến {last:%d/%m/%Y}"
    columns = (
        Column(by_title, 40),
        *(Column(head, 12, COUNT) for head in _HEADS),
        Column("Tỷ lệ đúng hạn (Bộ chỉ số 766)", 13, SHARE),
    )
    soon, late = lists
    pages = {
        "Báo cáo 06": Table(title, columns, [cells(row) for row in rows], charted=10),
        "Sắp đến hạn": _due_table("Hồ sơ đến hạn trong 2 ngày làm việc tới", soon),
        "Quá hạn": _due_table("Hồ sơ đang giải quyết đã quá hạn", late),
    }
    write_tables(path, pages)


def cells(row: DossierRow) -> tuple[Value, ...]:
    """The row in the order of the columns."""
    return (
        row.name, row.received, row.carried_over, row.online, row.direct, row.solved, row.early,
        row.on_day, row.late, row.running_in_time, row.running_late, row.waiting, row.stopped,
        row.returned, row.not_accepted, row.on_time_rate,
    )  # fmt: skip


def _due_table(title: str, rows: Sequence[DueSoon]) -> Table:
    columns = (
        Column("Mã hồ sơ", 30),
        Column("Đơn vị", 36),
        Column("Thủ tục", 60),
        Column("Ngày nhận", 13, DAY),
        Column("Ngày hẹn trả", 13, DAY),
        Column("Còn (ngày làm việc; âm là trễ)", 14, _PLAIN),
    )
    told = [
        (row.code, row.unit, row.procedure, row.received_on, row.due_on, row.days_left)
        for row in rows
    ]
    note = _CUT.format(most=MOST_LISTED) if len(rows) >= MOST_LISTED else ""
    return Table(title, columns, told, has_total=False, note=note)
