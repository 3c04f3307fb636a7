"""The only words that channels and the conversation share."""

from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one message."""

    ANSWER = "answer"  # a procedure is shown
    CLARIFY = "clarify"  # the citizen is asked to choose or to say more
    DOSSIER = "dossier"
    NO_MATCH = "no_match"  # nothing fits; where to turn to is said
    SMALL_TALK = "small_talk"
    DECLINED = "declined"  # the bot will not do this


@dataclass(frozen=True)
class Message:
    """What a citizen said, whatever the channel."""

    channel: str
    event_id: str
    conversation_id: str
    text: str


@dataclass(frozen=True)
class Choice:
    """A button. Pressing it is the same as typing what it says."""

    label: str
    says: str  # short: Telegram carries at most 64 bytes


@dataclass(frozen=True)
class Bubble:
    """One message of a reply: at most 1,900 characters, with the choices under it."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Named:
    """A procedure as it is named to outsiders."""

    code: str
    name: str
    deep_link: str


@dataclass(frozen=True)
class Candidate:
    """A procedure that may have been meant, and how surely (0 to 1)."""

    code: str
    name: str
    score: float


@dataclass(frozen=True)
class Reply:
    """What the bot says to one message, and what it decided."""

    outcome: Outcome
    bubbles: tuple[Bubble, ...]
    facet: str | None = None
    procedure: Named | None = None
    also: tuple[Named, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=())
    offered: tuple[str, ...] = ()  # codes of the choices, in the order of their numbers
