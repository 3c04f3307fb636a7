"""An emulator of the Bot API that we did not write (npm's telegram-test-api) drives the bot."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.assistant import Assistant
from tests.channels.conftest import Start
from tests.channels.running import wait_for
from tests.delivery.killing import free_port

FOLDER = Path(__file__).parent / "emulator"
TOKEN = "666:token-of-the-emulated-bot-abcdef"
PERSON = {"id": 7, "is_bot": False, "first_name": "Dân"}


class Emulator:
    """What its own client does: messages and presses in, what the bot sent out."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.seen: list[dict[str, Any]] = []

    def say(self, text: str) -> None:
        chat = {"id": 7, "type": "private", "first_name": "Dân"}
        self._post("sendMessage", text=text, chat=chat, date=int(time.time()), **{"from": PERSON})

    def press(self, message: dict[str, Any], data: str) -> None:
        shown = {"message_id": message["messageId"], "chat": {"id": 7, "type": "private"}}
        shown |= {"date": int(time.time()), "text": message["message"]["text"]}
        press = {"from": PERSON, "data": data, "message": shown, "chat_instance": "1"}
        self._post("sendCallback", **press)

    def shown(self) -> list[dict[str, Any]]:
        """Everything that the bot has sent so far."""
        answer = httpx.post(f"{self.url}/getUpdates", json={"token": TOKEN, "chatId": 7})
        self.seen += answer.json()["result"]
        return self.seen

    def _post(self, path: str, **body: Any) -> None:
        answer = httpx.post(f"{self.url}/{path}", json={"botToken": TOKEN, **body})
        assert answer.status_code == 200, answer.text


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    if not shutil.which("node") or not (FOLDER / "node_modules").is_dir():
        pytest.skip("no emulator: run `npm install` in tests/channels/emulator")
    port = free_port()
    command = ["node", "start.js", f"{port}"]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    yield Emulator(port)
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_conversation_with_a_pressed_button(start: Start, emulator: Emulator):
    start(Assistant, telegram_token=TOKEN, telegram_api_url=emulator.url)
    emulator.say("đăng ký thường trú 1.004222")
    wait_for(lambda: any("reply_markup" in one["message"] for one in emulator.shown()))
    last = emulator.shown()[-1]
    assert "thường trú" in emulator.shown()[0]["message"]["text"]
    markup = last["message"]["reply_markup"]
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    button = next(cell for row in rows for cell in row if "callback_data" in cell)
    before = len(emulator.shown())
    emulator.press(last, button["callback_data"])
    [answer, *_] = wait_for(lambda: emulator.shown()[before:])
    assert "thường trú" in answer["message"]["text"]
