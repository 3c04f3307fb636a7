"""What stands around a request: a limit on its size, safe headers, an apology when all fails."""

import traceback
from collections.abc import AsyncGenerator, Callable, Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.refusals import TOO_BIG, refusal, refuse
from bot.wording import say

LARGEST_BODY: Final = 64 * 1024
_DRAINED: Final = 16 * LARGEST_BODY  # read, not kept, so that the sender hears the answer
_FRAMES: Final = 5
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

log = structlog.get_logger(__name__)


class SmallBodyRoute(APIRoute):
    """A route whose request body has at most LARGEST_BODY bytes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, given a request that stops reading at the limit."""
        handle = super().get_route_handler()

        async def handle_small(request: Request) -> Response:
            return await handle(_SmallRequest(request.scope, request.receive))

        return handle_small


class _SmallRequest(Request):
    async def stream(self) -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in super().stream():
            size += len(chunk)
            if size > _DRAINED:
                break
            if size <= LARGEST_BODY:
                yield chunk
        if size > LARGEST_BODY:
            raise refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_BIG)


class SafeHeaders:
    """Adds the headers that every answer should have, unless the answer brought its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; mend the head of the answer."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safely)


class Apologies:
    """Turns the unexpected into an apology and a log line that holds nothing a citizen wrote."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in its stead if it fails."""
        has_started = False

        async def watch(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http":
                raise
            # An exception's own words may quote the question: only its kind and place are told.
            log.error("web_request_failed", error=type(error).__name__, at=_place_of(error))  # noqa: TRY400
            if not has_started:
                answer = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, say("apology"))
                await answer(scope, receive, send)


def _place_of(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
