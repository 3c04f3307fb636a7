"""What a channel is: it reads what arrives, says a reply in the platform's form, and sends it.

A channel translates and decides nothing. One `Call` is one request to the platform and one row of
the outbox, so a process that dies knows exactly what has been sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.messages import Message, Reply

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Arrival:
    """A message that came in, with the platform's own order and what answering it needs."""

    message: Message
    sequence: int  # of two messages of one conversation the smaller was said first
    notes: Mapping[str, str] = field(default_factory=dict)
    said_at: datetime | None = None


@dataclass(frozen=True)
class Recipient:
    """Whom a reply is for, and which message it answers."""

    conversation_id: str
    tag: str  # names this reply; its buttons carry it
    notes: Mapping[str, str] = field(default_factory=dict)
    pressed_current: bool = False  # a button of the newest reply was pressed


@dataclass(frozen=True)
class Call:
    """One request to the platform."""

    method: str
    payload: Json


@dataclass(frozen=True)
class Card:
    """A procedure to be shared into another chat."""

    code: str
    name: str
    summary: str
    text: str
    link: str


@dataclass(frozen=True)
class Pacing:
    """How fast a platform lets us send."""

    per_second: float
    chat_burst: int = 3
    chat_per_second: float = 1.0
    group_per_second: float = 1 / 3
    lanes: int = 16  # requests under way at once


class Channel(Protocol):
    """A way to reach citizens."""

    name: str
    pacing: Pacing
    reply_window: timedelta | None  # how long after a message a reply is still allowed

    def read(self, payload: Json) -> Arrival | None:
        """What the payload says, or None when it asks for nothing."""
        ...

    def render(self, reply: Reply, to: Recipient) -> tuple[Call, ...]:
        """The reply as requests to the platform, in order."""
        ...

    def is_group(self, conversation_id: str) -> bool:
        """Whether several people read along."""
        ...

    async def send(self, conversation_id: str, call: Call) -> None:
        """Do the request, or raise one of the failures below."""
        ...

    async def show_typing(self, conversation_id: str) -> None:
        """Let the citizen see that an answer is being prepared; never raises."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class NotReady(Exception):
    """The channel cannot read this yet; the platform should bring it again in a moment."""


class Why(StrEnum):
    """Why a call was not carried out; `wording` has a sentence `dead_…` for each."""

    RATE = "rate"  # too fast
    QUOTA = "quota"  # no more for today, or this month
    NETWORK = "network"
    TIMEOUT = "timeout"
    TOKEN = "token"  # our key is not accepted
    PACKAGE = "package"  # the account's package does not allow it
    REFUSED = "refused"  # the platform will never take it
    BLOCKED = "blocked"
    NOT_FOLLOWING = "not_following"
    WINDOW = "window"  # too late for an answer
    REPLIES_USED = "replies_used"  # no more free replies to this message
    MOVED = "moved"
    FAULT = "fault"  # ours


class SendFailure(Exception):
    """A call was not carried out."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class TryLater(SendFailure):
    """Worth another attempt; `after` is the platform's own wish in seconds."""

    def __init__(
        self, why: Why, *, after: float | None = None, in_doubt: bool = False, for_all: bool = False
    ) -> None:
        super().__init__(why)
        self.after = after
        self.in_doubt = in_doubt  # it may have been sent: repeating it may show it twice
        self.for_all = for_all  # the whole channel has to wait, not this conversation alone


class AnswerUnread(SendFailure):
    """The platform took the call, but its answer could not be read: it counts as sent."""

    def __init__(self) -> None:
        super().__init__(Why.NETWORK)


class Unreachable(SendFailure):
    """The citizen has blocked us or stopped following."""


class WindowClosed(SendFailure):
    """The platform allows no message to this citizen until they write again."""


class Refused(SendFailure):
    """The platform will never take this call."""


class Moved(SendFailure):
    """The conversation goes on under another id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(Why.MOVED)
        self.conversation_id = conversation_id
