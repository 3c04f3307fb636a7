"""Where a platform's payloads come in: by webhook, or fetched by one process for all."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Final, Protocol

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.contract import Arrival, Channel, Json, SendFailure
from bot.delivery import Delivery
from bot.delivery_figures import count_arrival
from bot.delivery_ledger import Ledger
from bot.statements import insert_new
from knowledge.records.delivery import ChannelState

_LEASE: Final = timedelta(seconds=90)  # longer than one fetch may take
_AFTER_FAULT: Final = 3.0
_OTHERS_FETCH: Final = 10.0
_AGAIN: Final = 15.0

log = structlog.get_logger(__name__)


class Fetched(Channel, Protocol):
    """A channel whose payloads can be fetched."""

    async def fetch(self) -> list[Json]:
        """What has come since; waits a while for something to come."""
        ...

    def stored(self, payloads: list[Json]) -> None:
        """These need not be handed out again."""
        ...


class Door:
    """Reads payloads of one channel and keeps what they say."""

    def __init__(
        self,
        channel: Channel,
        delivery: Delivery,
        aside: Callable[[Json], Awaitable[bool]] | None = None,
    ) -> None:
        self.channel = channel
        self._delivery = delivery
        self._aside = aside  # takes what is answered at once and never stored

    async def take(self, payload: Json) -> None:
        """Return once the message in the payload, if there is one, is kept."""
        if self._aside and await self._aside(payload):
            return
        if arrival := self._read(payload):
            await self._delivery.receive(arrival)

    async def take_all(self, payloads: Iterable[Json]) -> None:
        """The same for several, in one transaction."""
        rest = [one for one in payloads if not (self._aside and await self._aside(one))]
        await self._delivery.receive_all([found for one in rest if (found := self._read(one))])

    def _read(self, payload: Json) -> Arrival | None:
        try:
            arrival = self.channel.read(payload)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Its words may quote the payload; a platform would repeat it for ever if we refused it.
            log.warning("payload_unread", channel=self.channel.name, error=type(error).__name__)
            count_arrival(self.channel.name, "unread")
            return None
        if arrival is None:
            count_arrival(self.channel.name, "ignored")
        return arrival


class Fetcher:
    """Fetches payloads of one channel until cancelled; of several processes one does it."""

    def __init__(self, channel: Fetched, door: Door, ledger: Ledger) -> None:
        self._channel = channel
        self._door = door
        self._ledger = ledger
        self._me = secrets.token_hex(8)

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            try:
                if not await self._ledger.written(self._hold):
                    await asyncio.sleep(_OTHERS_FETCH)
                    continue
                payloads = await self._channel.fetch()
                await self._door.take_all(payloads)
                self._channel.stored(payloads)
            except SendFailure as failure:
                log.warning("not_fetched", channel=self._channel.name, why=failure.why)
                await asyncio.sleep(_AFTER_FAULT)
            except SQLAlchemyError as error:
                log.error("fetched_not_stored", error=type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(_AFTER_FAULT)

    def _hold(self, session: Session) -> bool:
        """Whether this process is the one that fetches; it stays so while it renews."""
        now = self._ledger.now()
        insert_new(session, ChannelState, [{"channel": self._channel.name}])
        mine = or_(
            ChannelState.poller.is_(None),
            ChannelState.poller == self._me,
            ChannelState.poller_until < now,
        )
        state = session.scalars(
            select(ChannelState)
            .where(ChannelState.channel == self._channel.name, mine)
            .with_for_update(skip_locked=True)
        ).first()
        if state is None:
            return False
        state.poller, state.poller_until = self._me, now + _LEASE
        return True


async def until_reached(channel: str, prepare: Callable[[], Awaitable[None]]) -> None:
    """Return once the platform has been reached; it may be blocked or down for a while."""
    while True:
        try:
            return await prepare()
        except SendFailure as failure:
            log.warning("channel_not_reached", channel=channel, why=failure.why)
            await asyncio.sleep(_AGAIN)
