"""Replies that were given up or wait for the citizen: what staff may see of them, and do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.channels.contract import Why
from bot.wording import say
from knowledge.records.delivery import Inbox, Outbox, Parcel

MOST_LISTED: Final = 200
_UNSENT: Final = (Parcel.DEAD, Parcel.PARKED)


@dataclass(frozen=True)
class DeadLetter:
    """A reply that was not sent. It shows neither whom it was for nor what it said."""

    id: int
    channel: str
    asked_at: datetime
    attempts: int
    why: str  # a sentence for staff, with what to do
    is_parked: bool  # will be sent by itself once the citizen writes


def dead_letters(session: Session, most: int = MOST_LISTED) -> list[DeadLetter]:
    """The newest first."""
    query = select(Outbox).where(Outbox.state.in_(_UNSENT)).order_by(Outbox.id.desc())
    return [_letter(row) for row in session.scalars(query.limit(most))]


def count_dead(session: Session) -> int:
    """How many there are."""
    query = select(func.count()).select_from(Outbox).where(Outbox.state.in_(_UNSENT))
    return session.scalar(query) or 0


def count_boxes(session: Session) -> tuple[int, int, int]:
    """Messages to answer, answers to send, and answers that were given up or are parked."""
    waiting = select(func.count()).select_from(Inbox).where(Inbox.handled_at.is_(None))
    going = select(func.count()).select_from(Outbox).where(Outbox.state == Parcel.WAITING)
    return session.scalar(waiting) or 0, session.scalar(going) or 0, count_dead(session)


def send_again(session: Session, letter_ids: Sequence[int], now: datetime) -> int:
    """Put dead letters back into the outbox; how many there were."""
    rows = _dead(session, letter_ids)
    for row in rows:
        row.state, row.failed, row.attempts = Parcel.WAITING, None, 0
        row.created_at = row.next_try_at = now
    return len(rows)


def drop(session: Session, letter_ids: Sequence[int]) -> int:
    """Erase dead letters; how many there were."""
    found = [row.id for row in _dead(session, letter_ids)]
    session.execute(delete(Outbox).where(Outbox.id.in_(found)))
    return len(found)


def _dead(session: Session, letter_ids: Sequence[int]) -> Sequence[Outbox]:
    query = select(Outbox).where(Outbox.id.in_(letter_ids), Outbox.state == Parcel.DEAD)
    return session.scalars(query.with_for_update()).all()


def _letter(row: Outbox) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        channel=row.channel,
        asked_at=row.asked_at,
        attempts=row.attempts,
        why=say(f"dead_{row.failed or Why.FAULT.value}"),
        is_parked=row.state is Parcel.PARKED,
    )
