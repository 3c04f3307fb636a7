"""Requests to Zalo's servers; what goes wrong on the way becomes one of our failures."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import httpx

from bot.channels.contract import AnswerUnread, Json, SendFailure, TryLater, Why

# Zalo says 200 to everything, so of an answer that broke off only a "yes" in what is left counts.
_YES: Final = re.compile(rb'"message_id"\s*:|"error"\s*:\s*0\b|"ok"\s*:\s*true\b')
_TIMEOUT: Final = httpx.Timeout(20, connect=10)


class ZaloHttp:
    """One pool of connections."""

    def __init__(self, *, lanes: int) -> None:
        limits = httpx.Limits(max_connections=lanes + 4)
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, limits=limits)

    async def post_json(self, url: str, body: Json, headers: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a JSON request."""
        return await self._post(url, headers=headers, json=body)

    async def post_form(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The answer to a form."""
        return await self._post(url, headers=headers, data=form)

    async def _post(self, url: str, **request: Any) -> dict[str, Any]:
        try:
            response = await self._client.post(url, **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise TryLater(Why.NETWORK) from None
        except httpx.TimeoutException:
            raise TryLater(Why.TIMEOUT, in_doubt=True) from None
        except httpx.HTTPError:
            raise TryLater(Why.NETWORK, in_doubt=True) from None
        if failure := _failure_of(response):
            raise failure
        return _json(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _failure_of(response: httpx.Response) -> SendFailure | None:
    """Zalo answers 200 also for its own errors; anything else comes from the way there."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        after = response.headers.get("retry-after", "")
        return TryLater(Why.RATE, after=float(after) if after.isdigit() else None)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater(Why.NETWORK, in_doubt=True)
    return None


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        raise _unread(response.content) from None
    if not isinstance(answer, dict):
        raise TryLater(Why.NETWORK, in_doubt=True)
    return answer


def _unread(body: bytes) -> SendFailure:
    """What an answer that cannot be read means: sent, or worth another attempt."""
    return AnswerUnread() if _YES.search(body) else TryLater(Why.NETWORK, in_doubt=True)
