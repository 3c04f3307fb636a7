"""The Bot Platform of the Zalo stand-in, and what a citizen sees on either side of Zalo."""

import asyncio
import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.responses import JSONResponse, Response

BOT_TOKEN = "77:zalo-bot-token"


@dataclass
class Shown:
    """A message that a citizen sees."""

    user: str
    message: dict[str, Any]

    @property
    def text(self) -> str:
        if "text" in self.message:
            return self.message["text"]
        head = self._payload["elements"][0]
        return f"{head['title']}\n{head['subtitle']}"

    @property
    def _payload(self) -> dict[str, Any]:
        return self.message.get("attachment", {}).get("payload", {})

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Whatever can be pressed: title and payload."""
        actions = [
            {"title": element["title"], **element["default_action"]}
            for element in self._payload.get("elements", [])
            if "default_action" in element
        ]
        return actions + self._payload.get("buttons", [])

    def button(self, title: str) -> dict[str, Any]:
        return next(button for button in self.buttons if button["title"].startswith(title))


class ZaloBotPlatform:
    """Updates one at a time, no buttons."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._posting = httpx.Client(trust_env=False)
        self._ids = itertools.count(1000)
        self._updates: deque[dict[str, Any]] = deque()
        self.bot_webhook: dict[str, str] = {"url": ""}
        self.messages: list[Shown] = []
        self.bot_errors: list[int] = []
        self.typing = 0

    def bot_say(self, chat: str, text: str, kind: str = "text") -> dict[str, Any]:
        """A message to the bot; returns the update."""
        message = {
            "from": {"id": chat, "display_name": "Dân", "is_bot": False},
            "chat": {"id": chat, "chat_type": "PRIVATE"},
            "message_id": str(next(self._ids)),
            "date": int(time.time() * 1000),
            **({"text": text} if kind == "text" else {}),
        }
        result = {"event_name": f"message.{kind}.received", "message": message}
        update = {"ok": True, "result": result}
        if self.bot_webhook["url"]:
            self.bot_deliver(update)
        else:
            self._updates.append(update)
        return update

    def bot_deliver(self, update: dict[str, Any]) -> int:
        headers = {"X-Bot-Api-Secret-Token": self.bot_webhook.get("secret_token", "")}
        return self._posting.post(self.bot_webhook["url"], json=update, headers=headers).status_code

    async def _bot(self, method: str, form: dict[str, Any]) -> Response:
        if method == "getUpdates":
            return await self._get_updates(float(form.get("timeout", 0)))
        if self.bot_errors:
            return JSONResponse({"ok": False, "error_code": self.bot_errors.pop(0)})
        result = getattr(self, f"_bot_{method}")(form)
        if isinstance(result, str):
            return JSONResponse({"ok": False, "error_code": 400, "description": result})
        return JSONResponse({"ok": True, "result": result})

    async def _get_updates(self, seconds: float) -> Response:
        until = time.monotonic() + min(seconds, 1.0)
        while time.monotonic() < until:
            if self._updates:
                return JSONResponse(self._updates.popleft())
            await asyncio.sleep(0.01)
        description = {"ok": False, "error_code": 408, "description": "Request timeout"}
        return JSONResponse(description)

    def _bot_getMe(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 (the API's name)
        return {"id": "77", "account_name": "bot.motcua", "account_type": "BASIC"}

    def _bot_sendMessage(self, form: dict[str, Any]) -> dict[str, Any] | str:  # noqa: N802
        text = form.get("text", "")
        if not 1 <= len(text.encode("utf-16-le")) // 2 <= 2000:
            return "Bad Request: text must be 1-2000 characters"
        with self._lock:
            self.messages.append(Shown(form["chat_id"], {"text": text}))
        return {"message_id": str(next(self._ids)), "date": int(time.time() * 1000)}

    def _bot_sendChatAction(self, form: dict[str, Any]) -> bool | str:  # noqa: N802
        self.typing += 1
        return True if form.get("action") == "typing" else "Bad Request: action"

    def _bot_setWebhook(self, form: dict[str, Any]) -> dict[str, Any] | str:  # noqa: N802
        if not 8 <= len(form.get("secret_token", "")) <= 256:
            return "Bad Request: secret_token must be 8-256 characters"
        self.bot_webhook = form
        return {"url": form["url"], "updated_at": int(time.time() * 1000)}

    def _bot_deleteWebhook(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.bot_webhook = {"url": ""}
        return {"url": "", "updated_at": 0}

    def _bot_getWebhookInfo(self, form: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"url": self.bot_webhook["url"], "updated_at": 0}
