"""The Zalo Bot Platform: plain texts; every choice is a number or a word that can be typed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from bot.channels.choices import in_words
from bot.channels.contract import (
    Arrival,
    Call,
    Json,
    Pacing,
    Recipient,
    Refused,
    SendFailure,
    TryLater,
    Unreachable,
    Why,
)
from bot.channels.splitting import split
from bot.channels.zalo_http import ZaloHttp
from bot.messages import Kind, Message, Reply

CHANNEL: Final = "zalo-bot"
API: Final = "https://bot-api.zaloplatforms.com"
SECRET_HEADER: Final = "x-bot-api-secret-token"
PATH: Final = "/zalo-bot"
SHORTEST_SECRET: Final = 8
LONGEST_SECRET: Final = 256
LONGEST: Final = 2000
PACING: Final = Pacing(per_second=10, chat_burst=5, chat_per_second=1)
POLL_SECONDS: Final = 15  # below the twenty seconds that a request may take
_KINDS: Final = {
    "message.text.received": Kind.TEXT,
    "message.image.received": Kind.PHOTO,
    "message.voice.received": Kind.VOICE,
    "message.sticker.received": Kind.OTHER,
    "message.unsupported.received": Kind.OTHER,
}


class ZaloBot:
    """The channel. `api_url` may be a stand-in."""

    name = CHANNEL
    reply_window: timedelta | None = None

    def __init__(self, http: ZaloHttp, token: str, *, api_url: str = API) -> None:
        self.pacing = PACING
        self._http = http
        self._address = f"{api_url.rstrip('/')}/bot{token}"
        self._bot_id = token.partition(":")[0]

    def read(self, payload: Json) -> Arrival | None:
        """What an update says; None for what the platform adds one day."""
        event = payload.get("result", payload)
        kind = _KINDS.get(event.get("event_name", ""))
        if kind is None:
            return None
        return _arrival(event["message"], kind, self._bot_id)

    def render(self, reply: Reply, to: Recipient) -> tuple[Call, ...]:
        """The reply as texts; the choices are lines in them."""
        texts = [in_words(bubble) for bubble in reply.bubbles]
        parts = [part for text in texts for part in split(text, LONGEST)]
        return tuple(Call("sendMessage", {"text": part}) for part in parts)

    def is_group(self, conversation_id: str) -> bool:
        """The platform knows private chats only."""
        return False

    async def send(self, conversation_id: str, call: Call) -> None:
        """Send one text."""
        body = {"chat_id": _chat_of(conversation_id), **call.payload}
        await self.ask("sendMessage", body)

    async def fetch(self) -> list[Json]:
        """One update at most. The platform hands it out only once: a webhook loses less."""
        answer = await self._http.post_json(
            f"{self._address}/getUpdates", {"timeout": str(POLL_SECONDS)}, {}
        )
        if answer.get("ok"):
            return [answer]
        if answer.get("error_code") == HTTPStatus.REQUEST_TIMEOUT:
            return []
        raise failure_of(answer)

    def stored(self, payloads: list[Json]) -> None:
        """The platform does not want to know."""

    async def set_webhook(self, public_url: str, secret: str) -> None:
        """Have updates posted to us."""
        await self.ask("setWebhook", {"url": webhook_url(public_url), "secret_token": secret})

    async def show_typing(self, conversation_id: str) -> None:
        """A nicety: if it fails, nothing is lost."""
        try:
            body = {"chat_id": _chat_of(conversation_id), "action": "typing"}
            await self.ask("sendChatAction", body)
        except SendFailure:
            return

    async def ask(self, method: str, body: Json) -> dict[str, Any]:
        """The result of a method of the platform."""
        answer = await self._http.post_json(f"{self._address}/{method}", body, {})
        if not answer.get("ok"):
            raise failure_of(answer)
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def webhook_url(public_url: str) -> str:
    """The address of our webhook."""
    return f"{public_url.rstrip('/')}/webhooks{PATH}"


def failure_of(answer: Mapping[str, Any]) -> SendFailure:
    """The platform's error as one of our failures."""
    match answer.get("error_code"):
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            failure: SendFailure = TryLater(Why.TOKEN, after=60, for_all=True)
        case HTTPStatus.TOO_MANY_REQUESTS:
            failure = TryLater(Why.RATE, after=10, for_all=True)
        case HTTPStatus.FORBIDDEN:
            failure = Unreachable(Why.BLOCKED)
        case HTTPStatus.BAD_REQUEST:
            failure = Refused(Why.REFUSED)
        case _:
            failure = TryLater(Why.FAULT)
    return failure


def _arrival(message: Mapping[str, Any], kind: Kind, bot_id: str) -> Arrival:
    stamp = int(message["date"])
    said = Message(
        CHANNEL,
        f"{bot_id}:{message['message_id']}",
        f"{CHANNEL}:{message['chat']['id']}",
        str(message.get("text", "")) if kind is Kind.TEXT else "",
        kind=kind,
    )
    return Arrival(said, stamp, said_at=datetime.fromtimestamp(stamp / 1000, UTC))


def _chat_of(conversation_id: str) -> str:
    return conversation_id.removeprefix(f"{CHANNEL}:")
