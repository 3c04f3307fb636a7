"""A reply as requests to Telegram: HTML, inline buttons, an edit where a list is turned over."""

from html import escape
from typing import Any, Final

from bot.channels.buttons import pack
from bot.channels.choices import Layout, Limits, lay_out
from bot.channels.contract import Call, Recipient
from bot.channels.splitting import split
from bot.messages import Bubble, Link, Outcome, Reply

LONGEST: Final = 4096  # UTF-16 units after the entities have been read
LIMITS: Final = Limits(title=38, buttons=24)  # clients cut longer labels off
_SHORT: Final = 17  # two labels of this length fit side by side on a telephone
_IN_A_ROW: Final = 5

Keyboard = list[list[dict[str, str]]]


def render_reply(reply: Reply, to: Recipient) -> tuple[Call, ...]:
    """The requests in order; a pressed button is released first."""
    calls = []
    if callback := to.notes.get("callback"):
        calls.append(Call("answerCallbackQuery", {"callback_query_id": callback}))
    for place, bubble in enumerate(reply.bubbles):
        layout = lay_out(bubble, LIMITS)
        title = bubble.text.split("\n", 1)[0] if _has_title(reply, place) else ""
        calls += _messages(layout, bubble, title, to)
    if _turns_over(reply, to):
        *before, last = calls
        return (*before, _edit(last, to))
    return tuple(calls)


def _has_title(reply: Reply, place: int) -> bool:
    return reply.outcome is Outcome.ANSWER and place == 0


def _messages(layout: Layout, bubble: Bubble, title: str, to: Recipient) -> list[Call]:
    """One message a part of the text; the buttons stand under the last."""
    parts = split(layout.text, LONGEST)
    calls = []
    for place, part in enumerate(parts):
        payload: dict[str, Any] = {"text": _html(part, title if place == 0 else "")}
        if place == len(parts) - 1 and (keyboard := _keyboard(layout, bubble.links, to.tag)):
            payload["keyboard"] = keyboard
        calls.append(Call("sendMessage", payload | _where(to)))
    return calls


def _html(text: str, title: str) -> str:
    """The text escaped, its title bold."""
    if title and text.startswith(title):
        return f"<b>{escape(title, quote=False)}</b>{escape(text[len(title) :], quote=False)}"
    return escape(text, quote=False)


def _where(to: Recipient) -> dict[str, str]:
    return {name: to.notes[name] for name in ("thread", "reply_to") if to.notes.get(name)}


def _keyboard(layout: Layout, links: tuple[Link, ...], tag: str) -> Keyboard:
    """Rows of buttons: numbers and short labels side by side, links below."""
    rows: Keyboard = []
    row: list[dict[str, str]] = []
    room = 0
    for title, choice in layout.buttons:
        width = 1 if title.isdigit() else 2 if len(title) <= _SHORT else _IN_A_ROW
        room -= width
        if room < 0 or not row:
            row, room = [], _IN_A_ROW - width
            rows.append(row)
        row.append({"text": title, "callback_data": pack(tag, choice.says, choice.later)})
    return [*rows, *([{"text": link.label, "url": link.url}] for link in links)]


def _turns_over(reply: Reply, to: Recipient) -> bool:
    """Another page of the list whose button was pressed takes the place of the former."""
    return (
        to.pressed_current
        and bool(to.notes.get("pressed"))
        and reply.outcome is Outcome.CLARIFY
        and len(reply.bubbles) == 1
        and bool(reply.bubbles[0].choices)
    )


def _edit(call: Call, to: Recipient) -> Call:
    return Call("editMessageText", {**call.payload, "message_id": to.notes["pressed"]})
