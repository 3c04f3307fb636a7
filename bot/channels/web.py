"""The web channel: the body of a chat request as a Message, a Reply as the messages of a turn."""

import re
import secrets
from collections.abc import Mapping
from typing import Final

from typing_extensions import TypedDict

from bot.messages import Message, Reply

CHANNEL: Final = "web"
LONGEST: Final = 4000  # characters taken in; the assistant reads the first half and says so
_OURS: Final = re.compile(r"[A-Za-z0-9_-]{32}")  # the shape of secrets.token_urlsafe(24)


class ChoiceJson(TypedDict):
    """A button, and what pressing it says."""

    label: str
    says: str


class MessageJson(TypedDict):
    """One message of the reply."""

    text: str
    choices: list[ChoiceJson]


def read(payload: Mapping[str, object]) -> Message | None:
    """The message of a request body; None when it holds no text."""
    text = payload.get("text")
    if not isinstance(text, str):
        return None
    return Message(
        channel=CHANNEL,
        event_id=secrets.token_urlsafe(12),
        conversation_id=_conversation(payload.get("conversation_id")),
        text=text[:LONGEST].encode(errors="replace").decode(),  # half an emoji is no letter
    )


def render(reply: Reply) -> list[MessageJson]:
    """The reply's messages as a browser gets them."""
    return [
        {
            "text": bubble.text,
            "choices": [{"label": choice.label, "says": choice.says} for choice in bubble.choices],
        }
        for bubble in reply.bubbles
    ]


def _conversation(given: object) -> str:
    """The browser's own conversation, or a new one that nobody can guess."""
    if isinstance(given, str) and _OURS.fullmatch(given):
        return given
    return secrets.token_urlsafe(24)
