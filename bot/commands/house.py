"""What all commands share: settings, the open house, who acts, and how a command stops."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from bot.app import App, build
from bot.config import Settings
from knowledge.history import COMMAND_LINE, Actor

screen = Console()
notes = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="in ra JSON")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="ghi thêm tệp Excel")]
By = Annotated[
    str, typer.Option("--by", envvar="MOTCUA_STAFF", help="tên đăng nhập của người làm việc này")
]
NOBODY = COMMAND_LINE


class Stop(Exception):
    """Ends the command with a sentence for the person who typed it."""


def settings() -> Settings:
    """The settings, or a sentence about the one that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        told = "; ".join(f"MOTCUA_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise Stop(f"Cài đặt chưa đúng: {told}. Xem «motcua doctor --help».") from None


def open_house() -> App:
    """The joined parts, with the schema at its newest version."""
    return build(settings())


def actor(login: str) -> Actor:
    """Who acts, now."""
    return Actor(login, datetime.now(UTC))


def print_json(value: Any) -> None:
    """One JSON value."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str, indent=1))


def say(text: str) -> None:
    """A line for staff; nothing in it is taken for markup."""
    screen.print(text, markup=False, highlight=False, soft_wrap=True)


def table(title: str, *heads: str) -> Table:
    """An empty table for the terminal."""
    made = Table(title=title, title_justify="left", show_lines=False)
    for head in heads:
        made.add_column(head, overflow="fold")
    return made
