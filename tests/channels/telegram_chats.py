"""The chats of the Telegram stand-in, and what citizens do in them."""

import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

BOT = {"id": 123456, "is_bot": True, "first_name": "Một Cửa", "username": "motcua_test_bot"}


@dataclass
class Sent:
    """A message that citizens see."""

    chat: int
    id: int
    text: str
    keyboard: list[list[dict[str, Any]]]
    at: float
    form: dict[str, Any] = field(repr=False, default_factory=dict)
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    def button(self, label: str) -> dict[str, Any]:
        return next(b for row in self.keyboard for b in row if b["text"].startswith(label))


@dataclass
class Trouble:
    """What goes wrong with the next request of a method."""

    method: str
    status: int = 500
    retry_after: int | None = None
    happens_anyway: bool = False  # the request is carried out, only the answer does not arrive
    delay: float = 0.0
    times: int = 1
    body: str | None = None  # what is answered in place of JSON
    media: str = "application/json"
    cut: bool = False  # the connection ends before the body does


class TelegramChats:
    """Holds what was said; `say` and `press` are what citizens do."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._posting = httpx.Client(trust_env=False)
        self._ids = itertools.count(1)
        self._updates = itertools.count(500)
        self._queue: deque[dict[str, Any]] = deque()
        self._callbacks: dict[str, bool] = {}
        self._inline: dict[str, list[dict[str, Any]] | None] = {}
        self.messages: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[Trouble] = []
        self.webhook: dict[str, Any] = {"url": ""}

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        """A message is written; returns the update."""
        return self.push({"message": self.message(chat, text=text, **more)})

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        kind = "private" if chat > 0 else "supergroup"
        user = {"id": abs(chat), "is_bot": False, "first_name": "Dân"}
        head = {"message_id": next(self._ids), "date": int(time.time()), "from": user}
        return {**head, "chat": {"id": chat, "type": kind}, **content}

    def press(self, message: Sent, label: str) -> dict[str, Any]:
        """A button is pressed."""
        query_id = str(next(self._ids))
        self._callbacks[query_id] = False
        shown = {
            "message_id": message.id,
            "date": int(message.at),
            "chat": {"id": message.chat, "type": "private" if message.chat > 0 else "supergroup"},
            "text": message.text,
        }
        query = {
            "id": query_id,
            "from": {"id": abs(message.chat), "is_bot": False, "first_name": "Dân"},
            "chat_instance": "1",
            "data": message.button(label)["callback_data"],
            "message": shown,
        }
        return self.push({"callback_query": query})

    def ask_inline(self, text: str) -> str:
        """Somebody types the bot's name and a few words in another chat."""
        query_id = str(next(self._ids))
        self._inline[query_id] = None
        user = {"id": 77, "is_bot": False, "first_name": "Dân"}
        self.push({"inline_query": {"id": query_id, "from": user, "query": text, "offset": ""}})
        return query_id

    def inline_results(self, query_id: str) -> list[dict[str, Any]] | None:
        return self._inline[query_id]

    def push(self, content: dict[str, Any], *, update_id: int | None = None) -> dict[str, Any]:
        """Queue an update for polling, or hand it to the webhook."""
        update = {"update_id": next(self._updates) if update_id is None else update_id, **content}
        if self.webhook["url"]:
            self.deliver(update)
        else:
            with self._lock:
                self._queue.append(update)
        return update

    def deliver(self, update: dict[str, Any], **headers: str) -> httpx.Response:
        """Post one update to the webhook."""
        secret = self.webhook.get("secret_token", "")
        given = {"X-Telegram-Bot-Api-Secret-Token": secret, **headers}
        return self._posting.post(self.webhook["url"], json=update, headers=given, timeout=10)

    def shown(self, chat: int) -> list[Sent]:
        with self._lock:
            return [message for message in self.messages if message.chat == chat]

    def unanswered(self) -> list[str]:
        return [query for query, answered in self._callbacks.items() if not answered]

    def called(self, method: str) -> list[dict[str, Any]]:
        with self._lock:
            return [form for name, form in self.calls if name == method]

    def trouble(self, method: str, **how: Any) -> None:
        self.troubles.append(Trouble(method, **how))
