"""Those who should not get in: refused cheaply, counted, and the others go on being served."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from tests.channels.conftest import OA_SETTINGS, SECRET, Start
from tests.channels.running import Running, wait_for
from tests.channels.telegram_server import TOKEN, TelegramServer
from tests.channels.zalo_bot_platform import BOT_TOKEN
from tests.channels.zalo_server import ZaloServer, sign

MANY = 1000
GOOD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
BOT = {"X-Bot-Api-Secret-Token": SECRET}


def post(running: Running, content: bytes, path: str = "telegram", **headers: Any) -> int:
    url = f"{running.url}/webhooks/{path}"
    return httpx.post(url, content=content, headers=headers, timeout=10).status_code


def counted(what: str, channel: str = "telegram") -> float:
    labels = {"channel": channel, "what": what}
    return REGISTRY.get_sample_value("motcua_events_total", labels) or 0.0


def signed(body: bytes) -> dict[str, str]:
    """The header of somebody who knows the account's secret."""
    return {"X-ZEvent-Signature": sign(body, str(json.loads(body).get("timestamp", "")))}


@pytest.fixture
def all_hooked(start: Start, telegram: TelegramServer, zalo: ZaloServer) -> Running:
    """An assistant with a webhook for each platform."""
    running = start(
        telegram_token=TOKEN,
        telegram_api_url=telegram.url,
        telegram_webhook_secret=SECRET,
        zalo_api_url=zalo.url,
        zalo_bot_token=BOT_TOKEN,
        zalo_bot_webhook_secret=SECRET,
        **OA_SETTINGS,
    )
    wait_for(lambda: telegram.webhook["url"] and zalo.bot_webhook["url"])
    return running


@pytest.mark.parametrize(
    ("content", "headers", "status", "why"),
    [
        (b"{}", {}, 401, "wrong_secret"),
        (b"{}", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, 401, "wrong_secret"),
        (b"{}", {"X-Telegram-Bot-Api-Secret-Token": "ố".encode()}, 401, "wrong_secret"),
        (b"{", GOOD, 400, "no_json"),
        (b"[]", GOOD, 400, "no_json"),
        (b"\xff\xfe\x00", GOOD, 400, "no_json"),
        (b"[" * 100_000, GOOD, 400, "no_json"),
        (
            b'{"update_id": 1, "message": {"chat": {"id": 5, "type": "private"}, "text": 1}}',
            GOOD,
            200,
            "new",
        ),
        (
            b'{"update_id": "x", "message": {"chat": {"id": 5, "type": "private"}, "text": "a"}}',
            GOOD,
            200,
            "unread",
        ),
        (b" " * 300_000, GOOD, 413, "too_big"),
        (b"{}", GOOD, 200, "ignored"),
    ],
)
def test_refused_and_counted(hooked, content, headers, status, why):
    before = counted(why)
    assert post(hooked, content, **headers) == status
    assert counted(why) == before + 1


@pytest.mark.parametrize(
    ("path", "content", "headers", "status", "why"),
    [
        ("zalo-oa", b'{"timestamp": "NOW"}', {}, 401, "wrong_secret"),
        ("zalo-oa", b'{"timestamp": "NOW"}', {"X-ZEvent-Signature": "mac="}, 401, "forged"),
        ("zalo-oa", b"{", {"X-ZEvent-Signature": "mac=00"}, 401, "forged"),
        ("zalo-oa", b"[" * 100_000, {"X-ZEvent-Signature": "mac=00"}, 401, "forged"),
        ("zalo-oa", b'{"timestamp": "1767225600000"}', signed, 401, "forged"),
        ("zalo-oa", b'{"timestamp": "NOW"}', signed, 200, "ignored"),
        ("zalo-oa", b" " * 300_000, {"X-ZEvent-Signature": "mac=00"}, 413, "too_big"),
        (
            "zalo-oa",
            b'{"event_name": "user_send_text", "timestamp": "NOW"}',
            signed,
            200,
            "unread",
        ),
        ("zalo-bot", b"{}", {}, 401, "wrong_secret"),
        ("zalo-bot", b"{}", {"X-Bot-Api-Secret-Token": "wrong"}, 401, "wrong_secret"),
        ("zalo-bot", b"{", BOT, 400, "no_json"),
        ("zalo-bot", b" " * 300_000, BOT, 413, "too_big"),
        ("zalo-bot", b"{}", BOT, 200, "ignored"),
        ("zalo-bot", b'{"event_name": "message.text.received"}', BOT, 200, "unread"),
    ],
)
def test_the_same_at_zalo_s_doors(all_hooked, path, content, headers, status, why):
    before = counted(why, path)
    content = content.replace(b"NOW", f"{time.time() * 1000:.0f}".encode())
    given = headers(content) if callable(headers) else headers
    assert post(all_hooked, content, path, **given) == status
    assert counted(why, path) == before + 1


