"""`motcua chat` and `motcua ask`: the conversation in the terminal."""

import json
import secrets
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.panel import Panel

from bot.app import App
from bot.assistant import Assistant
from bot.channels import console
from bot.commands.house import Stop
from bot.messages import Message, Reply
from bot.shelves import Shelves
from bot.web.turns import TurnJson, turn_json
from bot.wording import say
from knowledge.catalogue import first_day


def chat(app: App, screen: Console, typed: TextIO | None = None) -> None:
    """Talk until the citizen leaves with Ctrl+D; `typed` is read in place of the keyboard."""
    conversation = secrets.token_urlsafe(12)
    screen.print(Panel(say("greeting"), title="Một Cửa", border_style="cyan"))
    number = 0
    while True:
        try:
            text = _line(screen, typed)
        except (EOFError, KeyboardInterrupt):
            screen.print("\n" + say("goodbye"))
            return
        number += 1
        for line in console.render(app.assistant.reply(console.read(text, conversation, number))):
            # An address that is broken into lines cannot be opened.
            is_whole = "://" in line
            screen.print(line, markup=False, highlight=False, soft_wrap=is_whole)


def _line(screen: Console, typed: TextIO | None) -> str:
    line = screen.input("[bold cyan]Bạn:[/] ", stream=typed)
    if typed and not line:
        raise EOFError
    return line.removesuffix("\n")


def as_of(app: App, day: date) -> Shelves:
    """The shelf of another day, as if it were today; the house itself goes on living today."""
    first = first_day(app.sessions)
    if first is None or day < first:
        told = f"dữ liệu sớm nhất là của ngày {first:%d/%m/%Y}" if first else "chưa có dữ liệu nào"
        raise Stop(f"Ngày {day:%d/%m/%Y} chưa có thủ tục nào hiệu lực trong hệ thống: {told}.")
    settings = app.settings
    return Shelves(
        app.sessions, lambda: day, province=settings.province, cache_dir=settings.cache_dir
    )


def ask_once(assistant: Assistant, text: str) -> TurnJson:
    """One question in a conversation of its own."""
    return _turn(assistant, "ask", 0, secrets.token_urlsafe(12), text)[0]


def ask_batch(assistant: Assistant, path: Path) -> Iterator[TurnJson | dict[str, Any]]:
    """One JSON object a turn, in order; a line that cannot be read becomes an object with "error"."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield from _answer_line(assistant, line, number)


def _answer_line(
    assistant: Assistant, line: str, number: int
) -> Iterator[TurnJson | dict[str, Any]]:
    try:
        row = json.loads(line)
        texts = row["turns"] if "turns" in row else [row["question"]]
        texts = [turn["question"] if isinstance(turn, dict) else str(turn) for turn in texts]
    except (json.JSONDecodeError, KeyError, TypeError):
        yield {"line": number, "error": 'cần {"id", "question"} hoặc {"id", "turns": [...]}'}
        return
    conversation = secrets.token_urlsafe(12)
    for turn, text in enumerate(texts):
        yield _turn(assistant, str(row.get("id", number)), turn, conversation, text)[0]


def _turn(
    assistant: Assistant, name: str, turn: int, conversation: str, text: str
) -> tuple[TurnJson, Reply]:
    started = time.perf_counter()
    reply = assistant.reply(Message("ask", f"{name}-{turn}", conversation, text))
    elapsed = (time.perf_counter() - started) * 1000
    return turn_json(reply, id=name, turn=turn, elapsed_ms=elapsed), reply
