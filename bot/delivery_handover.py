"""The short way out: replies that this process wrote are sent by it without being looked for.

A reply is reserved in the transaction that writes it, as `claim` would reserve it a moment later:
one change of each row and one search less. What stands behind another reply of its conversation,
and what the senders have no room for, is left to their search.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import delivery_outbox as outbox
from bot.delivery_outbox import Parting
from bot.delivery_sending import Sender
from bot.statements import Rows


@dataclass(frozen=True)
class Handed:
    """What one transaction wrote: reserved calls, and conversations that have more to be sent."""

    partings: Sequence[Parting] = ()
    behind: frozenset[str] = frozenset()


class Handover:
    """Between the handler, which works in a thread, and the senders in the event loop."""

    def __init__(self, senders: Iterable[Sender], lease: timedelta) -> None:
        self._senders = {sender.channel: sender for sender in senders}
        self._lease = lease
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """From now on the senders of this event loop are at work."""
        self._loop = asyncio.get_running_loop()

    def put(self, session: Session, rows: Rows, now: datetime, busy: Iterable[str]) -> Handed:
        """Write the rows in order; reserve each that may go at once.

        That is none of a busy conversation, to which something is still on its way.
        """
        if not rows:
            return Handed()
        room = {name: sender.room for name, sender in self._senders.items()} if self._loop else {}
        preceded, behind = set(busy), set()
        for row in rows:
            channel, conversation = row["channel"], row["conversation_id"]
            row["claimed_until"] = None
            if conversation in preceded or room.get(channel, 0) <= 0:
                behind.add(conversation)
                continue
            row["claimed_until"] = now + self._lease
            room[channel] -= 1
            preceded.add(conversation)
        ids = outbox.insert(session, rows)
        numbered = zip(ids, rows, strict=True)
        partings = [_parting(number, row) for number, row in numbered if row["claimed_until"]]
        return Handed(partings, frozenset(behind))

    def begin(self, handed: Handed) -> None:
        """Have them sent, now that they have been committed; from any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._begin, handed)

    def _begin(self, handed: Handed) -> None:
        for parting in handed.partings:
            self._senders[parting.channel].take(parting)
        if handed.behind:
            for sender in self._senders.values():
                sender.expect(handed.behind)


def _parting(number: int, row: dict[str, Any]) -> Parting:
    return Parting(
        number,
        row["channel"],
        row["conversation_id"],
        row["method"],
        row["body"],
        row["asked_at"],
        attempts=0,
    )
