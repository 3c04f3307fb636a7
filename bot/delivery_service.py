"""All channels of one process: opened from the settings, run beside the web application."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import structlog
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from bot.assistant import Assistant
from bot.channels.contract import Channel, Pacing
from bot.channels.pictures import picture_route
from bot.channels.telegram import PACING
from bot.channels.webhooks import Gate
from bot.config import Settings
from bot.conversations import Conversations
from bot.delivery import Delivery
from bot.delivery_ledger import Ledger
from bot.delivery_lines import Line, TelegramLine
from bot.delivery_sending import LEASE
from bot.delivery_zalo import ZaloBotLine, ZaloOaLine
from bot.sharing import Sharing
from bot.shelf import Shelf

_AFTER_FAULT: Final = 5.0

log = structlog.get_logger(__name__)


class Parts(Protocol):
    """What of the application the channels need."""

    @property
    def settings(self) -> Settings: ...

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def assistant(self) -> Assistant: ...

    @property
    def conversations(self) -> Conversations: ...

    @property
    def shelves(self) -> Callable[[], Shelf]: ...


@dataclass(frozen=True)
class Tuning:
    """What tests and benchmarks set otherwise."""

    telegram: Pacing = PACING
    zalo: Pacing | None = None  # in place of what the two platforms allow
    lease: timedelta = LEASE


class Service:
    """Everything that receives and sends, except the web chat."""

    def __init__(self, parts: Parts, tuning: Tuning | None = None) -> None:
        quiet_libraries()
        tuning = tuning or Tuning()
        self._ledger = Ledger(parts.sessions)
        self.lines = _lines(parts, tuning, self._ledger)
        self.channels: list[Channel] = [line.channel for line in self.lines]
        for channel in self.channels:
            if tuning.zalo and channel.name.startswith("zalo"):
                channel.pacing = tuning.zalo
        self.delivery = Delivery(
            self._ledger, parts.assistant, parts.conversations, self.channels, tuning.lease
        )
        self._webhooks = [hook for line in self.lines if (hook := line.webhook(self.delivery))]

    def join(self, web: FastAPI) -> None:
        """Let the web application bring in webhooks, and run the channels while it runs."""
        web.add_middleware(Gate, webhooks=self._webhooks)
        web.include_router(picture_route())
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
        """Receive, answer and send until cancelled; what breaks is started anew."""
        while True:
            try:
                await self._run()
            except* Exception as group:
                kinds = sorted({type(error).__name__ for error in group.exceptions})
                log.error("channels_broke", errors=kinds)  # noqa: TRY400 (words may quote)
            await asyncio.sleep(_AFTER_FAULT)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.delivery.run())
            for line in self.lines:
                tasks.create_task(line.run(self.delivery, self._ledger))


def quiet_libraries() -> None:
    """Keep the addresses and answers of requests out of the log: they hold tokens and words."""
    for name in ("aiohttp", "httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _lines(parts: Parts, tuning: Tuning, ledger: Ledger) -> list[Line]:
    settings = parts.settings
    lines: list[Line] = []
    if settings.telegram_token and is_wanted(settings, "telegram"):
        lines.append(TelegramLine(settings, Sharing(parts.shelves), tuning.telegram))
    if settings.zalo_oa_secret_key and is_wanted(settings, "zalo-oa"):
        lines.append(ZaloOaLine(settings, ledger))
    if settings.zalo_bot_token and is_wanted(settings, "zalo-bot"):
        lines.append(ZaloBotLine(settings))
    return lines


def is_wanted(settings: Settings, channel: str) -> bool:
    """Whether `--channels` leaves it running."""
    return not settings.channels or channel in settings.channels
