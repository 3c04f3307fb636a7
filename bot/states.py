"""What a conversation can be in, and what the bot can do next: types only, nothing is decided here."""

from dataclasses import dataclass

from bot.dossiers import DossierState
from nlp.intents import Facet

PAGE = 5


@dataclass(frozen=True)
class Start:
    """Nothing has been said that matters for the next message."""


@dataclass(frozen=True)
class Choosing:
    """The bot offered procedures and waits for a pick; the facet is answered right after it."""

    offered: tuple[str, ...]
    asked: str  # the masked question, so that a detail can be added to it
    facet: Facet | None = None
    page: int = 0
    times: int = 1  # how often was asked since the citizen's own question
    seen: tuple[str, ...] = ()  # procedures shown earlier, the latest first


@dataclass(frozen=True)
class Viewing:
    """One procedure is on the table; a question without a topic is about it."""

    slug: str
    facet: Facet
    cases: tuple[str, ...] = ()  # offered cases, when the papers differ
    before: tuple[str, ...] = ()  # what "quay lại" returns to: the list it was picked from
    asked: str = ""  # the question that led here, so that it can be corrected
    seen: tuple[str, ...] = ()  # procedures shown earlier, the latest first


State = Start | Choosing | Viewing | DossierState


@dataclass(frozen=True)
class Show:
    """Show a facet of a procedure, for one case if named, and further procedures after it."""

    slug: str
    facet: Facet
    case: str | None = None
    also: tuple[tuple[str, Facet], ...] = ()
    is_follow_up: bool = False
    day_asked: str = ""  # the words that ask for the day of the result, not for how long it takes
    asks_presence: bool = False  # who must come, who may come instead
    second: Facet | None = None  # another side that was asked for in the same breath


@dataclass(frozen=True)
class Offer:
    """Ask which of these is meant."""

    slugs: tuple[str, ...]
    page: int = 0


@dataclass(frozen=True)
class Tell:
    """Say a fixed sentence; `name` is in wording.toml."""

    name: str
    code: str = ""
    last: int = PAGE  # the last number that can be picked


Move = Show | Offer | Tell
