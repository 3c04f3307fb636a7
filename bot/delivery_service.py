"""All channels of one process: opened from the settings, run beside the web application."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from bot.assistant import Assistant
from bot.channels.contract import Channel, ChannelWords, Pacing, SendFailure
from bot.channels.telegram import PACING, Telegram
from bot.config import Settings
from bot.conversations import Conversations
from bot.delivery import Delivery
from bot.delivery_doors import Door, Fetcher
from bot.delivery_ledger import Ledger
from bot.delivery_sending import LEASE
from bot.wording import say

_PREPARE_AGAIN = 15.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Tuning:
    """What tests and benchmarks set otherwise."""

    telegram: Pacing = PACING
    lease: timedelta = LEASE


class Service:
    """Everything that receives and sends, except the web chat."""

    def __init__(
        self,
        settings: Settings,
        factory: sessionmaker[Session],
        assistant: Assistant,
        conversations: Conversations,
        tuning: Tuning = Tuning(),
    ) -> None:
        quiet_libraries()
        self._ledger = Ledger(factory)
        self._telegram = _telegram(settings, tuning)
        self.channels: list[Channel] = [*filter(None, [self._telegram])]
        self.delivery = Delivery(
            self._ledger, assistant, conversations, self.channels, tuning.lease
        )

    def join(self, web: FastAPI) -> None:
        """Let the web application bring in webhooks, and run the channels while it runs."""
        before = web.router.lifespan_context

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with before(app), self.running():
                yield

        web.router.lifespan_context = lifespan

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The channels run inside this block."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for channel in self.channels:
                await channel.close()
            self._ledger.close()

    async def run(self) -> None:
        """Receive, answer and send until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.delivery.run())
            if self._telegram:
                tasks.create_task(self._poll_telegram(self._telegram))

    async def _poll_telegram(self, telegram: Telegram) -> None:
        await prepared(telegram)
        await Fetcher(telegram, Door(telegram, self.delivery), self._ledger).run()


async def prepared(telegram: Telegram) -> None:
    """Return once Telegram has been reached; it may be blocked for a while."""
    while True:
        try:
            return await telegram.prepare_polling()
        except SendFailure as failure:
            log.warning("telegram_not_reached", why=failure.why)
            await asyncio.sleep(_PREPARE_AGAIN)


def channel_words() -> ChannelWords:
    """The words that channels write themselves."""
    return ChannelWords(choose_number=say("choose_number"), or_type=say("or_type"))


def quiet_libraries() -> None:
    """Keep the addresses and answers of requests out of the log: they hold tokens and words."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _telegram(settings: Settings, tuning: Tuning) -> Telegram | None:
    if settings.telegram_token is None or not is_wanted(settings, "telegram"):
        return None
    return Telegram(
        settings.telegram_token.get_secret_value(),
        channel_words(),
        api_url=settings.telegram_api_url,
        pacing=tuning.telegram,
    )


def is_wanted(settings: Settings, channel: str) -> bool:
    """Whether `--channels` leaves it running."""
    return not settings.channels or channel in settings.channels
