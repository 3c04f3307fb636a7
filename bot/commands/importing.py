"""`motcua import`: files become proposals, or are published at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session, sessionmaker

from bot.app import build, today
from bot.commands.house import AsJson, Stop, notes, print_json, screen
from bot.commands.house import settings as read_settings
from knowledge.importing import ImportReport, import_paths, read
from knowledge.importing.proposing import ProposalReport, propose_paths


def import_(
    paths: Annotated[list[Path], typer.Argument(help="tệp hoặc thư mục")],
    publish: Annotated[
        bool, typer.Option("--publish", help="có hiệu lực luôn, không qua đề nghị")
    ] = False,
    legacy: Annotated[
        bool, typer.Option("--legacy", help="nhập cả thủ tục cũ, đã hết hiệu lực")
    ] = False,
    whole: Annotated[
        bool | None,
        typer.Option("--whole/--part", help="tệp là cả danh mục hay một phần; trống: tự nhận"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ đọc thử, không ghi gì")] = False,
    as_json: AsJson = False,
) -> None:
    """Nhập hồ sơ thủ tục thành đề nghị. Ví dụ: motcua import raw_procedures.jsonl.gz"""
    if missing := [str(path) for path in paths if not path.exists()]:
        raise Stop(f"Không có: {', '.join(missing)}.")
    settings = read_settings()
    if dry_run:
        if read_only_try(paths, legacy=legacy, screen=screen):
            raise typer.Exit(1)
        return
    parts = build(settings)
    if publish:
        published = import_files(
            parts.sessions, paths, publish=True, today=today(settings), screen=notes, legacy=legacy
        )
        print_json(import_as_json(published)) if as_json else print_import(published, screen)
        failed = bool(published.problems) and not published.records
    else:
        proposed = propose_files(
            parts.sessions, paths, today=today(settings), whole=whole, legacy=legacy, screen=notes
        )
        print_json(proposed_as_json(proposed)) if as_json else print_proposed(proposed, screen)
        read = proposed.new or proposed.changed or proposed.unchanged
        failed = bool(proposed.problems) and not read
    if failed:
        raise typer.Exit(1)


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
