"""The inbox: what arrived, each event once, handed out in order within a conversation."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.channels.contract import Arrival
from bot.messages import Kind, Message, Press
from bot.statements import among, change_all, insert_new, likely, table_of
from knowledge.database import Moment
from knowledge.records.delivery import ChannelState, Correspondent, Inbox, Outbox, is_waiting

LONGEST: Final = 4_100  # characters kept of a text: more than the assistant reads
REMEMBERED: Final = timedelta(hours=72)  # platforms repeat an event for up to a day
# Every message passes here: statements on tables cost half of those on mapped classes.
_INBOX: Final = table_of(Inbox)
_PEOPLE: Final = table_of(Correspondent)
_LOOKED_AT: Final = 4  # candidates for each message handed out: others may hold some of them


def key_of(conversation_id: str) -> str:
    """The name of a correspondent: a hash, the same that conversations are kept under."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()


def store(session: Session, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep those that have not arrived before; how many these were."""
    # Sorted, so that two processes storing the same events never wait for each other in a circle.
    rows = sorted((row_of(arrival, now) for arrival in arrivals), key=lambda row: row["event_id"])
    people = {row["correspondent"]: person_of(row) for row in rows}
    insert_new(session, Correspondent, [people[key] for key in sorted(people)])
    return insert_new(session, Inbox, rows)


def row_of(arrival: Arrival, now: datetime) -> dict[str, Any]:
    """The message as a row of the inbox, without what no database keeps."""
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


def person_of(row: dict[str, Any]) -> dict[str, Any]:
    """Who said it, as a new row of the correspondents."""
    return {
        "key": row["correspondent"],
        "channel": row["channel"],
        "heard_at": row["received_at"],
    }


def _storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of letters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _details(arrival: Arrival) -> dict[str, Any]:
    message = arrival.message
    details: dict[str, Any] = {"kind": message.kind.value, "notes": dict(arrival.notes)}
    if message.is_in_group:
        details["in_group"] = True
        details["private_chat"] = message.private_chat
    if message.press:
        details["press"] = [message.press.tag, _storable(message.press.later)]
    return details


@dataclass
class Claimed:
    """A message that is being handled, and what is remembered of its conversation."""

    id: int  # 0: it does not stand in the inbox as one that waits
    message: Message
    notes: dict[str, str]
    received_at: datetime
    attempts: int
    correspondent: str
    tag: str  # of the newest reply
    is_busy: bool = False  # a reply is still on its way to the conversation, or must wait
    lost_at: datetime | None = None  # they blocked us then, and have not written since


def claim(session: Session, channels: Iterable[str], most: int, now: datetime) -> list[Claimed]:
    """The next message of up to `most` conversations, each held until the transaction ends.

    The lock is on the correspondent, not on the message: a message that comes late but was said
    first must wait while a later one is being handled.
    """
    names, connection = tuple(channels), session.connection()
    looked_at = {"looked_at": most * _LOOKED_AT, "most": most}
    held = {who.key: who for who in connection.execute(_free(names), looked_at)}
    if not held:
        return []
    # Read anew now that the locks are held: what others have handled meanwhile is no longer there.
    rows = connection.execute(_heads_of(names), {"held": list(held), "now": now})
    return [claimed_from(row, held[row.correspondent]) for row in rows]


def claimed_from(row: Any, who: Any) -> Claimed:
    """The message of a row of the inbox, with what is known of its correspondent."""
    press = row.details.get("press")
    message = Message(
        channel=row.channel,
        event_id=row.event_id,
        conversation_id=row.conversation_id,
        text=row.text,
        kind=Kind(row.details.get("kind", Kind.TEXT)),
        is_in_group=bool(row.details.get("in_group")),
        press=Press(*press) if press else None,
        private_chat=row.details.get("private_chat", ""),
    )
    notes = row.details.get("notes", {})
    is_lost = who.is_unreachable and row.received_at < who.heard_at
    return Claimed(
        id=row.id,
        message=message,
        notes=notes,
        received_at=row.received_at,
        attempts=row.attempts,
        correspondent=row.correspondent,
        tag=who.tag,
        is_busy=row.is_busy,
        lost_at=who.heard_at if is_lost else None,
    )


@cache
def _free(channels: tuple[str, ...]) -> Select[Any]:
    """Conversations with a message to handle that nobody else holds, the longest waiting first."""
    waiting = _heads(channels, _INBOX.c.id, _INBOX.c.correspondent)
    heads = waiting.limit(bindparam("looked_at")).subquery()
    return (
        select(_PEOPLE.c.key, _PEOPLE.c.tag, _PEOPLE.c.heard_at, _PEOPLE.c.is_unreachable)
        .join(heads, heads.c.correspondent == _PEOPLE.c.key)
        .order_by(heads.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=_PEOPLE)
    )


@cache
def _heads_of(channels: tuple[str, ...]) -> Select[Any]:
    going = table_of(Outbox).c
    on_its_way = exists(going.id).where(
        going.conversation_id == _INBOX.c.conversation_id, is_waiting(going.state)
    )
    state = table_of(ChannelState).c
    is_paused = exists(state.channel).where(
        state.channel == _INBOX.c.channel, state.paused_until > bindparam("now", type_=Moment)
    )
    found = _heads(channels, *_INBOX.c, or_(on_its_way, is_paused).label("is_busy"))
    return found.where(among(_INBOX.c.correspondent, "held"))


def _heads(channels: tuple[str, ...], *columns: Any) -> Select[Any]:
    """The message of each conversation that comes next, the longest waiting first."""
    here, same = _INBOX.c, _INBOX.alias().c
    # One look into an index for each. As an anti-join a planner that believes few are waiting
    # compared all with all: thirty times as long with some hundreds of them.
    first = (
        select(same.id)
        .where(same.correspondent == here.correspondent, same.handled_at.is_(None))
        .order_by(same.sequence, same.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(*columns)
        .where(
            here.handled_at.is_(None), likely(here.channel.in_(channels)), likely(here.id == first)
        )
        .order_by(here.id)
    )


def mark_handled(session: Session, claimed: Sequence[Claimed], now: datetime) -> None:
    """Keep only what is needed to notice a repeat; remember the newest reply of each."""
    if not claimed:
        return
    connection = session.connection()
    if waited := [one.id for one in claimed if one.id]:
        connection.execute(_BLANK, {"now": now, "handled": waited})
    # In one order everywhere, so that no two processes ever wait for each other in a circle.
    people = [
        {
            "key": one.correspondent,
            "tag": one.tag,
            "heard_at": one.lost_at or now,
            "is_unreachable": one.lost_at is not None,
        }
        for one in claimed
    ]
    change_all(session, Correspondent, sorted(people, key=lambda row: str(row["key"])))


_BLANK: Final = (
    update(_INBOX)
    .where(among(_INBOX.c.id, "handled"))
    .values(handled_at=bindparam("now"), conversation_id="", text="", details={})
)


def note_attempt(session: Session, claimed: Claimed) -> None:
    """Remember that it could not be handled."""
    claimed.attempts += 1
    query = update(_INBOX).where(_INBOX.c.id == claimed.id).values(attempts=claimed.attempts)
    session.connection().execute(query)


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
