"""The webhooks: who may post, what is read, and 200 only when the message is kept."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.contract import Json
from bot.delivery_figures import count_arrival

LARGEST_BODY: Final = 256 * 1024
SECONDS_TO_READ: Final = 3.0
SECONDS_TO_KEEP: Final = 1.5  # Zalo waits two seconds, and repeats what was not acknowledged
_NOTHING: Final = [(b"content-length", b"0"), (b"x-content-type-options", b"nosniff")]

log = structlog.get_logger(__name__)
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Webhook:
    """One platform's way in."""

    channel: str
    path: str
    may_enter: Callable[[Headers], bool]  # looks at the headers, before the body is read
    is_genuine: Callable[[Headers, bytes], bool]  # looks at the whole request
    take: Callable[[Json], Awaitable[None]]


class Gate:
    """Stands before the web application and takes what platforms post, by the shortest way."""

    def __init__(self, app: ASGIApp, webhooks: Sequence[Webhook]) -> None:
        self._app = app
        self._webhooks = {f"/webhooks{webhook.path}": webhook for webhook in webhooks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a platform's request; pass any other on."""
        webhook = self._webhooks.get(scope.get("path", "")) if scope["type"] == "http" else None
        if webhook is None:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            await _answer(HTTPStatus.METHOD_NOT_ALLOWED, send)
        else:
            await _answer(await _status_of(webhook, Request(scope, receive)), send)


async def _answer(status: HTTPStatus, send: Send) -> None:
    head = {"type": "http.response.start", "status": status.value, "headers": _NOTHING}
    await send(head)
    await send({"type": "http.response.body", "body": b""})


def has_secret(headers: Headers, name: str, secret: str) -> bool:
    """Whether the header holds the secret, in a time that tells nothing about it."""
    return hmac.compare_digest(headers.get(name, "").encode(), secret.encode())


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


async def _status_of(webhook: Webhook, request: Request) -> HTTPStatus:
    """What the platform is told: 200 once the message is kept."""
    try:
        await _keep(webhook, await _payload(webhook, request))
    except _Refused as refused:
        count_arrival(webhook.channel, refused.why)
        return refused.status
    except ClientDisconnect:
        count_arrival(webhook.channel, "gone")
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.OK


async def _payload(webhook: Webhook, request: Request) -> Json:
    if not webhook.may_enter(request.headers):
        raise _Refused(HTTPStatus.UNAUTHORIZED, "wrong_secret")
    body = await _body(request)
    if not webhook.is_genuine(request.headers, body):
        raise _Refused(HTTPStatus.UNAUTHORIZED, "forged")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(HTTPStatus.BAD_REQUEST, "no_json") from None
    if not isinstance(payload, dict):
        raise _Refused(HTTPStatus.BAD_REQUEST, "no_json")
    return payload


async def _body(request: Request) -> bytes:
    """The body, read no further than allowed and for no longer than a platform needs."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_big")
    parts, size = [], 0
    try:
        async with asyncio.timeout(SECONDS_TO_READ):
            async for part in request.stream():
                size += len(part)
                if size > LARGEST_BODY:
                    raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_big")
                parts.append(part)
    except TimeoutError:
        raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "too_slow") from None
    return b"".join(parts)


async def _keep(webhook: Webhook, payload: Json) -> None:
    try:
        async with asyncio.timeout(SECONDS_TO_KEEP):
            await webhook.take(payload)
    except Exception as error:
        # Not kept, or not surely: the platform repeats it, and a repeat is noticed.
        log.error("webhook_not_kept", channel=webhook.channel, error=type(error).__name__)  # noqa: TRY400
        raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not_kept") from None
