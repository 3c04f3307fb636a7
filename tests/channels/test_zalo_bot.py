"""The Zalo Bot Platform by polling and by webhook, over real HTTP."""

import json
import time
from pathlib import Path

import httpx
import pytest

from tests.channels.conftest import Start
from tests.channels.running import wait_for
from tests.channels.scripted import LIST
from tests.channels.zalo_bot_platform import BOT_TOKEN, Shown
from tests.channels.zalo_server import ZaloServer

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "api-samples"
SECRET = "a-secret-of-the-tests"


@pytest.fixture
def bot(start: Start, zalo: ZaloServer) -> ZaloServer:
    """An assistant that polls."""
    start(zalo_api_url=zalo.url, zalo_bot_token=BOT_TOKEN)
    return zalo


@pytest.fixture
def hooked_bot(start: Start, zalo: ZaloServer) -> ZaloServer:
    """An assistant whose webhook is posted to."""
    start(zalo_api_url=zalo.url, zalo_bot_token=BOT_TOKEN, zalo_bot_webhook_secret=SECRET)
    wait_for(lambda: zalo.bot_webhook["url"])
    return zalo


def last(zalo: ZaloServer, user: str, count: int) -> Shown:
    return wait_for(lambda: len(zalo.shown(user)) >= count and zalo.shown(user))[-1]


def test_a_list_is_answered_by_number(bot: ZaloServer):
    bot.bot_say("c1", LIST)
    offer = last(bot, "c1", 1)
    assert "\n5. Việc thứ 5" in offer.text
    assert offer.text.endswith("Hoặc gõ: xem thêm")
    bot.bot_say("c1", "2")
    assert last(bot, "c1", 2).text.startswith("Đã chọn 2.")


def test_choices_without_numbers_can_be_typed(hooked_bot: ZaloServer):
    hooked_bot.bot_say("c1", "lệ phí 1.004222")
    assert "Hoặc gõ: giấy tờ, thời hạn" in last(hooked_bot, "c1", 1).text
    hooked_bot.bot_say("c1", "giấy tờ")
    last(hooked_bot, "c1", 2)  # a second part may have followed by now
    assert hooked_bot.shown("c1")[1].text.startswith("Giấy tờ cần có")


def test_repeated_and_unsupported(hooked_bot: ZaloServer):
    update = hooked_bot.bot_say("c1", "cảm ơn")
    assert hooked_bot.bot_deliver(update) == 200
    hooked_bot.bot_say("c1", "", kind="unsupported")
    assert "chữ" in last(hooked_bot, "c1", 2).text
    time.sleep(0.3)
    assert len(hooked_bot.shown("c1")) == 2


def test_who_does_not_know_the_secret_stays_out(hooked_bot: ZaloServer):
    headers = {"X-Bot-Api-Secret-Token": "wrong"}
    answer = httpx.post(hooked_bot.bot_webhook["url"], content=b"{}", headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("error", [429, 401, 500])
def test_errors_that_pass(hooked_bot: ZaloServer, error: int):
    hooked_bot.bot_errors = [error]
    hooked_bot.bot_say("c1", "cảm ơn")
    wait_for(lambda: not hooked_bot.bot_errors)
    if error == 500:
        assert last(hooked_bot, "c1", 1)


def test_samples_of_the_platform_are_understood(hooked_bot: ZaloServer):
    file = SAMPLES / "zalo-bot-platform-webhook.json"
    if not file.exists():
        pytest.skip("the shared samples are not here")
    samples = json.loads(file.read_text(encoding="utf-8"))
    for name in ("text", "unsupported"):
        assert hooked_bot.bot_deliver(samples[name]) == 200
    assert last(hooked_bot, "<id>", 1)
