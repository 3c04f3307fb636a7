"""Telegram, with python-telegram-bot as transport."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final, cast

from telegram import Bot
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData

from bot.channels.contract import (
    AnswerUnread,
    Arrival,
    Call,
    Json,
    Moved,
    Pacing,
    Recipient,
    Refused,
    SendFailure,
    TryLater,
    Unreachable,
    Why,
)
from bot.channels.telegram_account import UPDATES, set_webhook, show_menu
from bot.channels.telegram_reading import CHANNEL, chat_of, conversation_of, read_update
from bot.channels.telegram_rendering import render_reply
from bot.channels.telegram_transport import Fields, NotTaken, Transport, Unreadable
from bot.config import expect_timedeltas
from bot.messages import Reply

PACING: Final = Pacing(per_second=28)  # 30 are allowed
POLL_SECONDS: Final = 25
expect_timedeltas()  # as `retry_after`: a plain number is deprecated
_HARMLESS: Final = ("query is too old", "message is not modified", "query id is invalid")
_GONE: Final = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid")
_NO_EDIT: Final = ("message to edit not found", "message can't be edited")


class Telegram:
    """The channel. `api_url` may be a self-hosted Bot API server."""

    name = CHANNEL
    reply_window: timedelta | None = None

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://api.telegram.org",
        pacing: Pacing = PACING,
    ) -> None:
        self.pacing = pacing
        self._bot_id = token.partition(":")[0]
        self._username = ""
        self._next: int | None = None
        self._polling = Transport(connections=1, read_timeout=35, connect_timeout=10)
        self._requests = Transport(
            connections=pacing.lanes + 4, read_timeout=20, connect_timeout=10
        )
        self.bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            request=self._requests,
            get_updates_request=self._polling,
        )

    async def introduce(self) -> None:
        """Learn the bot's own name, so that groups can call it."""
        try:
            await self.bot.initialize()
        except TelegramError as error:
            raise failure_of(error) from None
        self._username = self.bot.username

    async def prepare(self, webhook: tuple[str, str] | None = None) -> None:
        """Show the menu, and say where updates should go.

        `webhook` is its address and secret; without one a former webhook is ended.
        """
        await self.introduce()
        try:
            await show_menu(self.bot)
            if webhook:
                await set_webhook(self.bot, *webhook)
            else:
                await self.bot.delete_webhook()
        except TelegramError as error:
            raise failure_of(error) from None

    async def fetch(self) -> list[Json]:
        """Updates after those that were stored; Telegram holds the request until there are some.

        They are not turned into the library's objects: one that it cannot read would hold up all.
        """
        fields: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": UPDATES}
        if self._next is not None:
            fields["offset"] = self._next
        try:
            updates = await self._polling.post(
                f"{self.bot.base_url}/getUpdates",
                cast(RequestData, Fields(**fields)),
                read_timeout=POLL_SECONDS + 10,
            )
        except TelegramError as error:
            raise failure_of(error) from None
        return cast(list[Json], updates)

    def stored(self, payloads: list[Json]) -> None:
        """The next request tells Telegram that these have been received."""
        for payload in payloads:
            self._next = max(self._next or 0, int(payload["update_id"]) + 1)

    def read(self, payload: Json) -> Arrival | None:
        """What an update says."""
        return read_update(payload, bot_id=self._bot_id, username=self._username)

    def render(self, reply: Reply, to: Recipient) -> tuple[Call, ...]:
        """The reply as requests."""
        return render_reply(reply, to)

    def is_group(self, conversation_id: str) -> bool:
        """Groups have negative numbers."""
        return chat_of(conversation_id) < 0

    async def send(self, conversation_id: str, call: Call) -> None:
        """Make the request; what Telegram objects to becomes one of our failures."""
        request = self._request(chat_of(conversation_id), call)
        try:
            await request
        except TelegramError as error:
            if not _is_harmless(error):
                raise failure_of(error) from None
        except (AttributeError, KeyError, TypeError, ValueError):
            # A refusal is a TelegramError: here the library cannot read what was accepted.
            raise AnswerUnread from None

    def _request(self, chat: int, call: Call) -> Awaitable[object]:
        payload = call.payload
        match call.method:
            case "answerCallbackQuery":
                return self.bot.answer_callback_query(payload["callback_query_id"])
            case "editMessageText":
                return self._edit(chat, payload)
            case _:
                return self._say(chat, payload)

    async def _say(self, chat: int, payload: Json) -> None:
        fields = {"chat_id": chat, **_content(payload)}
        if thread := payload.get("thread"):
            fields["message_thread_id"] = int(thread)
        if reply_to := payload.get("reply_to"):
            fields["reply_parameters"] = {
                "message_id": int(reply_to),
                "allow_sending_without_reply": True,
            }
        await self._call("sendMessage", fields)

    async def _edit(self, chat: int, payload: Json) -> None:
        fields = {"chat_id": chat, "message_id": int(payload["message_id"]), **_content(payload)}
        try:
            await self._call("editMessageText", fields)
        except BadRequest as error:
            if not _says(error, _NO_EDIT):
                raise
            await self._say(chat, payload)

    async def _call(self, method: str, fields: dict[str, Any]) -> None:
        """The library's transport without its objects, which cost three times the request.

        They would check nothing that was not made here, and nobody reads what Telegram answers.
        """
        await self._requests.post(
            f"{self.bot.base_url}/{method}", cast(RequestData, Fields(**fields))
        )

    async def show_typing(self, conversation_id: str) -> None:
        """A nicety: if it fails, nothing is lost."""
        try:
            await self.bot.send_chat_action(chat_of(conversation_id), ChatAction.TYPING)
        except TelegramError:
            return

    async def close(self) -> None:
        """Close the connections; the library leaves them open where the bot was not introduced."""
        await self.bot.shutdown()
        await self._polling.shutdown()
        await self._requests.shutdown()


def _content(payload: Json) -> dict[str, Any]:
    """What a message shows."""
    fields = {
        "text": payload["text"],
        "parse_mode": ParseMode.HTML.value,
        "link_preview_options": {"is_disabled": True},
    }
    if rows := payload.get("keyboard"):
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


def _is_harmless(error: TelegramError) -> bool:
    """What was asked for is so already, or matters no more."""
    return isinstance(error, BadRequest) and _says(error, _HARMLESS)


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    return any(word in error.message.lower() for word in words)


def failure_of(error: TelegramError) -> SendFailure:
    """Telegram's objection as one of our failures. Its words may name a chat: they are not kept."""
    match error:
        case Unreadable():
            failure: SendFailure = AnswerUnread()
        case RetryAfter():
            failure = TryLater(Why.RATE, after=_seconds(error))
        case ChatMigrated(new_chat_id=int(new)):
            failure = Moved(conversation_of(new))
        case InvalidToken() | Conflict():
            failure = TryLater(Why.TOKEN, after=60, for_all=True)
        case Forbidden():
            failure = Unreachable(Why.BLOCKED)
        case BadRequest():
            failure = Unreachable(Why.BLOCKED) if _says(error, _GONE) else Refused(Why.REFUSED)
        case TimedOut():
            failure = TryLater(Why.TIMEOUT, in_doubt=True)
        case NotTaken():
            failure = TryLater(Why.NETWORK)
        case _:
            failure = TryLater(Why.NETWORK, in_doubt=True)
    return failure


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
