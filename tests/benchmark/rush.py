"""A rush of webhooks, and a Bot API that takes what is sent: as light as they can be made.

Both stand on the same two cores as what is measured, so neither uses an HTTP library.
"""

import asyncio
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

_ANSWER = json.dumps(
    {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}
).encode()
_ME = json.dumps(
    {"ok": True, "result": {"id": 123456, "is_bot": True, "first_name": "B", "username": "b_bot"}}
).encode()
_TRUE = b'{"ok":true,"result":true}'


class Platform(asyncio.Protocol):
    """One connection of the stand-in."""

    sent = 0
    last_sent = 0.0

    def __init__(self) -> None:
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._left += data
        while (end := self._left.find(b"\r\n\r\n")) >= 0:
            head = self._left[:end].lower()
            place = head.find(b"content-length:")
            size = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._left) < end + 4 + size:
                return
            self._left = self._left[end + 4 + size :]
            self._answer(head.split(b" ", 2)[1].rsplit(b"/", 1)[1])

    def _answer(self, method: bytes) -> None:
        body = {b"sendmessage": _ANSWER, b"getme": _ME}.get(method, _TRUE)
        if method == b"sendmessage":
            Platform.sent += 1
            Platform.last_sent = time.time()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
            % (len(body), body)
        )


@dataclass
class Rush:
    """Posts updates at a steady mean rate, whether or not the former have been answered."""

    port: int
    secret: str
    rate: float
    chats: int
    connections: int = 40  # what we ask of Telegram
    due: dict[int, float] = field(default_factory=dict)  # update → when it should have been posted
    kept: dict[int, float] = field(default_factory=dict)  # update → when it was answered 200
    refused: int = 0
    first: int = field(default_factory=lambda: int(time.time()) * 1000)  # never used before

    async def run(self, texts: Iterable[str], seconds: float) -> None:
        """Post for so long."""
        waiting: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()
        posters = [asyncio.create_task(self._post(waiting)) for _ in range(self.connections)]
        choose = random.Random(self.first)
        at, over, number = time.time(), time.time() + seconds, self.first
        for text in texts:
            at += choose.expovariate(self.rate)
            if at > over:
                break
            if (wait := at - time.time()) > 0:
                await asyncio.sleep(wait)
            self.due[number] = at
            waiting.put_nowait((number, self._request(number, choose.randrange(self.chats), text)))
            number += 1
        self.first = number
        for _ in posters:
            waiting.put_nowait(None)
        await asyncio.gather(*posters)

    async def _post(self, waiting: "asyncio.Queue[tuple[int, bytes] | None]") -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while item := await waiting.get():
            number, request = item
            while True:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"HTTP/1.1 200"):
                    break
                self.refused += 1
                await asyncio.sleep(0.5)
            self.kept[number] = time.time()
        writer.close()

    def _request(self, number: int, chat: int, text: str) -> bytes:
        person = {"id": 1000 + chat, "is_bot": False, "first_name": "A"}
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": 1000 + chat, "type": "private", "first_name": "A"},
            "from": person,
            "text": text,
        }
        body = json.dumps({"update_id": number, "message": message}).encode()
        return (
            b"POST /webhooks/telegram HTTP/1.1\r\nhost: localhost\r\n"
            b"content-type: application/json\r\nx-telegram-bot-api-secret-token: %s\r\n"
            b"content-length: %d\r\n\r\n%s" % (self.secret.encode(), len(body), body)
        )
