"""A stand-in for the Bot API: as strict as the platform, and able to misbehave on purpose."""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.channels import telegram_rules as rules
from tests.channels.http_server import HttpServer, garbled
from tests.channels.telegram_chats import BOT, Sent, TelegramChats, Trouble
from tests.channels.telegram_rules import Refusal, bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TOKEN = "123456:test-token-of-the-stand-in"


class TelegramServer(TelegramChats):
    """The Bot API over those chats."""

    def __init__(self, *, floods: bool = False) -> None:
        super().__init__()
        self._http = HttpServer(self._handle)
        self._arrivals: dict[int, deque[float]] = defaultdict(deque)
        self._floods = floods
        self._polls = 0
        self.gone: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.commands: list[dict[str, str]] = []
        self.watch: Callable[[str, dict[str, Any]], None] | None = None

    def start(self) -> "TelegramServer":
        self._http.start()
        return self

    def stop(self) -> None:
        self._http.stop()
        self._posting.close()

    @property
    def url(self) -> str:
        return self._http.url

    async def _handle(self, request: Request) -> Response:
        token, _, method = request.path_params["path"].removeprefix("bot").partition("/")
        form = await _form(request)
        try:
            _check_token(token)
            trouble = self._next_trouble(method)
            if trouble is None:
                return _ok(await self._call(method, form))
            return await self._misbehave(trouble, method, form)
        except Refusal as refusal:
            return _refused(refusal)

    def _next_trouble(self, method: str) -> Trouble | None:
        with self._lock:
            for trouble in self.troubles:
                if trouble.method == method and trouble.times > 0:
                    trouble.times -= 1
                    return trouble
        return None

    async def _misbehave(self, trouble: Trouble, method: str, form: dict[str, Any]) -> Response:
        if trouble.happens_anyway:
            await self._call(method, form)
        await asyncio.sleep(trouble.delay)
        if trouble.retry_after is not None:
            raise Refusal(429, "Too Many Requests", retry_after=trouble.retry_after)
        if trouble.body is not None:
            return garbled(trouble.body, trouble.media, cut=trouble.cut)
        if trouble.status == 200:
            return _ok(await self._call(method, form))
        return Response("Bad Gateway", trouble.status)

    async def _call(self, method: str, form: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await self._get_updates(form)
        with self._lock:
            self.calls.append((method, form))
            handler = getattr(self, f"_{method}", None)
            if handler is None:
                raise Refusal(404, "Not Found")
            result = handler(form)
        if self.watch:
            self.watch(method, form)
        return result

    async def _get_updates(self, form: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook["url"]:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._polls:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        self._polls += 1
        try:
            return await self._long_poll(int(form.get("offset", 0)), float(form.get("timeout", 0)))
        finally:
            self._polls -= 1

    async def _long_poll(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        until = time.monotonic() + min(seconds, 1.0)
        while True:
            with self._lock:
                while offset and self._queue and self._queue[0]["update_id"] < offset:
                    self._queue.popleft()
                found = list(self._queue)[:100]
            if found or time.monotonic() > until:
                return found
            await asyncio.sleep(0.01)

    def _getMe(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 (the API's name)
        return {**BOT, "can_join_groups": True, "supports_inline_queries": True}

    def _sendMessage(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        chat = self._open_chat(form)
        text, keyboard = rules.read_text(form), rules.read_keyboard(form)
        self._check_flood(chat)
        sent = Sent(chat, next(self._ids), text, keyboard, time.time(), form)
        self.messages.append(sent)
        return _as_message(sent)

    def _open_chat(self, form: dict[str, Any]) -> int:
        chat = int(form["chat_id"])
        if chat in self.gone:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.migrated:
            new = self.migrated[chat]
            raise Refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=new)
        if chat == 404:
            raise bad_request("chat not found")
        return chat

    def _check_flood(self, chat: int) -> None:
        if not self._floods:
            return
        now = time.monotonic()
        for key, most, seconds in ((0, 30, 1.0), (chat, 20, 60.0 if chat < 0 else 15.0)):
            times = self._arrivals[key]
            while times and now - times[0] > seconds:
                times.popleft()
            if len(times) >= most:
                raise Refusal(429, "Too Many Requests", retry_after=1)
            times.append(now)

    def _editMessageText(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        chat = self._open_chat(form)
        sent = next((m for m in self.messages if m.id == int(form["message_id"])), None)
        if sent is None or sent.chat != chat:
            raise bad_request("message to edit not found")
        text, keyboard = rules.read_text(form), rules.read_keyboard(form)
        if (text, keyboard) == (sent.text, sent.keyboard):
            raise bad_request("message is not modified")
        sent.text, sent.keyboard, sent.edits = text, keyboard, sent.edits + 1
        return _as_message(sent)

    def _answerCallbackQuery(self, form: dict[str, Any]) -> bool:  # noqa: N802
        query = form["callback_query_id"]
        if self._callbacks.get(query, True):
            raise bad_request(TOO_OLD)
        if len(form.get("text", "")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        self._callbacks[query] = True
        return True

    def _answerInlineQuery(self, form: dict[str, Any]) -> bool:  # noqa: N802
        query = form["inline_query_id"]
        if query not in self._inline or self._inline[query] is not None:
            raise bad_request(TOO_OLD)
        self._inline[query] = rules.check_results(form)
        return True

    def _sendChatAction(self, form: dict[str, Any]) -> bool:  # noqa: N802
        self._open_chat(form)
        if form.get("action") != "typing":
            raise bad_request("wrong parameter action in request")
        return True

    def _setMyCommands(self, form: dict[str, Any]) -> bool:  # noqa: N802
        self.commands = rules.check_commands(form)
        return True

    def _setMyDescription(self, form: dict[str, Any]) -> bool:  # noqa: N802
        if len(form.get("description", "")) > 512:
            raise bad_request("BOT_DESCRIPTION_INVALID")
        return True

    def _setMyShortDescription(self, form: dict[str, Any]) -> bool:  # noqa: N802
        if len(form.get("short_description", "")) > 120:
            raise bad_request("BOT_SHORT_DESCRIPTION_INVALID")
        return True

    def _setWebhook(self, form: dict[str, Any]) -> bool:  # noqa: N802
        secret = form.get("secret_token", "")
        if secret and not rules.SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        url = form.get("url", "")
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": url, "secret_token": secret, "allowed": form.get("allowed_updates")}
        return True

    def _deleteWebhook(self, form: dict[str, Any]) -> bool:  # noqa: N802
        self.webhook = {"url": ""}
        return True

    def _getWebhookInfo(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        with self._lock:
            waiting = len(self._queue)
        info = {"url": self.webhook["url"], "has_custom_certificate": False}
        return {**info, "pending_update_count": waiting, **self.webhook.get("last_error", {})}


def _check_token(token: str) -> None:
    if token != TOKEN:
        raise Refusal(401, "Unauthorized")


async def _form(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        body = await request.body()
        return json.loads(body) if body else {}
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _as_message(sent: Sent) -> dict[str, Any]:
    chat = {"id": sent.chat, "type": "private" if sent.chat > 0 else "supergroup"}
    return {
        "message_id": sent.id,
        "date": int(sent.at),
        "chat": chat,
        "from": BOT,
        "text": sent.text,
    }


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refused(refusal: Refusal) -> Response:
    body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return JSONResponse(body, refusal.code)
