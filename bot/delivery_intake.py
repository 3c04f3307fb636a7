"""The short way in: what arrives is answered in the very transaction that keeps it.

A message whose conversation is free needs not be kept first, and then searched for and read again.
Kept for the search (`delivery_inbox.claim`) is what must wait: where another process holds the
conversation, where something said before still waits, and all but the first of one conversation.
"""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, exists, select, union_all
from sqlalchemy.orm import Session

from bot.channels.contract import Arrival
from bot.delivery_inbox import Claimed, claimed_from, person_of, row_of
from bot.statements import Rows, among, insert_new_returning, table_of
from knowledge.database import Moment
from knowledge.records.delivery import ChannelState, Correspondent, Inbox, Outbox, is_waiting

_INBOX: Final = table_of(Inbox)
_PEOPLE: Final = table_of(Correspondent)
_OUTBOX: Final = table_of(Outbox)
_STATE: Final = table_of(ChannelState)


class Taken(NamedTuple):
    """What became of the messages that arrived."""

    new: int  # how many had not arrived before
    claimed: list[Claimed]  # to be answered now
    is_more: bool  # whether something was kept for the search


def take(session: Session, arrivals: Sequence[Arrival], now: datetime) -> Taken:
    """Keep those that have not arrived before; those that may be answered now are held.

    Locks are taken in one order everywhere: correspondents that are free (never waited for), new
    correspondents and events (both sorted), so that no two processes wait in a circle.
    """
    rows = sorted((row_of(arrival, now) for arrival in arrivals), key=lambda row: row["event_id"])
    free = _free(session, rows)
    first: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["sequence"]):
        if row["correspondent"] in free:
            first.setdefault(row["correspondent"], row)
    at_once = {(row["channel"], row["event_id"]) for row in first.values()}
    # Of what is answered now, only what a repeat is noticed by is ever written.
    kept = [
        row | {"handled_at": now, "conversation_id": "", "text": "", "details": {}}
        if (row["channel"], row["event_id"]) in at_once
        else row | {"handled_at": None}
        for row in rows
    ]
    new = set(insert_new_returning(session, Inbox, kept, "channel", "event_id"))
    held = [row for row in first.values() if (row["channel"], row["event_id"]) in new]
    busy = _busy(session, held, now)
    claimed = [
        claimed_from(
            SimpleNamespace(
                **row,
                id=0,
                attempts=0,
                is_busy=row["conversation_id"] in busy or row["channel"] in busy,
            ),
            free[row["correspondent"]],
        )
        for row in held
    ]
    return Taken(len(new), claimed, len(new) > len(claimed))


def _free(session: Session, rows: Rows) -> dict[str, Any]:
    """The correspondents that nobody else holds and of whom nothing waits; now they are ours."""
    people = {row["correspondent"]: person_of(row) for row in rows}
    found = session.connection().execute(_HELD, {"keys": sorted(people)}).all()
    free: dict[str, Any] = {who.key: who for who in found if not who.has_waiting}
    # Not found: held by others, or new. What we insert ourselves nobody else can hold.
    unseen = [people[key] for key in sorted(people.keys() - {who.key for who in found})]
    for (key,) in insert_new_returning(session, Correspondent, unseen, "key"):
        free[key] = SimpleNamespace(**people[key], tag="", is_unreachable=False)
    return free


_HELD: Final = (
    select(
        _PEOPLE.c.key,
        _PEOPLE.c.tag,
        _PEOPLE.c.heard_at,
        _PEOPLE.c.is_unreachable,
        exists(_INBOX.c.id)
        .where(_INBOX.c.correspondent == _PEOPLE.c.key, _INBOX.c.handled_at.is_(None))
        .label("has_waiting"),
    )
    .where(among(_PEOPLE.c.key, "keys"))
    .order_by(_PEOPLE.c.key)
    .with_for_update(skip_locked=True, of=_PEOPLE)
)


def _busy(session: Session, rows: Rows, now: datetime) -> set[str]:
    """The conversations to which a reply is on its way, and the channels that must be silent."""
    told = {"conversations": [row["conversation_id"] for row in rows], "now": now}
    return set(session.connection().execute(_BUSY, told).scalars()) if rows else set()


_BUSY: Final = union_all(
    select(_OUTBOX.c.conversation_id).where(
        among(_OUTBOX.c.conversation_id, "conversations"), is_waiting(_OUTBOX.c.state)
    ),
    select(_STATE.c.channel).where(_STATE.c.paused_until > bindparam("now", type_=Moment)),
)
