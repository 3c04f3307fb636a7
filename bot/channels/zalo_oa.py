"""A Zalo Official Account: consultation messages, with tokens that are renewed in time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

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
    WindowClosed,
)
from bot.channels.zalo_http import ZaloHttp
from bot.channels.zalo_oa_reading import CHANNEL, read_event, user_of
from bot.channels.zalo_oa_rendering import render_reply
from bot.messages import Reply

API: Final = "https://openapi.zalo.me"
PACING: Final = Pacing(per_second=20, chat_burst=5, chat_per_second=2)
REPLY_WINDOW: Final = timedelta(hours=48)
TOKEN_REJECTED: Final = -216
_HOUR: Final = 3600.0

# What each of Zalo's error numbers means for the message that met it.
ERRORS: Final[dict[int, Callable[[], SendFailure]]] = {
    -32: lambda: TryLater(Why.RATE, after=5, for_all=True),
    -201: lambda: Refused(Why.REFUSED),
    -211: lambda: TryLater(Why.QUOTA, after=_HOUR, for_all=True),
    -213: lambda: Unreachable(Why.NOT_FOLLOWING),
    TOKEN_REJECTED: lambda: TryLater(Why.TOKEN, after=60, for_all=True),
    -224: lambda: Refused(Why.PACKAGE),
    -230: lambda: WindowClosed(Why.WINDOW),
    -305: lambda: WindowClosed(Why.WINDOW),
    -311: lambda: WindowClosed(Why.REPLIES_USED),
}


class Tokens(Protocol):
    """Keeps the access token for all processes."""

    async def current(self) -> str:
        """The token to use now; may raise TryLater."""
        ...

    async def renewed(self, rejected: str) -> str:
        """Another token than the one that was rejected."""
        ...


class ZaloOa:
    """The channel. `api_url` may be a stand-in."""

    name = CHANNEL
    reply_window: timedelta | None = REPLY_WINDOW

    def __init__(
        self, http: ZaloHttp, tokens: Tokens, *, api_url: str = API, image: str | None = None
    ) -> None:
        self.pacing = PACING
        self._http = http
        self._tokens = tokens
        self._address = f"{api_url.rstrip('/')}/v3.0/oa/message/cs"
        self._image = image

    def read(self, payload: Json) -> Arrival | None:
        """What an event says."""
        return read_event(payload)

    def render(self, reply: Reply, to: Recipient) -> tuple[Call, ...]:
        """The reply as consultation messages."""
        return render_reply(reply, to, self._image)

    def is_group(self, conversation_id: str) -> bool:
        """An Official Account talks with one citizen at a time."""
        return False

    async def send(self, conversation_id: str, call: Call) -> None:
        """Send one message; a rejected token is renewed once, and the message sent again."""
        body = {"recipient": {"user_id": user_of(conversation_id)}, **call.payload}
        token = await self._tokens.current()
        error = await self._post(token, body)
        if error == TOKEN_REJECTED:
            error = await self._post(await self._tokens.renewed(token), body)
        if error:
            raise failure_of(error)

    async def _post(self, token: str, body: Json) -> int:
        answer = await self._http.post_json(self._address, body, {"access_token": token})
        error = answer.get("error", 0)
        return error if isinstance(error, int) else -1

    async def show_typing(self, conversation_id: str) -> None:
        """Zalo offers nothing for it."""

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def failure_of(error: int) -> SendFailure:
    """Zalo's error as one of our failures; an unknown one may pass by itself."""
    known = ERRORS.get(error)
    return known() if known else TryLater(Why.FAULT)
