"""A line is a channel with its way in: a webhook, or fetching."""

import asyncio
from typing import Protocol

import structlog

from bot.channels.contract import Channel, Json, Pacing
from bot.channels.telegram import Telegram
from bot.channels.telegram_account import PATH, SECRET_HEADER, webhook_url
from bot.channels.telegram_inline import offer, read_inline
from bot.channels.webhooks import Webhook, has_secret
from bot.config import Settings
from bot.delivery import Delivery
from bot.delivery_doors import Door, Fetcher, until_reached
from bot.delivery_ledger import Ledger
from bot.sharing import Sharing

log = structlog.get_logger(__name__)


class Line(Protocol):
    """One channel, ready to run."""

    @property
    def channel(self) -> Channel:
        """What sends."""
        ...

    def webhook(self, delivery: Delivery) -> Webhook | None:
        """Its webhook, if it has one."""
        ...

    async def run(self, delivery: Delivery, ledger: Ledger) -> None:
        """Whatever it must do besides, until cancelled."""
        ...


class TelegramLine:
    """Telegram: a webhook when there is a secret for one, else polling."""

    def __init__(self, settings: Settings, sharing: Sharing, pacing: Pacing) -> None:
        token, secret = settings.telegram_token, settings.telegram_webhook_secret
        if token is None:
            raise ValueError("Telegram needs a token")
        self.channel = Telegram(
            token.get_secret_value(), api_url=settings.telegram_api_url, pacing=pacing
        )
        self._secret = secret.get_secret_value() if secret else ""
        self._public_url = settings.public_url
        self._sharing = sharing
        self._asides: set[asyncio.Task[None]] = set()

    def webhook(self, delivery: Delivery) -> Webhook | None:
        """Its webhook, if there is a secret."""
        if not self._secret:
            return None
        return Webhook(
            self.channel.name,
            PATH,
            may_enter=lambda headers: has_secret(headers, SECRET_HEADER, self._secret),
            is_genuine=lambda headers, body: True,
            take=self._door(delivery).take,
        )

    async def run(self, delivery: Delivery, ledger: Ledger) -> None:
        """Prepare the account; then fetch, if nobody posts to us."""
        await until_reached(self.channel.name, self._prepare)
        if not self._secret:
            await Fetcher(self.channel, self._door(delivery), ledger).run()

    async def _prepare(self) -> None:
        if not self._secret:
            await self.channel.prepare()
        elif self._public_url:
            await self.channel.prepare((webhook_url(self._public_url), self._secret))
        else:
            await self.channel.introduce()

    def _door(self, delivery: Delivery) -> Door:
        return Door(self.channel, delivery, self._share)

    async def _share(self, payload: Json) -> bool:
        """Answer an inline query at once: a second later nobody looks at it any more."""
        query = read_inline(payload)
        if query is None:
            return False
        task = asyncio.create_task(self._offer(*query))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        return True

    async def _offer(self, query: str, text: str) -> None:
        try:
            cards = await asyncio.to_thread(self._sharing.cards, text)
        except Exception as error:
            # The error's own words may quote the citizen: only its kind is told.
            log.error("not_shared", error=type(error).__name__)  # noqa: TRY400
            return
        await offer(self.channel.bot, query, cards)
