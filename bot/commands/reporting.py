"""`motcua report …`: the figures in the terminal, as JSON, as an Excel workbook."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from bot.app import VIETNAM
from bot.commands import dossiers
from bot.commands.house import AsJson, Stop, Xlsx, open_house, print_json, say, screen
from knowledge.index766 import Figure, group_one
from knowledge.question_reports import QuestionRow, questions_report, unanswered_questions
from knowledge.reports import Grouping, ListingRow, listing_report, names_of
from knowledge.spreadsheets import write_index, write_listing, write_questions

app = typer.Typer(help="Báo cáo.", no_args_is_help=True)
app.command("dossiers")(dossiers.report)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"])]
TITLES = {"level": "Cấp thực hiện", "sector": "Lĩnh vực", "unit": "Cơ quan công bố"}
HEADS = {
    "in_force": "Có hiệu lực",
    "direct_link": "Link trực tiếp",
    "dead_link": "Link hỏng",
    "complete": "Đủ 7 phần",
    "list_only": "Mới có tên",
    "internal": "Nội bộ",
    "withdrawn": "Hết hiệu lực",
    "listed": "Có ở nguồn",
    "surplus": "Thừa",
    "missing": "Thiếu",
    "timed": "Tính hạn",
    "in_time": "Đúng hạn",
    "looked_at": "Đã xem",
    "oldest_look": "Xem cũ nhất",
}


class By(StrEnum):
    """How the listing is grouped."""

    LEVEL = "level"
    SECTOR = "sector"
    UNIT = "unit"


@app.command("listing")
def listing(
    by: Annotated[list[By] | None, typer.Option(help="ghi nhiều lần thì in nhiều bảng")] = None,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """Danh mục đang có hiệu lực. Ví dụ: motcua report listing --by level --by sector"""
    parts = open_house()
    today = parts.today()
    found: dict[str, list[ListingRow]] = {}
    with parts.sessions() as session:
        for one in by or [By.LEVEL]:
            grouping = Grouping(one.value)
            found[one.value] = listing_report(
                session, today, grouping, province=parts.settings.province
            )
    if xlsx:
        write_listing(xlsx, {TITLES[name]: rows for name, rows in found.items()}, on=today)
    if as_json:
        plain = {name: [asdict(row) for row in rows] for name, rows in found.items()}
        print_json(plain if len(plain) > 1 else next(iter(plain.values())))
        return
    for name, rows in found.items():
        _print_listing(rows, today, TITLES[name])


def _print_listing(rows: Sequence[ListingRow], on: date, title: str) -> None:
    """The rows without the columns in which nothing stands; those are named below."""
    told = [
        field.name for field in fields(ListingRow)[1:] if any(getattr(r, field.name) for r in rows)
    ]
    shown = _table(f"Danh mục thủ tục ngày {on:%d/%m/%Y}", title, [HEADS[name] for name in told])
    for row in rows:
        cells = (getattr(row, name) for name in told)
        shown.add_row(row.name, *(_cell(cell) for cell in cells))
    screen.print(shown)
    if silent := [head for name, head in HEADS.items() if name not in told]:
        say(f"Bằng 0 ở mọi dòng: {', '.join(silent)}.")


@app.command("index766")
def index766(
    since: Day = None, until: Day = None, as_json: AsJson = False, xlsx: Xlsx = None
) -> None:
    """Nhóm 1 của Bộ chỉ số 766. Ví dụ: motcua report index766 --since 2026-07-01"""
    parts = open_house()
    first = since.date() if since else parts.today().replace(month=1, day=1)
    last = until.date() if until else parts.today()
    with parts.sessions() as session:
        figures = group_one(session, first, last, province=parts.settings.province)
        if xlsx:
            late = {slug for one in figures for slug in one.late}
            names = names_of(session, late, last)
            write_index(xlsx, figures, since=first, until=last, names=names)
    if as_json:
        print_json([asdict(one) | {"percent": one.percent} for one in figures])
    else:
        _print_index(figures)


def _print_index(figures: Sequence[Figure]) -> None:
    """The figures, and which procedures were late or incomplete."""
    shown = _table("Bộ chỉ số 766, nhóm 1", "Chỉ số", ("Đạt", "Trên tổng", "Tỷ lệ %"))
    for one in figures:
        shown.add_row(f"{one.number} {one.title}", str(one.reached), str(one.of), _percent(one))
    screen.print(shown)
    for one in figures:
        if one.late:
            more = f" và {len(one.late) - 10} mã khác" if len(one.late) > 10 else ""
            say(f"{one.number} chưa đạt: {', '.join(one.late[:10])}{more}")


def _percent(figure: Figure) -> str:
    """The percentage as it is read, or that there is nothing to score."""
    return "không chấm" if figure.percent is None else f"{figure.percent:.2f}".replace(".", ",")


@app.command("questions")
def questions(
    by: Annotated[str, typer.Option(help="sector, facet, channel, procedure, outcome")] = "sector",
    days: Annotated[int, typer.Option(help="số ngày gần đây", min=1)] = 30,
    month: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="trọn một tháng, như 2026-10")
    ] = None,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """Câu hỏi của người dân. Ví dụ: motcua report questions --month 2026-10"""
    parts = open_house()
    since, until = _month(month) if month else _last_days(days, parts.today())
    with parts.sessions() as session:
        try:
            rows = questions_report(session, since, until, by)
        except ValueError:
            raise Stop("--by nhận: sector, facet, channel, procedure, outcome.") from None
        if xlsx:
            _write_questions(session, xlsx, rows, since, until, by)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    heads = ("Lượt hỏi", "Trả lời", "Hỏi lại", "Không thấy", "Hồ sơ", "Chào hỏi", "Từ chối")
    shown = _table("Câu hỏi của người dân", by, heads)
    for row in rows:
        shown.add_row(*(_cell(cell) for cell in asdict(row).values()))
    screen.print(shown)


def _write_questions(
    session: Session,
    path: Path,
    rows: Sequence[QuestionRow],
    since: datetime,
    until: datetime,
    by: str,
) -> None:
    vain = unanswered_questions(session, since, until)
    write_questions(path, rows, vain, period=(since, until), by_title=by)


def _last_days(days: int, today: date) -> tuple[datetime, datetime]:
    """The last days up to the end of today, in Vietnam's time."""
    end = datetime.combine(today + timedelta(days=1), time(), VIETNAM)
    return end - timedelta(days=days), end


def _month(first: datetime) -> tuple[datetime, datetime]:
    start = first.replace(day=1, tzinfo=VIETNAM)
    return start, (start + timedelta(days=32)).replace(day=1)


def _table(title: str, first: str, heads: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=False)
    table.add_column(first, overflow="fold", min_width=24)
    for head in heads:
        table.add_column(head, justify="right")
    return table


def _cell(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)
