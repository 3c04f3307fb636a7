"""Examines Telegram: the token, the way updates take, groups and inline mode."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from telegram import User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.findings import Findings, has_address, plain
from bot.channels.telegram import Telegram
from bot.channels.telegram_account import set_webhook, show_menu, webhook_url
from bot.channels.telegram_reading import CHANNEL
from bot.config import Settings

_TOKEN: Final = re.compile(r"\d+:[\w-]{20,}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MANY: Final = 100
Work = Callable[[Telegram], Awaitable[None]]


class TelegramDoctor:
    """One examination."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = plain(settings.telegram_token)
        self._secret = plain(settings.telegram_webhook_secret)
        self._found = Findings(CHANNEL)

    async def examine(self) -> Findings:
        """Settings first; then Telegram is asked."""
        if not self._token:
            self._found.note("telegram_off")
        elif self._token_is_good():
            may_be_called = self._webhook_is_good()
            await self._with_bot(self._ask if may_be_called else self._introduce)
        return self._found

    async def set_webhook(self) -> Findings:
        """Register the webhook and the menu."""
        if not self._token:
            self._found.note("telegram_off")
        elif not self._secret:
            self._found.bad("webhook_secret_missing", name="MOTCUA_TELEGRAM_WEBHOOK_SECRET")
        elif self._token_is_good() and self._webhook_is_good():
            await self._with_bot(self._register)
        return self._found

    def _token_is_good(self) -> bool:
        if _TOKEN.fullmatch(self._token):
            return True
        self._found.bad("telegram_token_shape")
        return False

    def _webhook_is_good(self) -> bool:
        if not self._secret:
            return True
        if not _SECRET.fullmatch(self._secret):
            self._found.bad("telegram_secret_shape")
            return False
        return has_address(self._found, self._settings.public_url)

    async def _with_bot(self, work: Work) -> None:
        channel = Telegram(self._token, api_url=self._settings.telegram_api_url)
        try:
            await work(channel)
        except InvalidToken:
            self._found.bad("telegram_token_wrong")
        except TelegramError:
            self._found.bad("telegram_not_reached", url=self._settings.telegram_api_url)
        finally:
            await channel.close()

    async def _introduce(self, channel: Telegram) -> None:
        me = await channel.bot.get_me()
        self._found.good("telegram_bot", name=me.username or "")
        self._about_account(me)

    async def _ask(self, channel: Telegram) -> None:
        await self._introduce(channel)
        self._about_webhook(await channel.bot.get_webhook_info())

    def _about_account(self, me: User) -> None:
        if not me.supports_inline_queries:
            self._found.note("telegram_inline_off")

    def _about_webhook(self, info: WebhookInfo) -> None:
        if self._secret:
            wanted = webhook_url(self._settings.public_url or "")
            if info.url == wanted:
                self._found.good("webhook_good", url=wanted)
            else:
                self._found.bad("webhook_elsewhere", url=wanted)
        elif info.url:
            self._found.note("telegram_webhook_left")
        else:
            self._found.good("polling_good")
        if info.last_error_message:
            self._found.note("telegram_webhook_error", error=info.last_error_message)
        if info.pending_update_count > _MANY:
            self._found.note("telegram_pending", count=info.pending_update_count)

    async def _register(self, channel: Telegram) -> None:
        url = webhook_url(self._settings.public_url or "")
        await set_webhook(channel.bot, url, self._secret)
        await show_menu(channel.bot)
        self._found.good("webhook_set", url=url)
