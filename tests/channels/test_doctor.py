"""The doctor: good settings, broken ones, and what to do about each."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.doctor import examine, set_webhooks
from bot.channels.findings import Level
from bot.config import Settings
from knowledge.records.delivery import Inbox, Outbox, Parcel, ZaloToken
from tests.channels.conftest import OA_SETTINGS
from tests.channels.telegram_server import TOKEN, TelegramServer
from tests.channels.zalo_bot_platform import BOT_TOKEN
from tests.channels.zalo_server import APP_ID, ZaloServer
from tests.knowledge.conftest import House

URL = "https://motcua.example.vn"
NOW = datetime.now(UTC)


def told(house: House, **settings: Any) -> dict[str, list[str]]:
    """What is said, by how much it matters."""
    found = examine(Settings(**settings), house)
    return {level.value: [one.says for one in found if one.level is level] for level in Level}


def test_nothing_is_set(house: House):
    said = told(house)
    assert said["bad"] == []
    assert [text.split(" chưa bật")[0] for text in said["note"]] == [
        "Telegram",
        "Zalo OA",
        "Zalo Bot",
    ]


def test_all_is_well(house: House, telegram: TelegramServer, zalo: ZaloServer):
    settings = {
        "public_url": URL,
        "telegram_token": TOKEN,
        "telegram_api_url": telegram.url,
        "telegram_webhook_secret": "secret-of-telegram",
        "zalo_api_url": zalo.url,
        "zalo_bot_token": BOT_TOKEN,
        "zalo_bot_webhook_secret": "secret-of-zalo",
        **OA_SETTINGS,
    }
    keep(house, token(days=3))
    set_ones = [one.says for one in set_webhooks(Settings(**settings))]
    assert any(f"{URL}/webhooks/telegram" in says for says in set_ones)
    assert telegram.webhook["url"] == f"{URL}/webhooks/telegram"
    assert zalo.bot_webhook["url"] == f"{URL}/webhooks/zalo-bot"
    said = told(house, **settings)
    assert said["bad"] == []
    assert "Token được gia hạn 3 ngày trước." in said["good"]
    assert sum("đã đăng ký đúng" in text for text in said["good"]) == 2


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"telegram_token": "abc"}, "không giống một khóa"),
        ({"telegram_token": "123:wrong-token-wrong-token-w"}, "không chấp nhận khóa"),
        ({"telegram_token": TOKEN, "telegram_api_url": "http://127.0.0.1:9"}, "Không kết nối"),
        ({"telegram_token": TOKEN, "telegram_webhook_secret": "khóa"}, "chữ không dấu"),
        ({"telegram_token": TOKEN, "telegram_webhook_secret": "s"}, "MOTCUA_PUBLIC_URL"),
        (
            {"telegram_token": TOKEN, "telegram_webhook_secret": "s", "public_url": "http://x.vn"},
            "https://",
        ),
        (
            {"telegram_token": TOKEN, "telegram_webhook_secret": "s", "public_url": URL},
            "channels set-webhook",
        ),
        ({"zalo_oa_app_id": "1"}, "MOTCUA_ZALO_OA_APP_SECRET"),
        ({"zalo_bot_token": "wrong"}, "không chấp nhận khóa của bot"),
        ({"zalo_bot_token": BOT_TOKEN, "zalo_bot_webhook_secret": "short"}, "8-256"),
    ],
)
def test_what_is_broken_is_told(house, telegram, zalo, settings, hint):
    servers = {"telegram_api_url": telegram.url, "zalo_api_url": zalo.url}
    said = told(house, **{**servers, **settings})
    assert any(hint in text for text in said["bad"]), said


def test_all_that_is_broken_is_told_at_once(house, telegram, zalo):
    told_now = told(
        house,
        public_url="http://x.vn",
        telegram_token="123:wrong-token-wrong-token-w",
        telegram_api_url=telegram.url,
        telegram_webhook_secret="s",
        zalo_api_url=zalo.url,
        zalo_bot_token="wrong",
        zalo_bot_webhook_secret="short",
        **OA_SETTINGS,
    )["bad"]
    hints = ("https://", "Telegram không chấp nhận khóa", "8-256", "khóa của bot")
    assert all(any(hint in one for one in told_now) for hint in hints), told_now


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "broken"])
def test_the_commands_print_it_and_tell_by_their_end(is_good, template, telegram, zalo, tmp_path):
    """As an operator types them: two processes, nothing but the findings on the screen."""
    settings = template.settings(tmp_path)
    env = {
        "MOTCUA_DATABASE_URL": settings.database_url,
        "MOTCUA_CACHE_DIR": f"{settings.cache_dir}",
        "MOTCUA_PUBLIC_URL": URL,
        "MOTCUA_TELEGRAM_TOKEN": TOKEN if is_good else "123:wrong-token-wrong-token-w",
        "MOTCUA_TELEGRAM_API_URL": telegram.url,
        "MOTCUA_TELEGRAM_WEBHOOK_SECRET": "secret-of-telegram",
        "MOTCUA_ZALO_API_URL": zalo.url,
        "MOTCUA_ZALO_BOT_TOKEN": BOT_TOKEN,
        "MOTCUA_ZALO_BOT_WEBHOOK_SECRET": "secret-of-zalo",
    }
    set_now, examined = (run(words, env) for words in (("channels", "set-webhook"), ("doctor",)))
    assert set_now.stderr == examined.stderr == ""
    assert (set_now.returncode, examined.returncode) == ((0, 0) if is_good else (1, 1))
    mark = "✓ telegram: Webhook đã đăng ký đúng" if is_good else "✗ telegram: Telegram không chấp"
    assert mark in examined.stdout
    assert f"✓ zalo-bot: Đã đăng ký webhook: {URL}/webhooks/zalo-bot" in set_now.stdout
    assert not any(secret in examined.stdout for secret in (TOKEN, BOT_TOKEN, "secret-of"))


def run(words: tuple[str, ...], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *words]
    told_env = {**os.environ, **env, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, env=told_env, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("days", "failed", "hint"), [(81, None, "sắp hết ba tháng"), (1, "token", "Cấp quyền lại")]
)
def test_old_or_refused_tokens_are_told(house: House, days: int, failed: str | None, hint: str):
    keep(house, token(days=days, failed=failed))
    assert any(hint in text for text in told(house, public_url=URL, **OA_SETTINGS)["bad"])


def test_boxes_that_do_not_move(house: House):
    old = datetime.now(UTC) - timedelta(minutes=30, seconds=5)
    keep(
        house,
        Inbox(channel="telegram", event_id="1", conversation_id="c", text="x", received_at=old),
        letter(old),
    )
    said = told(house)
    assert any("30 phút" in text for text in said["bad"])
    assert any("1 tin chưa gửi được" in text for text in said["note"])


def test_no_secret_is_told(house: House, telegram: TelegramServer):
    found = examine(Settings(telegram_token=SecretStr(TOKEN), telegram_api_url=telegram.url), house)
    assert not any(TOKEN in one.says for one in found)


def keep(house: House, *records: object) -> None:
    with house.begin() as session:
        session.add_all(records)


def token(*, days: int, failed: str | None = None) -> ZaloToken:
    return ZaloToken(
        app_id=APP_ID,
        access_token="a",
        refresh_token="r",
        seed="s",
        expires_at=NOW,
        refreshed_at=NOW - timedelta(days=days),
        failed=failed,
    )


def letter(at: datetime) -> Outbox:
    return Outbox(
        channel="telegram",
        conversation_id="telegram:1",
        method="sendMessage",
        body={},
        state=Parcel.DEAD,
        failed="refused",
        asked_at=at,
        created_at=at,
        next_try_at=at,
    )
