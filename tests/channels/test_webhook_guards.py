"""Those who should not get in: refused cheaply, counted, and the others go on being served."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client import REGISTRY

from tests.channels.conftest import SECRET
from tests.channels.running import Running, wait_for
from tests.channels.telegram_server import TelegramServer

CHAT = b'{"id": 5, "type": "private"}'


def post(running: Running, content: bytes, **headers: str) -> int:
    url = f"{running.url}/webhooks/telegram"
    return httpx.post(url, content=content, headers=headers, timeout=10).status_code


def counted(what: str) -> float:
    labels = {"channel": "telegram", "what": what}
    return REGISTRY.get_sample_value("motcua_events_total", labels) or 0.0


GOOD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.mark.parametrize(
    ("content", "headers", "status", "why"),
    [
        (b"{}", {}, 401, "wrong_secret"),
        (b"{}", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, 401, "wrong_secret"),
        (b"{}", {"X-Telegram-Bot-Api-Secret-Token": "ố".encode()}, 401, "wrong_secret"),
        (b"{", GOOD, 400, "no_json"),
        (b"[]", GOOD, 400, "no_json"),
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


def test_a_thousand_connections_at_once(hooked: Running, telegram: TelegramServer):
    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(lambda _: post(hooked, b"{}"), range(1000)))
    assert set(statuses) == {401}
    telegram.say(1, "xin chào")
    assert wait_for(lambda: telegram.shown(1))


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
