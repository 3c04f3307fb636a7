"""Accuracy on the development questions and on our own held-out ones, baselines in the same run."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app import App
from bot.assistant import Assistant
from bot.conversations import Unrecorded
from bot.entries import entries_of
from bot.evaluation import Evaluation, Judge, evaluate, read_rows
from bot.shelf import Shelf
from tests.benchmark import baselines, damage
from tests.benchmark.house import DEV, DIALOGUES, OWN

screen = Console(width=150)


def run(app: App, *, misses: int) -> None:
    """Print all tables."""
    shelf = app.shelves()
    dev = read_rows(DEV)
    core = [row for row in dev if row.get("core") and row["behavior"] == "answer"]
    _compare(app, shelf, core)
    whole = _score(app, dev)
    _print("dev.jsonl", whole, ("core", "core author:", "kind:", "behavior:"))
    _print("dialogs-dev.jsonl", _score(app, read_rows(DIALOGUES)), ("dialogues",))
    own = _score(app, read_rows(OWN / "own-questions.jsonl"))
    _print("own-questions.jsonl (held out)", own, ("all", "kind:", "behavior:"))
    _print(
        "own-dialogs.jsonl (held out)",
        _score(
            app, [*read_rows(OWN / "own-dialogs.jsonl"), *read_rows(OWN / "own-dialogs-2.jsonl")]
        ),
        ("dialogues",),
    )
    for miss in whole.misses[:misses]:
        screen.print(
            f"✗ {miss['question']}\n    {miss['accepted'][:3]} {miss['candidates'][:2]}",
            markup=False,
        )


def _compare(app: App, shelf: Shelf, core: list[dict[str, Any]]) -> None:
    entries = list(entries_of(shelf.catalogue))
    judge = Judge(shelf)
    table = Table(title=f"dev core, {len(core)} câu", title_justify="left")
    for head in ("cách", "hit@1", "hit@3"):
        table.add_column(head)
    ways: dict[str, Callable[[str], list[str]]] = {
        "BM25 tên gấp dấu, cặp tiếng": baselines.bm25_names(entries),
        "rapidfuzz token_set_ratio": baselines.token_set(entries),
    }
    for name, rank in ways.items():
        table.add_row(name, *_hits(rank, core, judge))
    assistant = Assistant(app.shelves, Unrecorded())
    changed: dict[str, Callable[[str], str]] = {
        "Một Cửa": str,
        "Một Cửa, bỏ hết dấu": damage.without_marks,
        "Một Cửa, mỗi tiếng dài một lỗi gõ": lambda text: damage.with_typos(text, text),
    }
    for name, change in changed.items():
        table.add_row(name, *_hits(_asking(assistant, change, name), core, judge))
    screen.print(table)


def _asking(
    assistant: Assistant, change: Callable[[str], str], name: str
) -> Callable[[str], list[str]]:
    from bot.messages import Message

    def rank(question: str) -> list[str]:
        message = Message("bench", "", f"{name}-{question}", change(question))
        return [candidate.code for candidate in assistant.reply(message).candidates]

    return rank


def _hits(rank: Callable[[str], list[str]], core: list[dict[str, Any]], judge: Judge) -> list[str]:
    rights = [0, 0]
    for row in core:
        codes = judge.one_a_name(rank(row["question"]))
        for place, count in enumerate((1, 3)):
            rights[place] += any(
                judge.is_right(code, row["accept_codes"], row["question"]) for code in codes[:count]
            )
    return [f"{right / len(core):.3f}" for right in rights]


def _score(app: App, rows: list[dict[str, Any]]) -> Evaluation:
    return evaluate(rows, Assistant(app.shelves, Unrecorded()).reply, app.shelves())


def _print(title: str, scores: Evaluation, wanted: tuple[str, ...]) -> None:
    table = Table(title=title, title_justify="left")
    for head in ("nhóm", "thước đo", "tỷ lệ", "số câu"):
        table.add_column(head)
    for group, measures in scores.as_json().items():
        if group.startswith(wanted):
            for measure, value in measures.items():
                table.add_row(group, measure, f"{value['share']:.3f}", str(value["of"]))
    screen.print(table)
