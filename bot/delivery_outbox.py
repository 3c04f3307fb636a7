"""The outbox: what is still to be sent, in order within a conversation, and what was given up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.channels.contract import (
    Call,
    Moved,
    Refused,
    SendFailure,
    TryLater,
    Unreachable,
    WindowClosed,
)
from bot.delivery_inbox import key_of
from bot.messages import Message
from bot.statements import (
    Rows,
    among,
    insert_all,
    insert_numbered,
    insert_or_change,
    likely,
    table_of,
)
from knowledge.database import Moment
from knowledge.records.delivery import ChannelState, Correspondent, Outbox, Parcel, is_waiting

GIVE_UP_AFTER: Final = timedelta(hours=24)  # an answer of yesterday helps nobody
LONGEST_PAUSE: Final = 600.0  # seconds between two attempts


def put(
    session: Session, message: Message, calls: Sequence[Call], *, asked_at: datetime, now: datetime
) -> None:
    """Add the calls that answer a message, in order."""
    insert_all(session, Outbox, rows_of(message, calls, asked_at=asked_at, now=now))


def rows_of(
    message: Message, calls: Sequence[Call], *, asked_at: datetime, now: datetime
) -> list[dict[str, Any]]:
    """The calls as rows; their order is that in which they are inserted."""
    return [
        {
            "channel": message.channel,
            "conversation_id": message.conversation_id,
            "method": call.method,
            "body": dict(call.payload),
            "asked_at": asked_at,
            "created_at": now,
            "next_try_at": now,
        }
        for call in calls
    ]


def insert(session: Session, rows: Rows) -> list[int]:
    """Write the rows; their numbers, in the same order."""
    return insert_numbered(session, Outbox, rows)


_TABLE: Final = table_of(Outbox)


@dataclass(frozen=True)
class Parting:
    """A call that this process may make now."""

    id: int
    channel: str
    conversation_id: str
    method: str
    body: dict[str, Any]
    asked_at: datetime
    attempts: int


def claim(
    session: Session, channel: str, most: int, *, now: datetime, lease: timedelta
) -> list[Parting]:
    """Calls that may be made now, one a conversation; others leave them alone during the lease."""
    told = {"of": channel, "now": now, "most": most, "until": now + lease}
    rows = session.connection().execute(_CLAIM, told)
    return sorted((Parting(*row) for row in rows), key=lambda one: one.id)


def _ready() -> Select[Any]:
    """Those that are due, unless the platform has asked for silence."""
    here, same, now = _TABLE.c, _TABLE.alias().c, bindparam("now", type_=Moment)
    first = (  # of its conversation; one look into an index, see the inbox
        select(same.id)
        .where(same.conversation_id == here.conversation_id, is_waiting(same.state))
        .order_by(same.id)
        .limit(1)
        .scalar_subquery()
    )
    state = table_of(ChannelState).c
    is_paused = select(state.channel).where(state.channel == here.channel, state.paused_until > now)
    return (
        select(here.id)
        .where(
            here.channel == bindparam("of"),
            is_waiting(here.state),
            here.next_try_at <= now,
            or_(here.claimed_until.is_(None), here.claimed_until < now),
            likely(here.id == first),
            ~is_paused.exists(),
        )
        .order_by(here.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=_TABLE)
    )


_COLUMNS: Final = [_TABLE.c[field.name] for field in fields(Parting)]
# A common table that locks is read once; a plain subquery may be read again, and lock more.
_CLAIM: Final = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(select(_ready().cte("ready").c.id)))
    .values(claimed_until=bindparam("until", type_=Moment))
    .returning(*_COLUMNS)
)


_SENT: Final = delete(_TABLE).where(among(_TABLE.c.id, "sent"))


def mark_sent(session: Session, row_ids: Sequence[int]) -> None:
    """Erase what has been sent."""
    if row_ids:
        session.connection().execute(_SENT, {"sent": row_ids})


def note_failure(session: Session, row_id: int, failure: SendFailure, now: datetime) -> None:
    """Decide what becomes of a call that was not carried out."""
    row = session.get(Outbox, row_id)
    if row and isinstance(failure, Unreachable):
        # The correspondent is locked first, as by those who handle what they say.
        give_up_on(session, row.channel, row.conversation_id, now)
        return
    row = session.get(Outbox, row_id, with_for_update=True)
    if row is None:
        return
    row.claimed_until = None
    match failure:
        case TryLater():
            _postpone(session, row, failure, now)
        case WindowClosed():
            row.state, row.failed = Parcel.PARKED, failure.why
        case Moved(conversation_id=new):
            move(session, row.conversation_id, new)
        case Refused() | SendFailure():
            row.state, row.failed = Parcel.DEAD, failure.why


def _postpone(session: Session, row: Outbox, failure: TryLater, now: datetime) -> None:
    row.attempts += 1
    row.failed = failure.why
    if now - row.created_at > GIVE_UP_AFTER:
        row.state = Parcel.DEAD
        return
    wait = timedelta(seconds=pause_before(row.attempts, failure.after))
    row.next_try_at = now + wait
    if failure.for_all:
        pause(session, row.channel, now + wait)


def pause_before(attempt: int, asked: float | None) -> float:
    """Seconds to wait: what the platform asked, or doubling; jittered, so that few meet again."""
    if asked is not None:
        return asked + random.uniform(0, 0.5)
    return min(2.0 ** min(attempt - 1, 12), LONGEST_PAUSE) * random.uniform(0.5, 1.0)


def pause(session: Session, channel: str, until: datetime) -> None:
    """Keep a channel silent, in all processes."""
    state = session.get(ChannelState, channel) or ChannelState(channel=channel)
    state.paused_until = until
    session.merge(state)


def give_up_on(session: Session, channel: str, conversation_id: str, now: datetime) -> None:
    """Drop all that waits for somebody who can no longer be reached, and remember that."""
    lost = {
        "key": key_of(conversation_id),
        "channel": channel,
        "heard_at": now,
        "is_unreachable": True,
    }
    insert_or_change(session, Correspondent, [lost])
    session.execute(delete(Outbox).where(Outbox.conversation_id == conversation_id))


def is_lost(session: Session, conversation_id: str) -> bool:
    """Whether somebody cannot be reached until they write again."""
    who = session.get(Correspondent, key_of(conversation_id))
    return who is not None and who.is_unreachable


def move(session: Session, old: str, new: str) -> None:
    """Follow a conversation that goes on under another id."""
    session.execute(update(Outbox).where(Outbox.conversation_id == old).values(conversation_id=new))


def forget(session: Session, conversation_id: str) -> None:
    """Erase what is kept without being on its way."""
    session.execute(
        delete(Outbox).where(
            Outbox.conversation_id == conversation_id, Outbox.state != Parcel.WAITING
        )
    )


def release(session: Session, conversation_id: str, now: datetime) -> bool:
    """Let what was parked go out: the citizen has written, so the platform allows it again.

    Whether there was anything; it goes before what is written now.
    """
    parked = (_TABLE.c.conversation_id == conversation_id, _TABLE.c.state == Parcel.PARKED)
    change = update(_TABLE).where(*parked).values(state=Parcel.WAITING, failed=None)
    times = {"asked_at": now, "created_at": now, "next_try_at": now}
    return session.connection().execute(change.values(times)).rowcount > 0


def purge(session: Session, now: datetime, keep: timedelta) -> None:
    """Forget what nobody will send any more."""
    session.execute(
        delete(Outbox).where(Outbox.state != Parcel.WAITING, Outbox.created_at < now - keep)
    )
