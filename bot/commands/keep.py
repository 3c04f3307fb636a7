"""`motcua import`, `report`, `links check`, `db upgrade`: the catalogue kept right."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.orm import Session, sessionmaker

from bot.app import VIETNAM
from knowledge.importing import ImportReport, import_paths, read
from knowledge.importing.proposing import ProposalReport, propose_paths
from knowledge.index766 import Figure, group_one
from knowledge.reports import (
    Grouping,
    ListingRow,
    QuestionRow,
    listing_report,
    questions_report,
    unanswered_questions,
)
from knowledge.spreadsheets import write_index, write_listing, write_questions

GROUPING_TITLES = {"level": "Cấp thực hiện", "sector": "Lĩnh vực", "unit": "Cơ quan công bố"}


def import_files(
    factory: sessionmaker[Session],
    paths: Sequence[Path],
    *,
    publish: bool,
    today: date,
    screen: Console,
    legacy: bool = False,
) -> ImportReport:
    """Import with a progress bar on a terminal."""
    with bar(screen) as show:
        return import_paths(
            factory, list(paths), publish=publish, today=today, progress=show, legacy=legacy
        )


def propose_files(
    factory: sessionmaker[Session],
    paths: Sequence[Path],
    *,
    today: date,
    whole: bool | None,
    legacy: bool,
    screen: Console,
) -> ProposalReport:
    """Propose with a progress bar on a terminal."""
    now = datetime.now(UTC)
    with bar(screen) as show:
        return propose_paths(
            factory, paths, today=today, now=now, whole=whole, legacy=legacy, progress=show
        )


@contextmanager
def bar(screen: Console) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on a terminal, as a function that is told how far it is."""
    columns = (TextColumn("Nhập hồ sơ"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def proposed_as_json(report: ProposalReport) -> dict[str, Any]:
    """The proposals of an import for other programs; nothing is published yet."""
    return {
        "run": report.run,
        "created": report.new,
        "changed": report.changed,
        "gone": report.gone,
        "unchanged": report.unchanged,
        "published": 0,
        "conflicts": report.conflicts,
        "whole": report.is_whole,
        "resumed_at": report.resumed_at,
        "problems": [problem._asdict() for problem in report.problems],
    }


def print_proposed(report: ProposalReport, screen: Console) -> None:
    """What the import proposes, and what to do next."""
    if report.resumed_at:
        screen.print(f"Tiếp tục lần nhập dở dang, từ bản ghi thứ {report.resumed_at + 1}.")
    scope = "cả danh mục" if report.is_whole else "một phần danh mục"
    screen.print(
        f"Đề nghị ({scope}): mới {report.new} · thay đổi {report.changed} · không còn {report.gone}"
        f" · không đổi {report.unchanged} · trùng chỗ đã sửa {report.conflicts}"
        f" · vấn đề {len(report.problems)}"
    )
    for problem in report.problems:
        screen.print(f"  ! {problem}", markup=False, highlight=False)
    if report.new or report.changed or report.gone:
        screen.print("Xem: motcua proposals list · nhận: motcua proposals accept --all --by …")


def read_only_try(paths: Sequence[Path], *, legacy: bool, screen: Console) -> int:
    """Read the files and say what is wrong in them; the number of problems. Nothing is stored."""
    count, problems = 0, []
    for path in paths:
        reading = read(path, legacy=legacy)
        count += sum(1 for _ in reading.drafts)
        problems += reading.problems
    screen.print(f"Đọc thử: {count} thủ tục đọc được · {len(problems)} vấn đề. Chưa ghi gì.")
    for problem in problems:
        screen.print(f"  ! {problem}", markup=False, highlight=False)
    return len(problems)


def import_as_json(report: ImportReport) -> dict[str, Any]:
    """The report for other programs."""
    return {
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "published": report.published,
        "problems": [problem._asdict() for problem in report.problems],
    }


def print_import(report: ImportReport, screen: Console) -> None:
    """The report for a person: counts first, then each problem."""
    screen.print(
        f"Mới: {report.created} · thay đổi: {report.changed} · không đổi: {report.unchanged}"
        f" · đã công bố: {report.published} · vấn đề: {len(report.problems)}"
    )
    for problem in report.problems:
        screen.print(f"  ! {problem}", markup=False, highlight=False)


def listing(
    session: Session, on: date, by: Grouping, province: str
) -> tuple[list[ListingRow], Table]:
    """The listing report, and as a table for the terminal."""
    rows = listing_report(session, on, by, province=province)
    title = GROUPING_TITLES[by.value]
    heads = (
        "Có hiệu lực",
        "Link trực tiếp",
        "Link hỏng",
        "Đủ 7 phần",
        "Mới có tên",
        "Nội bộ",
        "Hết hiệu lực",
        "Có ở nguồn",
        "Thừa",
        "Thiếu",
        "Tính hạn",
        "Đúng hạn",
        "Đã xem",
        "Xem cũ nhất",
    )
    return rows, _table(
        f"Danh mục thủ tục ngày {on:%d/%m/%Y}",
        title,
        heads,
        [list(asdict(row).values()) for row in rows],
    )


def asked(
    session: Session, since: datetime, until: datetime, by: str
) -> tuple[list[QuestionRow], Table]:
    """The questions report, and as a table for the terminal."""
    rows = questions_report(session, since, until, by)
    heads = ("Lượt hỏi", "Trả lời", "Hỏi lại", "Không thấy", "Hồ sơ", "Chào hỏi", "Từ chối")
    cells = [list(asdict(row).values()) for row in rows]
    return rows, _table("Câu hỏi của người dân", by, heads, cells)


def write_listing_book(path: Path, rows: Sequence[ListingRow], on: date, by: Grouping) -> None:
    """The listing report as an Excel workbook."""
    write_listing(path, rows, on=on, by_title=GROUPING_TITLES[by.value])


def write_questions_book(
    session: Session,
    path: Path,
    rows: Sequence[QuestionRow],
    since: datetime,
    until: datetime,
    by: str,
) -> None:
    """The questions report as an Excel workbook, with what was asked in vain."""
    vain = unanswered_questions(session, since, until)
    write_questions(path, rows, vain, period=(since, until), by_title=by)


def index766(session: Session, since: date, until: date, province: str) -> list[Figure]:
    """The figures of group 1 over the decisions of a period."""
    return group_one(session, since, until, province=province)


def print_index(figures: Sequence[Figure], screen: Console) -> None:
    """The figures, and which procedures were late or incomplete."""
    cells = [[f"{one.number} {one.title}", one.reached, one.of, percent(one)] for one in figures]
    heads = ("Đạt", "Trên tổng", "Tỷ lệ %")
    screen.print(_table("Bộ chỉ số 766, nhóm 1", "Chỉ số", heads, cells))
    for one in figures:
        if one.late:
            more = f" và {len(one.late) - 10} mã khác" if len(one.late) > 10 else ""
            screen.print(f"{one.number} chưa đạt: {', '.join(one.late[:10])}{more}", markup=False)


def percent(figure: Figure) -> str:
    """The percentage as it is read, or that there is nothing to score."""
    return "không chấm" if figure.percent is None else f"{figure.percent:.2f}".replace(".", ",")


def index_as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures for other programs."""
    return [asdict(one) | {"percent": one.percent} for one in figures]


def write_index_book(path: Path, figures: Sequence[Figure], since: date, until: date) -> None:
    """The figures as a workbook."""
    write_index(path, figures, since=since, until=until)


def period(days: int, today: date) -> tuple[datetime, datetime]:
    """The last days up to the end of today, in Vietnam's time."""
    end = datetime.combine(today + timedelta(days=1), time(), VIETNAM)
    return end - timedelta(days=days), end


def _table(title: str, first: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False)
    table.add_column(first, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    return table
