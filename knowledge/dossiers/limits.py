"""How often may be looked up: against guessing the proof, and walking through the ordinals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import Session

from knowledge.dossiers.keys import Keys
from knowledge.records.dossier import DossierTry

WINDOW: Final = timedelta(hours=1)
PROOFS: Final = 5  # wrong proofs an hour, for a chat and for a code
PER_CHAT: Final = 30
PER_CODE: Final = 60
PER_CHANNEL: Final = 20_000
SERIES_OF_CHAT: Final = 6  # different codes of one agency and day that one chat may ask about
SERIES_OF_ALL: Final = 200


class Limit(StrEnum):
    """Which limit is reached."""

    PROOFS = "proofs"
    CHAT = "chat"
    WALK = "walk"
    BUSY = "busy"


@dataclass(frozen=True)
class Asker:
    """Who asks, by keyed hash, and over which channel."""

    chat: str
    channel: str


@dataclass(frozen=True)
class Counter:
    """Counts the look-ups of the last hour in one transaction."""

    session: Session
    keys: Keys
    now: datetime

    def reached(self, asker: Asker, code: str, *, with_proof: bool) -> Limit | None:
        """The limit that forbids this look-up, if any; others wait until this one is counted."""
        name, series = self._names(code)
        self._take_turns(asker.chat, name)
        mine, this = DossierTry.chat == asker.chat, DossierTry.code == name
        wrong = DossierTry.is_wrong_proof.is_(True)
        if with_proof and max(self._count(mine, wrong), self._count(this, wrong)) >= PROOFS:
            return Limit.PROOFS
        if self._count(mine) >= PER_CHAT:
            return Limit.CHAT
        neighbours = (DossierTry.series == series, DossierTry.code != name)
        if self._different(*neighbours, mine) >= SERIES_OF_CHAT:
            return Limit.WALK
        over_channel = DossierTry.channel == asker.channel
        if self._different(*neighbours, over_channel) >= SERIES_OF_ALL:
            return Limit.WALK
        if self._count(this) >= PER_CODE or self._count(over_channel) >= PER_CHANNEL:
            return Limit.BUSY
        return None

    def note(self, asker: Asker, code: str, *, is_wrong_proof: bool) -> None:
        """Count a look-up."""
        name, series = self._names(code)
        self.session.add(
            DossierTry(
                at=self.now,
                chat=asker.chat,
                channel=asker.channel,
                code=name,
                series=series,
                is_wrong_proof=is_wrong_proof,
            )
        )

    def _names(self, code: str) -> tuple[str, str]:
        return self.keys.name("code", code), self.keys.name("series", code.rpartition("-")[0])

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(DossierTry).where(self._recent(), *conditions)
        return self.session.scalar(query) or 0

    def _different(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count(DossierTry.code.distinct())).where(self._recent(), *conditions)
        return self.session.scalar(query) or 0

    def _recent(self) -> ColumnElement[bool]:
        return DossierTry.at > self.now - WINDOW

    def _take_turns(self, *names: str) -> None:
        """A hundred guesses at once must not all find the counter at zero."""
        if self.session.get_bind().dialect.name == "postgresql":
            for number in sorted(int(name[:15], 16) for name in names):
                self.session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


def erase_old_tries(session: Session, now: datetime) -> None:
    """Forget what no limit looks at any more."""
    session.execute(delete(DossierTry).where(DossierTry.at < now - WINDOW))


def blank_tries(session: Session, chat: str) -> None:
    """Part a chat from its look-ups; those against its codes go on counting."""
    session.execute(update(DossierTry).where(DossierTry.chat == chat).values(chat=""))
