"""The history of what staff and imports did: events that are only ever added."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.records.staff import Event

VIETNAM: Final = timezone(timedelta(hours=7))
COMMAND_LINE: Final = "dòng lệnh"  # who did it, where nobody signed in


class Refused(Exception):
    """What was asked for may not be done; `reasons` are sentences for staff, all at once."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("Chưa thực hiện được: " + "; ".join(reasons))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and when."""

    login: str
    now: datetime

    @property
    def day(self) -> date:
        """The day in Vietnam."""
        return self.now.astimezone(VIETNAM).date()


def remember(session: Session, actor: Actor, verb: str, subject: str, **details: Any) -> None:
    """Add one event."""
    event = Event(at=actor.now, who=actor.login, verb=verb, subject=subject, details=details)
    session.add(event)


def history_of(session: Session, subject: str) -> Iterator[Event]:
    """All events of a subject, oldest first."""
    yield from session.scalars(select(Event).where(Event.subject == subject).order_by(Event.id))
