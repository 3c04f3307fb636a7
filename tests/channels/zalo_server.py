"""A stand-in for Zalo: Official Account, OAuth and Bot Platform, strict and able to misbehave."""

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.channels.http_server import HttpServer, garbled
from tests.channels.zalo_bot_platform import BOT_TOKEN, Shown, ZaloBotPlatform
from tests.channels.zalo_rules import ZaloError, check_message

APP_ID, APP_SECRET, OA_SECRET = "4242", "app-secret", "oa-secret-key"
OA_ID, FIRST_REFRESH = "900", "refresh-0"
HOUR = 3600


@dataclass
class Account:
    """Tokens of the Official Account."""

    access: str = "none-yet"
    refresh: str = FIRST_REFRESH
    used: list[str] = field(default_factory=list)
    refreshes: int = 0


class ZaloServer(ZaloBotPlatform):
    """Holds what citizens see; `say` and `press` are what they do."""

    def __init__(self) -> None:
        super().__init__()
        self._http = HttpServer(self._handle)
        self.account = Account()
        self.webhook = ""
        self.last_words: dict[str, float] = {}
        self.not_following: set[str] = set()
        self.errors: list[int] = []
        self.statuses: list[int] = []
        self.garbled: list[
            tuple[str, str]
        ] = []  # body and media of answers to what was carried out
        self.refresh_delay = 0.0
        self.skew = 0.0  # seconds by which the citizens' last words are older than they are

    def start(self) -> "ZaloServer":
        self._http.start()
        return self

    def stop(self) -> None:
        self._http.stop()
        self._posting.close()

    @property
    def url(self) -> str:
        return self._http.url

    def shown(self, user: str) -> list[Shown]:
        with self._lock:
            return [message for message in self.messages if message.user == user]

    # The Official Account: citizens.

    def say(self, user: str, text: str) -> dict[str, Any]:
        message = {"msg_id": str(next(self._ids)), "text": text}
        return self.event("user_send_text", sender={"id": user}, message=message)

    def press(self, shown: Shown, title: str) -> dict[str, Any]:
        return self.say(shown.user, shown.button(title)["payload"])

    def event(self, name: str, **parts: Any) -> dict[str, Any]:
        """Post an event to the webhook, signed."""
        who = parts.get("sender") or parts.get("follower")
        if who and not name.startswith("oa_"):
            self.last_words[who["id"]] = time.time()
        event = {
            "app_id": APP_ID,
            "event_name": name,
            "timestamp": str(int(time.time() * 1000)),
            "recipient": {"id": OA_ID},
            **parts,
        }
        self.deliver(event)
        return event

    def deliver(self, event: dict[str, Any], *, signature: str | None = None) -> int:
        body = json.dumps(event, ensure_ascii=False).encode()
        signed = signature or sign(body, event["timestamp"])
        headers = {"X-ZEvent-Signature": signed, "Content-Type": "application/json"}
        return self._posting.post(
            self.webhook, content=body, headers=headers, timeout=10
        ).status_code

    # The servers.

    async def _handle(self, request: Request) -> Response:
        path, body = request.path_params["path"], await request.body()
        if self.statuses:
            return Response("", self.statuses.pop(0))
        answer = await self._answer(request, path, body)
        if self.garbled and "message" in path.lower():
            return garbled(*self.garbled.pop(0))
        return answer

    async def _answer(self, request: Request, path: str, body: bytes) -> Response:
        try:
            if path == "v3.0/oa/message/cs":
                return self._consult(request, json.loads(body))
            if path == "v4/oa/access_token":
                return await self._refresh(request, dict(parse_qsl(body.decode())))
            if path.startswith(f"bot{BOT_TOKEN}/"):
                return await self._bot(path.rpartition("/")[2], json.loads(body or b"{}"))
        except ZaloError as error:
            return JSONResponse({"error": error.number, "message": error.message})
        return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    def _consult(self, request: Request, body: dict[str, Any]) -> Response:
        with self._lock:
            if self.errors:
                raise ZaloError(self.errors.pop(0))
            if request.headers.get("access_token") != self.account.access:
                raise ZaloError(-216, "Access token is invalid")
            user = body["recipient"]["user_id"]
            self._check_window(user)
            check_message(body["message"])
            self.messages.append(Shown(user, body["message"]))
        data = {"message_id": str(next(self._ids)), "user_id": user}
        return JSONResponse({"error": 0, "message": "Success", "data": data})

    def _check_window(self, user: str) -> None:
        if user in self.not_following:
            raise ZaloError(-213, "User has not followed OA")
        age = time.time() + self.skew - self.last_words.get(user, 0)
        if age > 7 * 24 * HOUR:
            raise ZaloError(-230, "User has not interacted with the OA in the past 7 days")
        if age > 48 * HOUR:
            raise ZaloError(-305)

    async def _refresh(self, request: Request, form: dict[str, str]) -> Response:
        await asyncio.sleep(self.refresh_delay)
        if request.headers.get("secret_key") != APP_SECRET or form.get("app_id") != APP_ID:
            raise ZaloError(-14002, "Invalid secret key")
        if form.get("grant_type") != "refresh_token":
            raise ZaloError(-14001, "Invalid grant type")
        with self._lock:
            account = self.account
            if form.get("refresh_token") != account.refresh:
                raise ZaloError(-14014, "Invalid refresh token")
            account.refreshes += 1
            account.used.append(account.refresh)
            account.access = f"access-{account.refreshes}"
            account.refresh = f"refresh-{account.refreshes}"
            answer = {"access_token": account.access, "refresh_token": account.refresh}
        return JSONResponse({**answer, "expires_in": "90000"})


def sign(body: bytes, timestamp: str, *, secret: str = OA_SECRET) -> str:
    whole = APP_ID.encode() + body + timestamp.encode() + secret.encode()
    return f"mac={hashlib.sha256(whole).hexdigest()}"
