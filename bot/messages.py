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


class Kind(StrEnum):
    """What a message is; only a text is understood, the others get a helpful sentence."""

    TEXT = "text"
    LOCATION = "location"
    VOICE = "voice"
    PHOTO = "photo"
    FILE = "file"
    CONTACT = "contact"  # a name, a phone number, an address: never read
    OTHER = "other"  # a sticker and whatever comes next year
    JOINED = "joined"  # followed the account, or opened the chat
    MOVED = "moved"  # the group goes on under another conversation id, which is the text
    LEFT = "left"  # blocked the bot, or stopped following: cannot be written to


@dataclass(frozen=True)
class Press:
    """A button that was pressed, not typed."""

    tag: str  # names the reply under which it stood
    later: str  # what to say in its stead once another reply has followed; may be empty


@dataclass(frozen=True)
class Message:
    """What a citizen said, whatever the channel."""

    channel: str
    event_id: str
    conversation_id: str
    text: str
    kind: Kind = Kind.TEXT
    is_in_group: bool = False
    press: Press | None = None
    private_chat: str = ""  # in a group: the address of a chat with the bot alone, where known


@dataclass(frozen=True)
class Choice:
    """A button. Pressing it is the same as typing what it says."""

    label: str
    says: str  # short: Telegram carries at most 64 bytes
    later: str = ""  # the same wish in words that need nothing on the table, such as a code


@dataclass(frozen=True)
class Link:
    """A page to open."""

    label: str
    url: str


@dataclass(frozen=True)
class Bubble:
    """One message of a reply: at most 1,900 characters, with the choices and links under it."""

    text: str
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()


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
