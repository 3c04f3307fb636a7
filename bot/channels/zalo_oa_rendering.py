"""A reply as consultation messages of a Zalo Official Account (API v3)."""

from collections.abc import Sequence
from typing import Any, Final

from bot.channels.buttons import pack
from bot.channels.choices import Limits, is_numbered, lay_out
from bot.channels.contract import Call, Recipient
from bot.channels.splitting import split
from bot.messages import Bubble, Choice, Link, Reply

LONGEST: Final = 2000
LIMITS: Final = Limits(title=90, buttons=5)  # titles may have 100 characters
LONGEST_TITLE: Final = 100
LONGEST_SUBTITLE: Final = 500
LONGEST_PAYLOAD: Final = 1000
ELEMENTS: Final = 5

Button = dict[str, Any]


def render_reply(reply: Reply, to: Recipient, image: str | None) -> tuple[Call, ...]:
    """The messages in order. `image` is the address of a picture, which lists need."""
    calls: list[Call] = []
    for bubble in reply.bubbles:
        message = _as_list(bubble, to.tag, image) if image else None
        messages = [message] if message else _as_texts(bubble, to.tag)
        calls += [Call("cs", {"message": one}) for one in messages]
    return tuple(calls)


def _as_texts(bubble: Bubble, tag: str) -> list[dict[str, Any]]:
    """The text, with buttons under its last part."""
    layout = lay_out(bubble, LIMITS)
    messages: list[dict[str, Any]] = [{"text": part} for part in split(layout.text, LONGEST)]
    buttons = [_query(title, choice, tag) for title, choice in layout.buttons]
    buttons += [_open(link) for link in bubble.links][: LIMITS.buttons - len(buttons)]
    if buttons:
        messages[-1]["attachment"] = _template("button", buttons=buttons)
    return messages


def _as_list(bubble: Bubble, tag: str, image: str) -> dict[str, Any] | None:
    """A list, where there are more choices than buttons and each has room in full."""
    choices = bubble.choices
    numbered = [choice for choice in choices if is_numbered(choice)]
    inside, below = numbered[: ELEMENTS - 1], numbered[ELEMENTS - 1 :]
    below += [choice for choice in choices if not is_numbered(choice)]
    title, _, subtitle = bubble.text.partition("\n")
    fits = (
        len(choices) > LIMITS.buttons >= len(below)
        and len(title) <= LONGEST_TITLE
        and len(subtitle) <= LONGEST_SUBTITLE
        and all(len(choice.label) <= LONGEST_TITLE for choice in choices)
    )
    if not fits or not inside:
        return None
    head = {"title": title, "subtitle": subtitle or title, "image_url": image}
    elements = [head, *(_element(choice, tag, image) for choice in inside)]
    buttons = [_query(choice.label, choice, tag) for choice in below]
    return {"attachment": _template("list", elements=elements, buttons=buttons)}


def _element(choice: Choice, tag: str, image: str) -> dict[str, Any]:
    action = {"type": "oa.query.hide", "payload": _payload(choice, tag)}
    return {"title": choice.label, "image_url": image, "default_action": action}


def _query(title: str, choice: Choice, tag: str) -> Button:
    """Hidden: what the button carries is not for eyes."""
    return {"title": title, "type": "oa.query.hide", "payload": _payload(choice, tag)}


def _payload(choice: Choice, tag: str) -> str:
    return pack(tag, choice.says, choice.later, longest=LONGEST_PAYLOAD)


def _open(link: Link) -> Button:
    return {"title": link.label, "type": "oa.open.url", "payload": {"url": link.url}}


def _template(kind: str, **parts: Sequence[Any]) -> dict[str, Any]:
    filled = {name: list(part) for name, part in parts.items() if part}
    return {"type": "template", "payload": {"template_type": kind, **filled}}
