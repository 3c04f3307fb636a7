"""The sender of one channel: makes the calls of the outbox and writes down what became of them.

A call that was made but not yet written down when the process dies is made again: no platform
offers a way to ask. This is the only place where a citizen may see a message twice.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import delivery_outbox as outbox
from bot.channels.contract import (
    AnswerUnread,
    Call,
    Channel,
    SendFailure,
    TryLater,
    Why,
    WindowClosed,
)
from bot.delivery_figures import count_sending
from bot.delivery_ledger import Ledger, rest
from bot.delivery_outbox import Parting
from bot.delivery_pace import Pace

LEASE: Final = timedelta(seconds=60)
_LOOK_AGAIN: Final = 0.5  # seconds; for what other processes wrote, and for what is due by now
_BREATH: Final = 0.03  # seconds; so that calls that end together share one transaction …
_BREATH_IN_A_RUSH: Final = 0.1  # … and in a rush more of them
_RUSH: Final = 3  # calls written down at once, from which on it is one
_AFTER_FAULT: Final = 2.0
_ROOM: Final = 64  # calls taken at once, most of them waiting for their conversation's turn
_LAST_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Sender:
    """Sends what stands in the outbox for one channel, until cancelled."""

    def __init__(self, ledger: Ledger, channel: Channel, *, lease: timedelta = LEASE) -> None:
        self._ledger = ledger
        self._channel = channel
        self._lease = lease
        self._pace = Pace(channel.pacing)
        self._sent: list[int] = []  # made, and still to be written down
        self._must_look = True  # something may stand in the outbox that nobody has reserved
        self._looked_at = 0.0
        self._chats: set[str] = set()  # conversations with a call under way
        self._behind: set[str] = set()  # those of them that have more to be sent
        self._wake = asyncio.Event()
        self._lanes = asyncio.Semaphore(channel.pacing.lanes)
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def channel(self) -> str:
        """The channel's name."""
        return self._channel.name

    @property
    def room(self) -> int:
        """How many more calls may be taken."""
        return _ROOM - len(self._under_way)

    def take(self, row: Parting) -> None:
        """Make a call that was reserved for this process when it was written."""
        self._start(row)

    def expect(self, conversation_ids: Iterable[str]) -> None:
        """These have calls in the outbox that nobody has reserved yet."""
        for one in conversation_ids:
            if one in self._chats:
                self._behind.add(one)
            else:
                self._look()

    def _look(self) -> None:
        self._must_look = True
        self._wake.set()

    async def run(self) -> None:
        """Send for ever."""
        try:
            while True:
                await rest(self._wake, _LOOK_AGAIN)
                self._wake.clear()
                is_rush = len(self._sent) >= _RUSH
                await self._turn()
                await asyncio.sleep(_BREATH_IN_A_RUSH if is_rush else _BREATH)
        finally:
            # What has been sent should be written down before the process ends.
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=_LAST_SECONDS)
            await self._write_down(room=0)

    async def _turn(self) -> None:
        """Write down what was sent; if there may be calls to make, begin as many as have room."""
        now = time.monotonic()
        must_look = self._must_look or now - self._looked_at >= _LOOK_AGAIN
        room = self.room if must_look else 0
        if room <= 0 and not self._sent:
            return
        if room > 0:
            self._must_look, self._looked_at = False, now
        try:
            rows = await self._write_down(room=room)
        except SQLAlchemyError as error:
            # What was sent is written down later; nothing matters more, so it is tried for ever.
            log.error("outbox_not_written", error=type(error).__name__)  # noqa: TRY400
            await asyncio.sleep(_AFTER_FAULT)
            self._look()
            return
        for row in rows:
            self._start(row)
            self._behind.add(row.conversation_id)
        if rows and len(rows) == room:
            self._look()

    async def _write_down(self, *, room: int) -> list[Parting]:
        """Erase what was sent and take what may be sent now, in one transaction."""
        sent, self._sent = self._sent, []

        def work(session: Session) -> list[Parting]:
            outbox.mark_sent(session, sent)
            if room <= 0:
                return []
            now = self._ledger.now()
            return outbox.claim(session, self._channel.name, room, now=now, lease=self._lease)

        try:
            return await self._ledger.written(work)
        except BaseException:
            self._sent = sent + self._sent
            raise

    def _start(self, row: Parting) -> None:
        task = asyncio.create_task(self._deliver(row))
        self._under_way.add(task)
        self._chats.add(row.conversation_id)
        task.add_done_callback(lambda done: self._end(row, done))

    def _end(self, row: Parting, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._chats.discard(row.conversation_id)
        if row.conversation_id in self._behind:
            self._behind.discard(row.conversation_id)
            self._must_look = True
        self._wake.set()

    async def _deliver(self, row: Parting) -> None:
        try:
            await self._send(row)
        except AnswerUnread:
            log.warning("answer_unread", channel=row.channel)
            self._note_sent(row, "sent_unread")
        except SendFailure as failure:
            await self._note(row, failure)
        except TimeoutError:
            await self._note(row, TryLater(Why.TIMEOUT, in_doubt=True))
        except Exception as error:
            log.error("send_broke", channel=row.channel, error=type(error).__name__)  # noqa: TRY400
            await self._note(row, TryLater(Why.FAULT))
        else:
            self._note_sent(row, "sent")

    def _note_sent(self, row: Parting, result: str) -> None:
        count_sending(row.channel, result)
        self._sent.append(row.id)

    async def _send(self, row: Parting) -> None:
        window = self._channel.reply_window
        if window and self._ledger.now() - row.asked_at > window:
            raise WindowClosed(Why.WINDOW)
        await self._wait_for_turn(row)
        # Past its lease another sender would take the call too.
        async with self._lanes, asyncio.timeout(self._lease.total_seconds() / 2):
            await self._channel.send(row.conversation_id, Call(row.method, row.body))

    async def _wait_for_turn(self, row: Parting) -> None:
        is_group = self._channel.is_group(row.conversation_id)
        wait = self._pace.wait_before(row.conversation_id, is_group=is_group, now=time.monotonic())
        if wait > self._lease.total_seconds() / 3:
            raise TryLater(Why.RATE, after=wait)
        await asyncio.sleep(wait)

    async def _note(self, row: Parting, failure: SendFailure) -> None:
        count_sending(row.channel, failure.why.value)
        if isinstance(failure, TryLater) and failure.in_doubt:
            count_sending(row.channel, "in_doubt")  # it may have been shown, and be shown again
        log.warning(
            "not_sent", channel=row.channel, why=failure.why.value, attempt=row.attempts + 1
        )
        try:
            await self._ledger.written(
                lambda session: outbox.note_failure(session, row.id, failure, self._ledger.now())
            )
        except SQLAlchemyError as error:
            # The lease runs out by itself, then the call is tried again.
            log.error("failure_not_recorded", error=type(error).__name__)  # noqa: TRY400
