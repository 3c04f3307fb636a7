"""Reports as Excel files that staff can print and send on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from knowledge.checks.finding import SEVERITIES, Finding, Severity
from knowledge.index766 import Figure
from knowledge.question_reports import QuestionRow, Unanswered
from knowledge.reports import TOTAL, ListingRow
from knowledge.workbooks import COUNT, DAY, SHARE, Column, Table, Value, write_tables

__all__ = ["Column", "Table", "Value", "write_tables"]

_TWO_LEVELS = "Thủ tục làm ở hai cấp được đếm ở cả hai dòng; dòng tổng cộng đếm một lần."


def write_listing(path: Path, listings: Mapping[str, Sequence[ListingRow]], *, on: date) -> None:
    """The listing report as a workbook, grouped in one way or in several.

    Each grouping is named by the title of its first column. Shares are of those in force.
    """
    tables: dict[str, Table] = {}
    for by_title, rows in listings.items():
        more = f" {by_title.lower()}" if len(listings) > 1 else ""
        several = sum(row.in_force for row in rows[:-1]) > rows[-1].in_force
        note = _TWO_LEVELS if several else ""
        tables[f"Danh mục{more}"] = _listing_table(rows, on, by_title)._replace(note=note)
        tables[f"Đối chiếu{more}"] = _compared_table(rows, on, by_title)._replace(note=note)
    write_tables(path, tables)


def _listing_table(rows: Sequence[ListingRow], on: date, by_title: str) -> Table:
    columns = (
        Column(by_title, 48),
        Column("Đang có hiệu lực", 12, COUNT),
        Column("Có đường dẫn trực tiếp", 13, COUNT),
        Column("Tỷ lệ", 10, SHARE),
        Column("Đường dẫn hỏng", 12, COUNT),
        Column("Đủ 7 bộ phận", 12, COUNT),
        Column("Tỷ lệ", 10, SHARE),
        Column("Mới có tên", 12, COUNT),
        Column("Nội bộ (không niêm yết)", 13, COUNT),
        Column("Đã bãi bỏ, thay thế", 12, COUNT),
    )
    title = f"Danh mục thủ tục hành chính ngày {on:%d/%m/%Y}"
    cells = [_listing_cells(row) for row in rows]
    return Table(title, columns, cells, charted=1, summary=_in_short(rows[-1]))


def _in_short(total: ListingRow) -> str:
    """The totals in one sentence, for whoever reads no further."""
    parts = [
        f"{_number(total.in_force)} thủ tục đang có hiệu lực",
        f"{_percent(total.direct_link, total.in_force)} có đường dẫn trực tiếp đến Cổng",
        f"{_percent(total.complete, total.in_force)} đủ 7 bộ phận",
    ]
    if total.timed:
        parts.append(f"{_percent(total.in_time, total.timed)} công khai đúng hạn")
    if total.listed or total.surplus:
        gap = f"thừa {_number(total.surplus)}, thiếu {_number(total.missing)}"
        parts.append(f"{gap} so với lần nhập gần nhất")
    return "; ".join(parts) + "."


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%".replace(".", ",") if whole else "0%"


def _compared_table(rows: Sequence[ListingRow], on: date, by_title: str) -> Table:
    """The listing against the last whole import, the days that the rules allow, and looks."""
    columns = (
        Column(by_title, 48),
        Column("Đang có hiệu lực", 12, COUNT),
        Column("Có trong lần nhập gần nhất", 13, COUNT),
        Column("Thừa so với lần nhập", 12, COUNT),
        Column("Thiếu so với lần nhập", 12, COUNT),
        Column("Có ngày để tính hạn công khai", 14, COUNT),
        Column("Công khai đúng hạn", 12, COUNT),
        Column("Tỷ lệ", 10, SHARE),
        Column("Đường dẫn đã có người xem", 13, COUNT),
        Column("Lần xem cũ nhất", 13, DAY),
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
        Column("Lượt hỏi", 11, COUNT),
        Column("Trả lời", 11, COUNT),
        Column("Hỏi lại để chọn", 11, COUNT),
        Column("Không tìm thấy", 11, COUNT),
        Column("Tỷ lệ tìm thấy", 11, SHARE),
        Column("Hỏi hồ sơ", 11, COUNT),
        Column("Chào hỏi", 11, COUNT),
        Column("Từ chối", 11, COUNT),
    )
    since, until = period
    title = f"Câu hỏi của người dân từ {since:%d/%m/%Y} đến trước {until:%d/%m/%Y}"
    asked = Table(title, columns, [_question_cells(row) for row in rows], charted=1)
    write_tables(path, {"Câu hỏi": asked, "Chưa trả lời": _unanswered_table(unanswered)})


def _unanswered_table(unanswered: Sequence[Unanswered]) -> Table:
    columns = (Column("Câu hỏi (đã che thông tin cá nhân)", 90), Column("Số lần", 11, COUNT))
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


def write_index(
    path: Path,
    figures: Sequence[Figure],
    *,
    since: date,
    until: date,
    names: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Group 1 of the index 766: figures on the first page, what did not reach them on the second.

    `names` gives the name and the unit of each procedure that stands on the second page.
    """
    columns = (
        Column("Chỉ số", 70),
        Column("Đạt", 12, COUNT),
        Column("Trên tổng", 12, COUNT),
        Column("Chưa đạt", 12, COUNT),
        Column("Tỷ lệ", 14, SHARE),
    )
    rows: list[tuple[Value, ...]] = []
    for f in figures:
        share = _share(f.reached, f.of) if f.of else "không chấm"
        rows.append((f"{f.number} {f.title}", f.reached, f.of, f.of - f.reached, share))
    title = f"Bộ chỉ số 766, nhóm 1, từ {since:%d/%m/%Y} đến {until:%d/%m/%Y}"
    first = Table(title, columns, rows, has_total=False, charted=4, note=_NOT_SCORED)
    write_tables(path, {"Nhóm 1": first, "Chưa đạt": _late_table(figures, names or {})})


_NOT_SCORED = "«Không chấm»: kỳ này không có thủ tục nào thuộc chỉ số. Cách tính: QĐ 766/QĐ-TTg."


def _late_table(figures: Sequence[Figure], names: Mapping[str, tuple[str, str]]) -> Table:
    """Each procedure that missed a figure, by unit, so that each unit finds its own."""
    columns = (
        Column("Cơ quan công bố", 36),
        Column("Mã", 14),
        Column("Tên thủ tục", 70),
        Column("Chỉ số chưa đạt", 50),
    )
    late: dict[str, list[str]] = {}
    for f in figures:
        for slug in f.late:
            late.setdefault(slug, []).append(f"{f.number} {f.title}")
    rows = []
    for slug, missed in late.items():
        name, unit = names.get(slug, ("", ""))
        rows.append((unit, slug, name[:200], "; ".join(missed)))
    return Table("Thủ tục chưa đạt", columns, sorted(rows), has_total=False)


def write_findings(path: Path, found: Sequence[Finding], *, on: date) -> None:
    """The findings of the content checks: counts on the first page, each finding on the second."""
    counts: Counter[tuple[str, Severity]] = Counter((one.unit, one.severity) for one in found)
    units = sorted({one.unit for one in found})
    heads = [Column(name.capitalize(), 12, COUNT) for name in SEVERITIES.values()]
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
