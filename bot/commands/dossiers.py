"""`motcua dossiers …` and `motcua report dossiers`: dossiers kept and counted."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from bot.app import App
from bot.commands import house
from bot.commands.house import AsJson, Stop, Xlsx
from bot.dossier_setup import clock_of, keys_of
from knowledge.calendar import ONE_DAY, VIETNAM
from knowledge.dossiers.chats import carry_out_retention, oldest_kept
from knowledge.dossiers.importing import DossierImport, UnreadableFile, import_dossiers
from knowledge.dossiers.moments import moment_of
from knowledge.dossiers.origins import DEFAULT, keep_settings, new_token, origin_named
from knowledge.dossiers.reading import FIELDS
from knowledge.dossiers.reporting import (
    MOST_LISTED,
    SOON,
    DossierGrouping,
    DossierRow,
    dossier_report,
    due_soon,
)
from knowledge.dossiers.workbook import write_dossiers
from knowledge.records.dossier import State

app = typer.Typer(help="Hồ sơ của người dân.", no_args_is_help=True)
Origin = Annotated[str, typer.Option("--source", help="tên nguồn")]
_TITLES = {"level": "Cấp thực hiện", "sector": "Lĩnh vực", "unit": "Đơn vị"}
_SHOWN_PROBLEMS = 20
_HEADS = (
    "Kỳ trước", "Trực tuyến", "Trực tiếp", "Xong sớm", "Đúng hạn", "Quá hạn", "Đang làm", "Đang trễ",
    "Chờ bổ sung", "Khác", "Theo 766",
)  # fmt: skip


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="tệp .xlsx, .csv hoặc .json xuất từ hệ thống một cửa")
    ],
    source: Origin = DEFAULT,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help='cột của tệp, ví dụ "code=Số biên nhận"')
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="tệp xuất lúc nào; trống là giờ sửa tệp")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Nhập hồ sơ; nhập lại bao nhiêu lần cũng được. Ví dụ: motcua dossiers import ho-so.xlsx"""
    if not file.is_file():
        raise Stop(f"Không có tệp {file}.")
    parts = house.open_house()
    with parts.sessions.begin() as session:
        keep_settings(origin_named(session, source), columns=_pairs(columns, set(FIELDS)))
    stated = _moment(as_of) or datetime.fromtimestamp(file.stat().st_mtime, UTC)
    try:
        report = _imported(parts, file, source, stated)
    except UnreadableFile as unreadable:
        raise Stop(str(unreadable)) from None
    with parts.sessions.begin() as session:
        carry_out_retention(session, clock_of(parts.settings)(), _keep(parts))
    _tell(report, as_json=as_json)


def _keep(parts: App) -> timedelta:
    return timedelta(days=parts.settings.dossier_keep_days)


