"""`motcua replay`, and the same before a decision is carried out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from bot.app import App
from bot.commands.house import AsJson, Stop, notes, open_house, print_json, say
from bot.replay import Changed, Question, asked_lately, compare, labelled

Questions = Annotated[
    list[Path] | None, typer.Option("--questions", help="tệp câu hỏi có nhãn", exists=True)
]


def replay_(
    to: Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="so với ngày này")],
    questions: Questions = None,
    days: Annotated[int, typer.Option(help="câu hỏi của bấy nhiêu ngày qua", min=0)] = 30,
    as_json: AsJson = False,
) -> None:
    """Câu trả lời nào sẽ đổi. Ví dụ: motcua replay --to 2027-01-01 --questions cau-hoi.jsonl"""
    parts = open_house()
    asked = gathered(parts, questions or (), days)
    if not asked:
        raise Stop("Không có câu hỏi nào: thêm --questions TỆP, hoặc tăng --days.")
    shown = shown_at_work(asked)
    today = (parts.sessions, parts.today())
    changed = list(compare(parts.settings, shown, today, (parts.sessions, to.date())))
    if as_json:
        print_json([vars_of(one) for one in changed])
    else:
        tell(asked, changed)
    if any(one.is_worse for one in changed):
        raise typer.Exit(1)


def gathered(parts: App, files: list[Path] | tuple[Path, ...], days: int) -> list[Question]:
    """The questions of the files, then those of the last days."""
    found = [question for file in files for question in labelled(file)]
    with parts.sessions() as session:
        return found + asked_lately(session, datetime.now(UTC), days=days)


def shown_at_work(asked: list[Question]) -> Iterable[Question]:
    """The questions, with a bar on a terminal."""
    return track(asked, "Hỏi lại", console=notes, transient=True)


def tell(asked: list[Question], changed: list[Changed]) -> None:
    """The changes for a person, worse ones first."""
    worse = sum(one.is_worse for one in changed)
    say(f"{len(asked)} câu hỏi · {len(changed)} câu trả lời thay đổi · {worse} câu xấu đi")
    for one in sorted(changed, key=lambda one: (not one.is_worse, -one.times)):
        mark = "✗ xấu đi" if one.is_worse else "·"
        say(f"{mark} «{one.question}»\n    trước: {one.before}\n    sau:   {one.after}")


def vars_of(one: Changed) -> dict[str, object]:
    """A change for other programs."""
    return {"question": one.question, "times": one.times, "before": one.before,
            "after": one.after, "worse": one.is_worse}  # fmt: skip
