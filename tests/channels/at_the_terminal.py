"""Citizens at terminals: each types into a pipe and reads what `motcua chat` writes into another."""

import os
import re
import threading
from dataclasses import dataclass
from typing import Any, TextIO

from rich.console import Console

from bot.app import App
from bot.commands.talk import chat
from tests.channels.drivers import Seen
from tests.channels.running import Running

PROMPT = "Bạn: "
WIDTH = 80  # columns, as terminals have been for long
_CHOICE = re.compile(r"^  \[(?P<says>[^\]]+)\] (?P<label>.+?)(?=\n  \[|\n\n|\Z)", re.M | re.S)


@dataclass
class Terminal:
    """One conversation."""

    keyboard: TextIO
    screen: int
    thread: threading.Thread

    @classmethod
    def of(cls, app: App) -> "Terminal":
        typed, keyboard = os.pipe()
        screen, shown = os.pipe()

        def run() -> None:
            with os.fdopen(typed, encoding="utf-8") as lines, os.fdopen(shown, "w") as out:
                chat(app, Console(file=out, width=WIDTH), lines)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        terminal = cls(os.fdopen(keyboard, "w", encoding="utf-8"), screen, thread)
        terminal.read()
        return terminal

    def type(self, line: str) -> None:
        self.keyboard.write(f"{line}\n")
        self.keyboard.flush()

    def read(self) -> str:
        """What is shown before it is the citizen's turn again."""
        shown = b""
        while not shown.decode(errors="replace").endswith(PROMPT):
            part = os.read(self.screen, 65536)
            assert part, "the conversation has ended"
            shown += part
        return shown.decode().removesuffix(PROMPT)

    def close(self) -> None:
        self.keyboard.close()
        while os.read(self.screen, 65536):
            pass
        self.thread.join(5)
        os.close(self.screen)


class AtTheTerminal:
    """Types everything."""

    is_boxed = False

    def __init__(self) -> None:
        self._app: App | None = None
        self._terminals: dict[int, Terminal] = {}

    def settings(self) -> dict[str, Any]:
        return {}

    def connect(self, running: Running) -> None:
        self._app = running.app

    def say(self, chat: int, text: str) -> None:
        assert self._app
        if chat not in self._terminals:
            self._terminals[chat] = Terminal.of(self._app)
        self._terminals[chat].type(text)

    def see(self, chat: int) -> Seen:
        shown = self._terminals[chat].read()
        labels = [_label(found["says"], found["label"]) for found in _CHOICE.finditer(shown)]
        return Seen(shown, labels)

    def end(self) -> None:
        for terminal in self._terminals.values():
            terminal.close()


def _label(says: str, label: str) -> str:
    """The label as other channels show it."""
    return f"{says}. {label}" if says.isdigit() else label