def _imported(parts: App, file: Path, source: str, as_of: datetime) -> DossierImport:
    columns = (TextColumn("Nhập hồ sơ {task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=house.notes, transient=True) as bar:
        task = bar.add_task("", total=None)
        return import_dossiers(
            parts.sessions,
            file,
            keys_of(parts.settings),
            origin=source,
            as_of=as_of,
            oldest=oldest_kept(clock_of(parts.settings)(), _keep(parts)),
            progress=lambda done: bar.update(task, completed=done),
        )


def _tell(report: DossierImport, *, as_json: bool) -> None:
    told = asdict(report.counts) | {"rows": report.rows}
    if as_json:
        house.print_json(told | {"problems": [item._asdict() for item in report.problems]})
    else:
        counts = report.counts
        house.say(
            f"Mới: {counts.created} · thay đổi: {counts.changed} · không đổi: {counts.unchanged}"
            f" · cũ hơn bản đang có: {counts.older} · đã quá hạn lưu: {counts.expired}"
            f" · vấn đề: {len(report.problems)}"
        )
        for problem in report.problems[:_SHOWN_PROBLEMS]:
            house.say(f"  ! {problem}")
    if report.problems and len(report.problems) >= report.rows:
        raise typer.Exit(1)


@app.command()
def source(
    name: Annotated[str, typer.Argument(help="tên nguồn, ví dụ mot-cua")],
    title: Annotated[str | None, typer.Option(help="tên người dân đọc")] = None,
    rank: Annotated[int | None, typer.Option(help="số nhỏ được tin trước")] = None,
    copy: Annotated[bool | None, typer.Option("--copy/--original", help="bản đồng bộ")] = None,
    labels: Annotated[
        list[str] | None, typer.Option("--label", help='nhãn riêng, ví dụ "Chờ ký=4"')
    ] = None,
    token: Annotated[bool, typer.Option("--token", help="cấp khóa mới để gửi hồ sơ")] = False,
) -> None:
    """Khai một nguồn hồ sơ. Ví dụ: motcua dossiers source mot-cua --token"""
    states = {label: int(number) for label, number in _pairs(labels, None).items()}
    if unknown := [number for number in states.values() if number not in set(State)]:
        raise Stop(f"Trạng thái {unknown[0]} không có: nhận từ 1 đến 10.")
    with house.open_house().sessions.begin() as session:
        origin = origin_named(session, name)
        keep_settings(origin, title=title, rank=rank, is_copy=copy, labels=states)
        made = new_token(origin) if token else None
        house.say(f"Nguồn {origin.name}: «{origin.title}», thứ tự {origin.rank}.")
    if made:
        house.say(f"Khóa (chỉ hiện một lần): {made}")


def report(
    by: Annotated[DossierGrouping, typer.Option(help="nhóm theo")] = DossierGrouping.LEVEL,
    since: Annotated[str | None, typer.Option(help="từ ngày; trống là đầu năm")] = None,
    until: Annotated[str | None, typer.Option(help="đến hết ngày; trống là hôm nay")] = None,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """Báo cáo 06 về hồ sơ. Ví dụ: motcua report dossiers --by unit --xlsx ho-so.xlsx"""
    parts = house.open_house()
    today = parts.today()
    first = _day(since) or date(today.year, 1, 1)
    last = (_day(until) or today) + timedelta(days=1)
    with parts.sessions() as session:
        rows = dossier_report(session, first, last, by)
        lists = due_soon(session, today), due_soon(session, today, is_late=True)
    if xlsx:
        write_dossiers(xlsx, rows, lists, period=(first, last), by_title=_TITLES[by.value])
    if as_json:
        house.print_json([_as_json(row) for row in rows])
    else:
        _print(
            rows, _TITLES[by.value], f"Báo cáo 06 từ {first:%d/%m/%Y} đến {last - ONE_DAY:%d/%m/%Y}"
        )
        soon, late = (_listed(len(items)) for items in lists)
        house.say(
            f"Đến hạn trong {SOON} ngày làm việc tới: {soon} · đang quá hạn: {late}."
            " Danh sách: thêm --xlsx TỆP."
        )


def _as_json(row: DossierRow) -> dict[str, Any]:
    totals = {"received": row.received, "solved": row.solved, "on_time_rate": row.on_time_rate}
    return asdict(row) | totals


def _print(rows: list[DossierRow], group: str, title: str) -> None:
    shown = house.table(title, group, *_HEADS)
    shown.padding = 0
    shown.columns[0].min_width = 9
    for column in shown.columns[1:]:
        column.justify = "right"
    for row in rows:
        rate = f"{row.on_time_rate:.2%}" if row.on_time_rate is not None else "–"
        counts = (
            row.carried_over, row.online, row.direct, row.early, row.on_day, row.late,
            row.running_in_time, row.running_late, row.waiting,
            row.stopped + row.returned + row.not_accepted,
        )  # fmt: skip
        shown.add_row(row.name, *(_number(count) for count in counts), rate.replace(".", ","))
    house.screen.print(shown)


def _listed(count: int) -> str:
    return _number(count) + (" trở lên" if count >= MOST_LISTED else "")


def _number(count: int) -> str:
    """As in Vietnamese: 12.345; a dash is read faster than a column of zeros."""
    return f"{count:,}".replace(",", ".") if count else "–"


def _pairs(given: list[str] | None, known: set[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in given or ():
        name, sign, value = item.partition("=")
        name, value = name.strip(), value.strip()
        if not sign or not value or (known is not None and name not in known):
            names = f" Tên trường: {', '.join(sorted(known))}." if known else ""
            raise Stop(f"«{item}» phải có dạng tên=giá trị.{names}")
        pairs[name] = value
    return pairs


def _moment(text: str | None) -> datetime | None:
    try:
        return moment_of(text) if text else None
    except ValueError:
        raise Stop(f"Không đọc được ngày «{text}»: gõ như 31/12/2026 hoặc 2026-12-31.") from None


def _day(text: str | None) -> date | None:
    moment = _moment(text)
    return moment.astimezone(VIETNAM).date() if moment else None
