"""Status 200 with an answer that cannot be read: what was surely taken is not sent twice."""

from typing import Any

import pytest
from prometheus_client import REGISTRY

from tests.channels.conftest import Start
from tests.channels.running import Running, wait_for
from tests.channels.telegram_server import TelegramServer
from tests.channels.zalo_bot_platform import BOT_TOKEN
from tests.channels.zalo_server import ZaloServer

PAGE = {"body": "<html>Trang bị chặn</html>", "media": "text/html"}
THANKS, BYE = "cảm ơn", "tạm biệt"


def unread(channel: str) -> float:
    labels = {"channel": channel, "result": "sent_unread"}
    return REGISTRY.get_sample_value("motcua_sendings_total", labels) or 0.0


@pytest.mark.parametrize(
    "how",
    [
        {"body": '{"ok":true,"res'},
        {"body": ""},
        {"body": '{"ok":true}'},
        {"body": '{"ok":true,"result":true}'},
        {"body": '{"ok":true,"result":{"message_id":1}}'},
        {"body": "[" * 100_000},
        {"body": '{"ok":true,"result":{"message_', "cut": True},
    ],
    ids=["cut", "empty", "no result", "no message", "half a message", "too deep", "broken off"],
)
def test_telegram_has_taken_it(polling: Running, telegram: TelegramServer, how: dict[str, Any]):
    before = unread("telegram")
    telegram.trouble("sendMessage", happens_anyway=True, status=200, **how)
    telegram.say(1, THANKS)
    telegram.say(1, BYE)
    wait_for(lambda: len(telegram.called("sendMessage")) >= 2 and not left(polling))
    assert ["Không có gì" in one.text for one in telegram.shown(1)] == [True, False]
    assert unread("telegram") - before <= 1  # what the library can make sense of is simply sent


def test_a_strange_page_is_no_answer_of_telegram(polling: Running, telegram: TelegramServer):
    telegram.trouble("sendMessage", status=200, times=2, **PAGE)
    telegram.say(1, THANKS)
    assert "Không có gì" in wait_for(lambda: telegram.shown(1))[0].text
    wait_for(lambda: not left(polling))
    assert len(telegram.shown(1)) == 1


def test_updates_that_came_garbled_are_fetched_again(polling: Running, telegram: TelegramServer):
    telegram.trouble("getUpdates", status=200, body='{"ok":true,"result":[{"upd')
    telegram.say(1, THANKS)
    assert wait_for(lambda: telegram.shown(1))


@pytest.mark.parametrize(
    ("body", "times"),
    [('{"data":{"message_id":"9"},"err', 1), ('{"error":0,', 1), ('{"err', 2), ("", 2)],
)
def test_of_zalo_only_a_yes_counts(account: Running, zalo: ZaloServer, body: str, times: int):
    """Zalo says 200 to its own errors too: without a "yes" it is the window that is documented."""
    before = unread("zalo-oa")
    zalo.garbled = [(body, "application/json")]
    zalo.say("u1", THANKS)
    wait_for(lambda: len(zalo.shown("u1")) >= times and not left(account))
    assert len(zalo.shown("u1")) == times
    assert unread("zalo-oa") - before == (times == 1)


def test_the_zalo_bot_has_taken_it(start: Start, zalo: ZaloServer):
    running = start(zalo_api_url=zalo.url, zalo_bot_token=BOT_TOKEN)
    zalo.garbled = [('{"ok":true,"result":{"mess', "application/json")]
    zalo.bot_say("c1", THANKS)
    wait_for(lambda: zalo.shown("c1") and not left(running))
    assert len(zalo.shown("c1")) == 1


def left(running: Running) -> int:
    query = (
        "select (select count(*) from inbox where handled_at is null)"
        " + (select count(*) from outbox)"
    )
    with running.app.sessions() as session:
        return session.connection().exec_driver_sql(query).scalar_one()
