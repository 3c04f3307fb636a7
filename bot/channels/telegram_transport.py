"""Requests of python-telegram-bot over aiohttp: a sixth of the processor time of its own httpx."""

import json
from typing import Any, Final, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_KEEP_ALIVE: Final = 60.0
_ERRORS_FROM: Final = 400
_JSON: Final = "application/json"
_HEADERS: Final = {"Content-Type": _JSON, "User-Agent": BaseRequest.USER_AGENT}


class Fields:
    """The fields of a request as they are, without the library's objects between.

    It stands in for `RequestData`, which is final.
    """

    contains_files = False

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    @property
    def json_payload(self) -> bytes:
        """The body of the request."""
        return json.dumps(self._fields).encode()


class NotTaken(NetworkError):
    """Telegram has never seen the request."""


class Unreadable(NetworkError):
    """Telegram has accepted the request, as the status tells, but its answer is cut or garbled."""

    def __init__(self) -> None:
        super().__init__("unreadable answer")


class Transport(BaseRequest):
    """Sends JSON and reads answers; proxies are taken from the environment, as elsewhere."""

    def __init__(self, *, connections: int, read_timeout: float, connect_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[tuple[str, str], str | None] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Connections are opened when they are needed."""

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. The library's own method writes what it cannot read into the log."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            raise Unreadable from None
        if not isinstance(answer, dict) or not answer.keys() & {"result", "description"}:
            raise Unreadable
        return answer

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEEP_ALIVE)
            self._session = aiohttp.ClientSession(
                connector=pool, headers=_HEADERS, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        """Looked up once a host: aiohttp's own `trust_env` asks two threads for every request."""
        parts = urlsplit(url)
        host = (parts.scheme, parts.netloc)
        if host not in self._proxies:
            proxy = None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
            self._proxies[host] = proxy
        return self._proxies[host]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of the answer; what goes wrong becomes the library's own errors."""
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=self._connect_timeout,
            sock_read=_seconds(read_timeout, self._read_timeout),
        )
        body = request_data.json_payload if request_data else None
        proxy = self._proxy_for(url)
        try:
            async with self._opened().request(
                method, url, data=body, timeout=timeout, proxy=proxy
            ) as answer:
                return answer.status, await _body(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NotTaken("no connection") from None
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # Only its kind: the words hold the address, and the address holds the token.
            raise NetworkError(type(error).__name__) from None


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """The body; empty where a "yes" broke off in the middle, for it was a "yes" all the same."""
    if answer.status >= _ERRORS_FROM:
        return await answer.read()
    if answer.content_type != _JSON:
        # Whoever blocks Telegram, or a proxy on the way: nobody has taken the request.
        raise NotTaken("not the platform's answer")
    try:
        return await answer.read()
    except (aiohttp.ClientError, TimeoutError):
        return b""


def _seconds(told: Any, usual: float) -> float:
    return usual if told is BaseRequest.DEFAULT_NONE else cast(float, told)
