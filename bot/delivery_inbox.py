"""The inbox: what arrived, each event once, handed out in order within a conversation."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from bot.channels.contract import Arrival
from bot.delivery_ledger import insert_new
from bot.messages import Kind, Message, Press
from knowledge.records.delivery import Correspondent, Inbox

LONGEST: Final = 4_100  # characters kept of a text: more than the assistant reads
REMEMBERED: Final = timedelta(hours=72)  # platforms repeat an event for up to a day
_LOOKED_AT: Final = 4  # candidates for each message handed out: others may hold some of them


def key_of(conversation_id: str) -> str:
    """The name of a correspondent: a hash, the same that conversations are kept under."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()


def store(session: Session, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep those that have not arrived before; how many these were."""
    # Sorted, so that two processes storing the same events never wait for each other in a circle.
    rows = sorted((_row(arrival, now) for arrival in arrivals), key=lambda row: row["event_id"])
    people = {
        row["correspondent"]: {
            "key": row["correspondent"],
            "channel": row["channel"],
            "heard_at": row["received_at"],
        }
        for row in rows
    }
    session.execute(insert_new(session, Correspondent, [people[key] for key in sorted(people)]))
    kept = session.scalars(insert_new(session, Inbox, rows).returning(Inbox.id)).all()
    return len(kept)


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    message = arrival.message
    return {
        "channel": message.channel,
        "event_id": message.event_id[:200],
        "correspondent": key_of(message.conversation_id),
        "conversation_id": message.conversation_id,
        "sequence": arrival.sequence,
        "text": _storable(message.text[:LONGEST]),
        "details": _details(arrival),
        "received_at": now,
    }


def _storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of letters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _details(arrival: Arrival) -> dict[str, Any]:
    message = arrival.message
    details: dict[str, Any] = {"kind": message.kind.value, "notes": dict(arrival.notes)}
    if message.is_in_group:
        details["in_group"] = True
    if message.press:
        details["press"] = [message.press.tag, _storable(message.press.later)]
    return details


def message_of(row: Inbox) -> Message:
    """The message as it arrived."""
    press = row.details.get("press")
    return Message(
        channel=row.channel,
        event_id=row.event_id,
        conversation_id=row.conversation_id,
        text=row.text,
        kind=Kind(row.details.get("kind", Kind.TEXT)),
        is_in_group=bool(row.details.get("in_group")),
        press=Press(*press) if press else None,
    )


def claim(
    session: Session, channels: Iterable[str], most: int
) -> list[tuple[Inbox, Correspondent]]:
    """The next message of up to `most` conversations, each held until the transaction ends.

    The lock is on the correspondent, not on the message: a message that comes late but was said
    first must wait while a later one is being handled.
    """
    heads = _heads(channels)
    keys = [row.correspondent for row in session.scalars(heads.limit(most * _LOOKED_AT))]
    people = _locked(session, keys, most)
    # Read anew now that the locks are held: what others have handled meanwhile is no longer there.
    rows = session.scalars(heads.where(Inbox.correspondent.in_(people.keys()))).all()
    return [(row, people[row.correspondent]) for row in rows]


def _heads(channels: Iterable[str]) -> Select[Inbox]:
    """The message of each conversation that comes next, the longest waiting first."""
    earlier = aliased(Inbox)
    stands_before = or_(
        earlier.sequence < Inbox.sequence,
        and_(earlier.sequence == Inbox.sequence, earlier.id < Inbox.id),
    )
    is_behind = select(earlier.id).where(
        earlier.correspondent == Inbox.correspondent, earlier.handled_at.is_(None), stands_before
    )
    return (
        select(Inbox)
        .where(Inbox.handled_at.is_(None), Inbox.channel.in_(list(channels)), ~is_behind.exists())
        .order_by(Inbox.id)
    )


def _locked(session: Session, keys: list[str], most: int) -> dict[str, Correspondent]:
    """The first of these that nobody else is handling."""
    held: dict[str, Correspondent] = {}
    for start in range(0, len(keys), most):
        query = (
            select(Correspondent)
            .where(Correspondent.key.in_(keys[start : start + most]))
            .limit(most - len(held))
            .with_for_update(skip_locked=True)
        )
        held |= {who.key: who for who in session.scalars(query)}
        if len(held) >= most:
            break
    return held


def mark_handled(row: Inbox, now: datetime) -> None:
    """Keep only what is needed to notice a repeat."""
    row.handled_at = now
    row.conversation_id = ""
    row.text = ""
    row.details = {}


def purge(session: Session, now: datetime) -> None:
    """Forget events that no platform repeats any more."""
    session.execute(delete(Inbox).where(Inbox.handled_at < now - REMEMBERED))


def adopt(session: Session, now: datetime) -> None:
    """Give waiting messages their correspondent back, should it have been forgotten meanwhile."""
    orphans = session.scalars(
        select(Inbox)
        .outerjoin(Correspondent, Correspondent.key == Inbox.correspondent)
        .where(Inbox.handled_at.is_(None), Correspondent.key.is_(None))
    ).all()
    people = {row.correspondent: row.channel for row in orphans}
    session.add_all(
        Correspondent(key=key, channel=channel, heard_at=now) for key, channel in people.items()
    )
