"""Durable delivery: what arrives is kept before it is acknowledged, answered once, sent until sent.

`receive` → inbox → `Handler` → outbox → `Sender`. Each arrow is one transaction, so a process may
die anywhere: what it had not finished is found in a box by the next one. Where many processes may
write at once and the handler has time, the first two arrows are one (`delivery_intake`).
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import delivery_inbox as inbox
from bot import delivery_outbox as outbox
from bot.assistant import Assistant
from bot.channels.contract import Arrival, Channel
from bot.conversations import Conversations
from bot.delivery_figures import STORE_SECONDS, count_arrival, count_waiting
from bot.delivery_handling import Handler
from bot.delivery_handover import Handover
from bot.delivery_ledger import Batcher, Ledger, rest
from bot.delivery_letters import count_boxes
from bot.delivery_sending import LEASE, Sender
from bot.delivery_typing import Typing
from knowledge.records.delivery import Correspondent

_LOOK_AGAIN: Final = 0.2  # seconds, for messages that another process stored
_GATHER: Final = 0.01  # seconds in which more may come, to share a transaction
_AFTER_FAULT: Final = 2.0
_CLEAN_EVERY: Final = 600.0
_COUNT_EVERY: Final = 10.0
KEEP_DEAD: Final = timedelta(days=30)
KEEP_CORRESPONDENTS: Final = timedelta(days=30)
KEEP_LOST: Final = timedelta(days=400)

AT_ONCE: Final = 24  # messages that are answered in the transaction that keeps them
MOMENT: Final = 0.03  # seconds in which they gather in a rush, to share a transaction
PATIENCE: Final = 0.3  # seconds that such a transaction may take before others are kept first
FEW: Final = 4  # messages at a time, below which it pays to wait for more
log = structlog.get_logger(__name__)


class Delivery:
    """The boxes of one process and those who work at them."""

    def __init__(
        self,
        ledger: Ledger,
        assistant: Assistant,
        conversations: Conversations,
        channels: Sequence[Channel],
        lease: timedelta = LEASE,
    ) -> None:
        self._ledger = ledger
        self._conversations = conversations
        by_name = {channel.name: channel for channel in channels}
        self._senders = [Sender(ledger, channel, lease=lease) for channel in channels]
        self._handover = Handover(self._senders, lease)
        self._handler = Handler(ledger, assistant, conversations, by_name, self._handover)
        self._typing = Typing(ledger, by_name)
        self._store = Batcher(self._write_arrivals, most=100)
        self._answer = Batcher(self._take_arrivals, most=AT_ONCE, moment=MOMENT)
        self._takes = False
        self._taking_since: float | None = None
        self._wake = asyncio.Event()

    async def receive(self, arrival: Arrival) -> None:
        """Return once the message is kept; only then may the platform be told so."""
        started = time.perf_counter()
        await (self._answer if self._has_time() else self._store).put(arrival)
        STORE_SECONDS.observe(time.perf_counter() - started)

    async def receive_all(self, arrivals: Sequence[Arrival]) -> None:
        """Keep several in one transaction."""
        if arrivals:
            await self._write_arrivals(arrivals)

    async def run(self) -> None:
        """Handle, send and clean up until cancelled."""
        self._handover.open()
        self._takes = self._ledger.is_shared  # elsewhere one writer keeps the others waiting
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._clean_for_ever())
            tasks.create_task(self._count_for_ever())
            tasks.create_task(self._typing.run())
            for sender in self._senders:
                tasks.create_task(sender.run())
            # Not beside them: what is being handled when the process is asked to end is handled
            # to its end, and handed over while the senders are still there.
            try:
                await self._handle_for_ever()
            finally:
                self._takes = False
                await self._answer.finish()

    def _has_time(self) -> bool:
        """Whether a platform would not wait for long if its message were answered at once."""
        since = self._taking_since
        is_stuck = since is not None and time.monotonic() - since > PATIENCE
        return self._takes and not is_stuck and self._answer.waiting < 3 * AT_ONCE

    async def _take_arrivals(self, arrivals: Sequence[Arrival]) -> None:
        self._taking_since = time.monotonic()
        try:
            taken = await self._ledger.in_thread(lambda: self._handler.take(arrivals))
        except Exception as error:
            # One of them cannot be answered: all are kept, and the search finds out which.
            log.error("batch_failed", error=type(error).__name__)  # noqa: TRY400 (it may quote)
            await self._write_arrivals(arrivals)
            return
        finally:
            self._taking_since = None
        self._count(arrivals, taken.new)
        if taken.is_more:
            self._wake.set()

    async def _write_arrivals(self, arrivals: Sequence[Arrival]) -> None:
        new = await self._ledger.written(
            lambda session: inbox.store(session, arrivals, self._ledger.now())
        )
        self._count(arrivals, new)
        self._wake.set()

    @staticmethod
    def _count(arrivals: Sequence[Arrival], new: int) -> None:
        channel = arrivals[0].message.channel
        count_arrival(channel, "new", new)
        count_arrival(channel, "repeated", len(arrivals) - new)

    async def _handle_for_ever(self) -> None:
        while True:
            self._wake.clear()
            try:
                handled = await self._handle()
            except Exception as error:
                # Whatever it is, the message still stands in the inbox; words may quote it.
                log.error("inbox_not_handled", error=type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(_AFTER_FAULT)
                continue
            if not handled:
                await rest(self._wake, _LOOK_AGAIN)
            elif self._ledger.is_shared and handled < FEW:
                await asyncio.sleep(_GATHER)

    async def _handle(self) -> int:
        batch = asyncio.ensure_future(self._ledger.in_thread(self._handler.run_once))
        try:
            return await asyncio.shield(batch)
        except asyncio.CancelledError:
            await asyncio.wait([batch])
            raise

    async def _clean_for_ever(self) -> None:
        while True:
            try:
                await self._ledger.written(self._clean)
                await self._ledger.in_thread(self._conversations.forget_old)
            except SQLAlchemyError as error:
                log.error("not_cleaned", error=type(error).__name__)  # noqa: TRY400
            await asyncio.sleep(_CLEAN_EVERY)

    async def _count_for_ever(self) -> None:
        while True:
            try:
                found = await self._ledger.in_thread(lambda: self._ledger.read(count_boxes))
                count_waiting(*found)
            except SQLAlchemyError as error:
                log.error("not_counted", error=type(error).__name__)  # noqa: TRY400
            await asyncio.sleep(_COUNT_EVERY)

    def _clean(self, session: Session) -> None:
        now = self._ledger.now()
        inbox.purge(session, now)
        outbox.purge(session, now, KEEP_DEAD)
        old = Correspondent.heard_at < now - KEEP_CORRESPONDENTS
        # Who blocked us is remembered for as long as there may be news for them.
        is_done = ~Correspondent.is_unreachable | (Correspondent.heard_at < now - KEEP_LOST)
        session.execute(delete(Correspondent).where(old, is_done))
        inbox.adopt(session, now)
