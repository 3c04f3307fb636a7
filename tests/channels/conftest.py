"""Stand-ins of platforms, and an assistant that talks to them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from bot.assistant import Assistant
from tests.channels.running import Running, Template, wait_for
from tests.channels.scripted import Scripted
from tests.channels.telegram_server import TOKEN, TelegramServer
from tests.channels.zalo_server import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH,
    OA_SECRET,
    ZaloServer,
)
from tests.knowledge.conftest import any_house, house, postgres_url

SECRET = "a-secret_of-the-tests"
__all__ = ["any_house", "house", "postgres_url"]
Start = Callable[..., Running]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The built-in catalogue, seeded once."""
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A Bot API on this machine."""
    server = TelegramServer().start()
    yield server
    server.stop()


@pytest.fixture
def start(template: Template, tmp_path: Path) -> Iterator[Start]:
    """Starts an assistant with the given settings; it is stopped after the test."""
    started: list[Running] = []

    def run(assistant: type[Assistant] = Scripted, **settings: Any) -> Running:
        running = Running(template.settings(tmp_path, **settings), assistant).start()
        started.append(running)
        return running

    yield run
    for running in started:
        running.stop()


@pytest.fixture
def polling(start: Start, telegram: TelegramServer) -> Running:
    """An assistant that polls the stand-in."""
    return start(telegram_token=TOKEN, telegram_api_url=telegram.url)


@pytest.fixture
def hooked(start: Start, telegram: TelegramServer) -> Running:
    """An assistant whose webhook the stand-in posts to."""
    running = start(
        telegram_token=TOKEN, telegram_api_url=telegram.url, telegram_webhook_secret=SECRET
    )
    wait_for(lambda: telegram.webhook["url"])
    return running


@pytest.fixture
def zalo() -> Iterator[ZaloServer]:
    """Zalo's servers on this machine."""
    server = ZaloServer().start()
    yield server
    server.stop()


OA_SETTINGS: Final = {
    "zalo_oa_app_id": APP_ID,
    "zalo_oa_app_secret": APP_SECRET,
    "zalo_oa_secret_key": OA_SECRET,
    "zalo_oa_refresh_token": FIRST_REFRESH,
}


@pytest.fixture
def account(start: Start, zalo: ZaloServer) -> Running:
    """An assistant behind an Official Account."""
    running = start(zalo_api_url=zalo.url, **OA_SETTINGS)
    zalo.webhook = f"{running.url}/webhooks/zalo-oa"
    return running
