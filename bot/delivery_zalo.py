"""The two lines to Zalo: the Official Account and the Bot Platform."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import zalo_bot
from bot.channels.contract import SendFailure
from bot.channels.pictures import PICTURE_PATH
from bot.channels.webhooks import Headers, Webhook, has_secret
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_http import ZaloHttp
from bot.channels.zalo_oa import API, PACING, ZaloOa
from bot.channels.zalo_oa_reading import SIGNATURE, is_signed
from bot.channels.zalo_oauth import OAUTH, Exchange
from bot.config import Settings
from bot.delivery import Delivery
from bot.delivery_doors import Door, Fetcher, until_reached
from bot.delivery_ledger import Ledger
from bot.delivery_tokens import ZaloTokens

_LOOK_EVERY: Final = 3600.0

log = structlog.get_logger(__name__)


class ZaloOaLine:
    """The Official Account: events come by webhook only; the tokens are kept fresh."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        http = ZaloHttp(lanes=PACING.lanes)
        self._app_id = settings.zalo_oa_app_id or ""
        self._secret = secret_of(settings.zalo_oa_secret_key)
        exchange = Exchange(
            http,
            self._app_id,
            secret_of(settings.zalo_oa_app_secret),
            settings.zalo_api_url or OAUTH,
        )
        self.tokens = ZaloTokens(ledger, exchange, secret_of(settings.zalo_oa_refresh_token))
        self.channel = ZaloOa(
            http,
            self.tokens,
            api_url=settings.zalo_api_url or API,
            image=picture_url(settings.public_url),
        )

    def webhook(self, delivery: Delivery) -> Webhook | None:
        """Whoever posts must have signed the body."""
        return Webhook(
            self.channel.name,
            "/zalo-oa",
            may_enter=lambda headers: SIGNATURE in headers,
            is_genuine=self._is_genuine,
            take=Door(self.channel, delivery).take,
        )

    def _is_genuine(self, headers: Headers, body: bytes) -> bool:
        return is_signed(
            headers[SIGNATURE],
            body,
            app_id=self._app_id,
            secret=self._secret,
            now=datetime.now(UTC),
        )

    async def run(self, delivery: Delivery, ledger: Ledger) -> None:
        """Renew the tokens in time, also when nobody writes."""
        while True:
            try:
                await self.tokens.keep_fresh()
            except SendFailure as failure:
                log.warning("zalo_tokens_not_renewed", why=failure.why.value)
            except SQLAlchemyError as error:
                log.error("zalo_tokens_not_read", error=type(error).__name__)  # noqa: TRY400
            await asyncio.sleep(_LOOK_EVERY)


class ZaloBotLine:
    """The Bot Platform: a webhook when there is a secret for one, else polling."""

    def __init__(self, settings: Settings) -> None:
        self.channel = ZaloBot(
            ZaloHttp(lanes=zalo_bot.PACING.lanes),
            secret_of(settings.zalo_bot_token),
            api_url=settings.zalo_api_url or zalo_bot.API,
        )
        self._secret = secret_of(settings.zalo_bot_webhook_secret)
        self._public_url = settings.public_url

    def webhook(self, delivery: Delivery) -> Webhook | None:
        """Its webhook, if there is a secret."""
        if not self._secret:
            return None
        return Webhook(
            self.channel.name,
            zalo_bot.PATH,
            may_enter=lambda headers: has_secret(headers, zalo_bot.SECRET_HEADER, self._secret),
            is_genuine=lambda headers, body: True,
            take=Door(self.channel, delivery).take,
        )

    async def run(self, delivery: Delivery, ledger: Ledger) -> None:
        """Say where updates should go; then fetch, if nobody posts to us."""
        await until_reached(self.channel.name, self._prepare)
        if not self._secret:
            await Fetcher(self.channel, Door(self.channel, delivery), ledger).run()

    async def _prepare(self) -> None:
        if not self._secret:
            await self.channel.ask("deleteWebhook", {})
        elif self._public_url:
            await self.channel.set_webhook(self._public_url, self._secret)


def picture_url(public_url: str | None) -> str | None:
    """The picture that lists show; Zalo fetches it only over https."""
    if public_url is None or not public_url.startswith("https://"):
        return None
    return f"{public_url.rstrip('/')}{PICTURE_PATH}"


def secret_of(secret: object) -> str:
    """The plain value of a setting that may be missing."""
    return secret.get_secret_value() if isinstance(secret, SecretStr) else ""
