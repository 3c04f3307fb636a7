"""Examines Zalo: what of the settings is missing, how old the tokens are, where the bot posts to."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from bot.channels import zalo_bot, zalo_oa_reading
from bot.channels.contract import SendFailure, Why
from bot.channels.findings import Findings, has_address, plain
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_http import ZaloHttp
from bot.config import Settings
from bot.delivery_tokens import ALARM_AFTER
from knowledge.records.delivery import ZaloToken

_OA_SETTINGS: Final = (
    "zalo_oa_app_id",
    "zalo_oa_app_secret",
    "zalo_oa_secret_key",
    "zalo_oa_refresh_token",
)

Work = Callable[[ZaloBot], Awaitable[None]]


class ZaloOaDoctor:
    """One examination of the Official Account. Zalo tells nobody which webhook is registered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found = Findings(zalo_oa_reading.CHANNEL)

    def examine(self, token: ZaloToken | None, now: datetime) -> Findings:
        """The settings and the stored tokens."""
        if self._is_complete():
            self.tell_webhook()
            about_token(self._found, token, now)
        return self._found

    def tell_webhook(self) -> Findings:
        """Where an administrator enters the address by hand."""
        if self._is_complete() and has_address(self._found, self._settings.public_url):
            self._found.note("zalo_oa_webhook", url=self._url())
        return self._found

    def _is_complete(self) -> bool:
        missing = [name for name in _OA_SETTINGS if not getattr(self._settings, name)]
        if len(missing) == len(_OA_SETTINGS):
            self._found.note("zalo_oa_off")
        elif missing:
            names = ", ".join(f"MOTCUA_{name.upper()}" for name in missing)
            self._found.bad("settings_missing", names=names)
        return not missing

    def _url(self) -> str:
        return f"{(self._settings.public_url or '').rstrip('/')}/webhooks/zalo-oa"


def about_token(found: Findings, token: ZaloToken | None, now: datetime) -> None:
    """Whether the stored tokens are good, and for how long they have not been renewed."""
    if token and token.failed:
        found.bad("zalo_oa_refused")
    elif token is None or not token.access_token:
        found.note("zalo_oa_no_token_yet")
    elif (age := now - token.refreshed_at) > ALARM_AFTER:
        found.bad("zalo_oa_token_old", days=age.days)
    else:
        found.good("zalo_oa_token_good", days=age.days)


class ZaloBotDoctor:
    """One examination of the bot."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = plain(settings.zalo_bot_token)
        self._secret = plain(settings.zalo_bot_webhook_secret)
        self._found = Findings(zalo_bot.CHANNEL)

    async def examine(self) -> Findings:
        """Settings first; then Zalo is asked."""
        if not self._token:
            self._found.note("zalo_bot_off")
            return self._found
        may_be_called = self._settings_are_good()
        await self._with_bot(self._ask if may_be_called else self._introduce)
        return self._found

    async def set_webhook(self) -> Findings:
        """Register the webhook."""
        if not self._token:
            self._found.note("zalo_bot_off")
        elif not self._secret:
            self._found.bad("webhook_secret_missing", name="MOTCUA_ZALO_BOT_WEBHOOK_SECRET")
        elif self._settings_are_good():
            await self._with_bot(self._register)
        return self._found

    def _settings_are_good(self) -> bool:
        if not self._secret:
            return True
        if not zalo_bot.SHORTEST_SECRET <= len(self._secret) <= zalo_bot.LONGEST_SECRET:
            self._found.bad("zalo_bot_secret_shape")
            return False
        return has_address(self._found, self._settings.public_url)

    async def _with_bot(self, work: Work) -> None:
        http = ZaloHttp(lanes=1)
        api_url = self._settings.zalo_api_url or zalo_bot.API
        try:
            await work(ZaloBot(http, self._token, api_url=api_url))
        except SendFailure as failure:
            is_token = failure.why is Why.TOKEN
            self._found.bad("zalo_bot_token_wrong" if is_token else "zalo_not_reached", url=api_url)
        finally:
            await http.close()

    async def _introduce(self, bot: ZaloBot) -> None:
        me = await bot.ask("getMe", {})
        self._found.good("zalo_bot_bot", name=me.get("account_name", "?"))

    async def _ask(self, bot: ZaloBot) -> None:
        await self._introduce(bot)
        url = (await bot.ask("getWebhookInfo", {})).get("url", "")
        wanted = zalo_bot.webhook_url(self._settings.public_url or "")
        if not self._secret:
            self._found.note("zalo_bot_polling")
        elif url == wanted:
            self._found.good("webhook_good", url=wanted)
        else:
            self._found.bad("webhook_elsewhere", url=wanted)

    async def _register(self, bot: ZaloBot) -> None:
        public_url = self._settings.public_url or ""
        await bot.set_webhook(public_url, self._secret)
        self._found.good("webhook_set", url=zalo_bot.webhook_url(public_url))
