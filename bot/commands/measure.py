"""`motcua evaluate`: scores on a labelled file, printed as a table."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.app import build
from bot.assistant import Assistant
from bot.config import Settings
from bot.conversations import Unrecorded
from bot.evaluation import BadQuestionFile, Evaluation, evaluate, read_rows

FIRST = ("all", "core")


def run(
    settings: Settings, file: Path, *, as_json: bool, misses: int, screen: Console, notes: Console
) -> None:
    """Evaluate and print; a file that cannot be read ends with its line named."""
    try:
        rows = read_rows(file)
    except BadQuestionFile as error:
        notes.print(str(error), markup=False)
        raise SystemExit(2) from None
    scores = score(settings, rows, notes)
    if as_json:
        told: dict[str, Any] = scores.as_json()
        print(json.dumps(told | {"misses": scores.misses[:misses]}, ensure_ascii=False, indent=1))
        return
    screen.print(table_of(scores.as_json()))
    for miss in scores.misses[:misses]:
        screen.print(f"✗ {miss['question']}", markup=False, highlight=False)
        best = "; ".join(
            f"{code} {name[:60]} ({belief:.2f})" for code, name, belief in miss["candidates"][:2]
        )
        screen.print(
            f"   đúng: {', '.join(miss['accepted'][:3])} · {miss['outcome']} · {best}",
            markup=False,
            highlight=False,
        )


def score(settings: Settings, rows: list[dict[str, Any]], notes: Console) -> Evaluation:
    """The figures, with a progress bar on a terminal."""
    parts = build(settings)
    assistant = Assistant(parts.shelves, Unrecorded())
    steps = iter(track(range(len(rows)), "Chấm điểm", console=notes, transient=True))
    return evaluate(rows, assistant.reply, parts.shelves(), lambda: next(steps, None))


def table_of(figures: Mapping[str, Mapping[str, Mapping[str, float | int]]]) -> Table:
    """One row a group and measure."""
    table = Table(title="Độ chính xác", title_justify="left")
    for head in ("Nhóm", "Thước đo", "Tỷ lệ", "Số câu"):
        table.add_column(head, justify="left" if head in ("Nhóm", "Thước đo") else "right")
    order = [*(name for name in FIRST if name in figures), *(n for n in figures if n not in FIRST)]
    for name in order:
        for measure, value in figures[name].items():
            table.add_row(name, measure, f"{value['share']:.3f}", str(value["of"]))
    return table