def test_without_a_declared_length_a_body_is_read_no_further_than_allowed(hooked: Running):
    before = counted("too_big")
    endless = (b" " * 65536 for _ in range(100))
    url = f"{hooked.url}/webhooks/telegram"
    with suppress(httpx.TransportError):  # the door may be shut before the sender has ended
        assert httpx.post(url, content=endless, headers=GOOD, timeout=10).status_code == 413
    assert wait_for(lambda: counted("too_big") == before + 1)


def test_other_methods_and_paths_are_no_door(hooked: Running):
    assert httpx.get(f"{hooked.url}/webhooks/telegram").status_code == 405
    assert post(hooked, b"{}", "zalo-oa") == 404


def test_what_is_refused_leaves_no_word_in_the_log(hooked: Running, caplog, capfd):
    said = {"update_id": "x", "message": {"chat": {"id": 987654321}, "text": "tôi ở Nga Sơn"}}
    body = json.dumps(said, ensure_ascii=False).encode()
    statuses = [post(hooked, part, **GOOD) for part in (body, body[:-3], body * 4000)]
    assert statuses == [200, 400, 413]
    assert post(hooked, body, **{"X-Telegram-Bot-Api-Secret-Token": "đoán".encode()}) == 401
    written = caplog.text + "".join(capfd.readouterr())
    assert not any(word in written for word in ("Nga Sơn", "987654321", SECRET, "đoán"))


# Many at once.


def at_once(running: Running, request: bytes, meanwhile: Callable[[], None]) -> list[bytes]:
    """What so many open connections are told that all say the same, and what goes on meanwhile."""
    port = int(running.url.rpartition(":")[2])

    async def main() -> list[bytes]:
        opened = await asyncio.gather(
            *(asyncio.open_connection("127.0.0.1", port) for _ in range(MANY))
        )
        for _, writer in opened:
            writer.write(request)
        await asyncio.to_thread(meanwhile)
        answers = []
        for reader, writer in opened:
            answers.append(await asyncio.wait_for(reader.read(12), 10) if request else b"")
            writer.close()
        return answers

    return asyncio.run(main())


def head(secret: str, length: int) -> bytes:
    told = f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {length}\r\n"
    return f"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\n{told}\r\n".encode()


@pytest.mark.parametrize(
    ("request_", "answer", "why"),
    [
        (head("wrong", 2) + b"{}", b"HTTP/1.1 401", "wrong_secret"),
        (head(SECRET, 999_999), b"HTTP/1.1 413", "too_big"),
        (head(SECRET, 20) + b"{", b"HTTP/1.1 408", "too_slow"),
        (b"", b"", None),
    ],
    ids=["wrong secret", "too big", "never ends", "says nothing"],
)
def test_a_thousand_connections_at_once(hooked, telegram, request_, answer, why):
    before = counted(why) if why else 0
    started = time.monotonic()

    def citizen() -> None:
        update = telegram.say(1, "xin chào")
        wait_for(lambda: telegram.deliver(update).status_code == 200)  # as the platform does
        assert wait_for(lambda: telegram.shown(1))

    assert set(at_once(hooked, request_, citizen)) == {answer}
    assert time.monotonic() - started < 20
    assert not why or counted(why) == before + MANY


def test_a_thousand_idle_visitors_do_not_use_up_what_a_service_may_open():
    script = (
        "import resource as r; from bot.commands.run import allow_many_connections as allow\n"
        "r.setrlimit(r.RLIMIT_NOFILE, (256, r.getrlimit(r.RLIMIT_NOFILE)[1])); allow()\n"
        "print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert int(ended.stdout) > 2 * MANY


def test_a_replayed_event_is_dropped_and_counted(hooked: Running, telegram: TelegramServer):
    update = telegram.say(1, "xin chào")
    assert wait_for(lambda: telegram.shown(1))
    before = counted("repeated")
    assert telegram.deliver(update).status_code == 200
    assert counted("repeated") == before + 1
    assert len(telegram.shown(1)) == 1


def test_what_waits_is_told_to_the_graphs(hooked: Running):
    def seen() -> list[float | None]:
        boxes = ("inbox", "outbox", "unsent")
        return [REGISTRY.get_sample_value("motcua_waiting", {"box": box}) for box in boxes]

    assert wait_for(lambda: None not in seen())
