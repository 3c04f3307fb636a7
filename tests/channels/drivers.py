"""Citizens of each channel: what they say goes over the wire, and so does what they see."""

from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from bot.channels.buttons import unpack
from tests.channels.conftest import OA_SETTINGS
from tests.channels.running import Running, wait_for
from tests.channels.telegram_chats import Sent
from tests.channels.telegram_server import TOKEN, TelegramServer
from tests.channels.zalo_bot_platform import BOT_TOKEN, Shown
from tests.channels.zalo_server import ZaloServer

SECRET = "the-secret-of-the-contract"


@dataclass
class Seen:
    """What a citizen has before their eyes after one turn."""

    text: str
    labels: list[str]


class Citizens(Protocol):
    """Everybody on one channel. A chat is a number."""

    is_boxed: bool  # what they say goes through the inbox

    def settings(self) -> dict[str, Any]: ...

    def connect(self, running: Running) -> None: ...

    def say(self, chat: int, text: str) -> None: ...

    def see(self, chat: int) -> Seen: ...

    def end(self) -> None: ...


class OnTelegram:
    """Presses a button where one says what is to be said."""

    is_boxed = True

    def __init__(self) -> None:
        self.server = TelegramServer().start()
        self._known: dict[int, tuple[int, int]] = {}

    def settings(self) -> dict[str, Any]:
        return {
            "telegram_token": TOKEN,
            "telegram_api_url": self.server.url,
            "telegram_webhook_secret": SECRET,
        }

    def connect(self, running: Running) -> None:
        """The bot registers its webhook by itself."""
        wait_for(lambda: self.server.webhook["url"])

    def say(self, chat: int, text: str) -> None:
        shown = self.server.shown(chat)
        self._known[chat] = len(shown), sum(one.edits for one in shown)
        title = self._title(shown, text)
        if title:
            self.server.press(shown[-1], title)
        else:
            self.server.say(chat, text)

    def _title(self, shown: list[Sent], text: str) -> str | None:
        cells = [cell for row in shown[-1].keyboard for cell in row] if shown else []
        return next((c["text"] for c in cells if _says(c.get("callback_data", "")) == text), None)

    def see(self, chat: int) -> Seen:
        shown = self.server.shown(chat)
        count, edits = self._known[chat]
        new = shown[count:] if sum(one.edits for one in shown) == edits else shown[-1:]
        labels = [label for one in new for label in one.labels]
        return Seen("\n".join(one.text for one in new), labels)

    def end(self) -> None:
        self.server.stop()


class OnTelegramPolling(OnTelegram):
    """The same, where the bot fetches what is said."""

    def settings(self) -> dict[str, Any]:
        return {"telegram_token": TOKEN, "telegram_api_url": self.server.url}

    def connect(self, running: Running) -> None:
        """The bot ends a webhook by itself."""


class OnZaloOa:
    """The same on an Official Account."""

    is_boxed = True

    def __init__(self) -> None:
        self.server = ZaloServer().start()
        self._known: dict[int, int] = {}

    def settings(self) -> dict[str, Any]:
        return {"zalo_api_url": self.server.url, **OA_SETTINGS}

    def connect(self, running: Running) -> None:
        self.server.webhook = f"{running.url}/webhooks/zalo-oa"

    def say(self, chat: int, text: str) -> None:
        shown = self.server.shown(f"{chat}")
        self._known[chat] = len(shown)
        buttons = shown[-1].buttons if shown else []
        payloads = [button["payload"] for button in buttons if isinstance(button["payload"], str)]
        pressed = next((payload for payload in payloads if _says(payload) == text), None)
        self.server.say(f"{chat}", pressed or text)

    def see(self, chat: int) -> Seen:
        return _seen(self.server.shown(f"{chat}")[self._known[chat] :])

    def end(self) -> None:
        self.server.stop()


class OnZaloOaWithLists(OnZaloOa):
    """The same where we have an address over https: lists may hold our picture."""

    def settings(self) -> dict[str, Any]:
        return {**super().settings(), "public_url": "https://motcua.example.vn"}


class OnZaloBot:
    """Types everything."""

    is_boxed = True

    def __init__(self) -> None:
        self.server = ZaloServer().start()
        self._known: dict[int, int] = {}

    def settings(self) -> dict[str, Any]:
        return {
            "zalo_api_url": self.server.url,
            "zalo_bot_token": BOT_TOKEN,
            "zalo_bot_webhook_secret": SECRET,
        }

    def connect(self, running: Running) -> None:
        """The bot registers its webhook by itself."""
        wait_for(lambda: self.server.bot_webhook["url"])

    def say(self, chat: int, text: str) -> None:
        self._known[chat] = len(self.server.shown(f"{chat}"))
        self.server.bot_say(f"{chat}", text)

    def see(self, chat: int) -> Seen:
        return _seen(self.server.shown(f"{chat}")[self._known[chat] :])

    def end(self) -> None:
        self.server.stop()


class OnZaloBotPolling(OnZaloBot):
    """The same, where the bot fetches what is said."""

    def settings(self) -> dict[str, Any]:
        return {"zalo_api_url": self.server.url, "zalo_bot_token": BOT_TOKEN}

    def connect(self, running: Running) -> None:
        """The bot ends a webhook by itself."""


class OnWeb:
    """The chat page's own requests."""

    is_boxed = False

    def __init__(self) -> None:
        self._http = httpx.Client(timeout=20)
        self._url = ""
        self._conversations: dict[int, str] = {}
        self._turns: dict[int, Any] = {}

    def settings(self) -> dict[str, Any]:
        return {}

    def connect(self, running: Running) -> None:
        self._url = f"{running.url}/api/chat"

    def say(self, chat: int, text: str) -> None:
        body = {"text": text, "conversation_id": self._conversations.get(chat)}
        turn = self._http.post(self._url, json=body).json()
        self._conversations[chat], self._turns[chat] = turn["conversation_id"], turn

    def see(self, chat: int) -> Seen:
        messages = self._turns[chat]["messages"]
        labels = [choice["label"] for message in messages for choice in message["choices"]]
        return Seen("\n".join(message["text"] for message in messages), labels)

    def end(self) -> None:
        self._http.close()


def _says(data: str) -> str | None:
    found = unpack(data)
    return found[0] if found else None


def _seen(new: list[Shown]) -> Seen:
    labels = [button["title"] for one in new for button in one.buttons]
    return Seen("\n".join(one.text for one in new), labels)
