"""Houses with dossiers in them, and a desk over each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.app import App, build
from bot.config import Settings
from bot.dossier_desk import Desk
from bot.messages import Message, Reply
from knowledge.dossiers.facts import Facts
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.origins import origin_named
from knowledge.dossiers.reading import Reader
from knowledge.dossiers.store import Store
from knowledge.records.dossier import DossierTry
from tests.dossiers.generating import TODAY
from tests.knowledge.conftest import any_house, house, postgres_url  # noqa: F401 (fixtures)

KEYS = Keys(b"tests")
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
OWNER = {
    "owner": "LÊ THỊ VỊT TRỜI",
    "owner_id": "038099004321",
    "phone": "0912345678",
    "address": "12 đường Ao Vịt",
    "email": "vit@example.org",
}


def row(code: str = "H56.14-261120-0001", **fields: Any) -> dict[str, Any]:
    """A row of an export under our field names, of a made-up owner."""
    return (
        {
            "code": code,
            "procedure_code": "1.001193",
            "procedure_name": "Đăng ký khai sinh",
            "sector": "Hộ tịch",
            "unit": "Ủy ban nhân dân xã Ao Vịt",
            "channel": "Trực tuyến",
            "state": "Đang xử lý",
            "received": "20/11/2026 09:00",
            "due": "27/11/2026 17:00",
        }
        | OWNER
        | fields
    )


def facts(code: str = "H56.14-261120-0001", **fields: Any) -> Facts:
    """The facts of such a row."""
    return Reader(KEYS, {}).read(row(code, **fields), NOW)


def put(factory: Any, *items: Facts, origin: str = "mot-cua", **settings: Any) -> Any:
    """Write facts under an origin; what became of them."""
    with factory.begin() as session:
        named = origin_named(session, origin)
        for name, value in settings.items():
            setattr(named, name, value)
        store = Store(session, named)
        store.write(items, NOW)
        return store.counts


def forget_tries(factory: Any) -> None:
    """The limits begin anew: transcripts share the codes."""
    with factory.begin() as session:
        session.execute(delete(DossierTry))


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The whole application with the built-in catalogue."""
    folder: Path = tmp_path_factory.mktemp("dossiers")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'house.sqlite3'}",
        cache_dir=folder / "cache",
        dossier_key="tests",
        today=TODAY,
    )
    parts = build(settings)
    yield parts
    parts.engine.dispose()


@pytest.fixture
def talk(app: App, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Says lines in a conversation of the test's own; gives what is shown for the last one."""

    def say(*lines: str, channel: str = "telegram", chat: str = "", in_group: bool = False) -> str:
        shown = ""
        for line in lines:
            reply = reply_to(app, line, channel, chat or request.node.name, in_group)
            shown = "\n".join(bubble.text for bubble in reply.bubbles)
        return shown

    return say


def reply_to(app: App, text: str, channel: str, chat: str, in_group: bool = False) -> Reply:
    """The reply to one message."""
    return app.assistant.reply(Message(channel, "e", chat, text, is_in_group=in_group))


@pytest.fixture
def desk(any_house: Any) -> Desk:  # noqa: F811
    """A desk over an empty house of each kind."""
    return Desk(any_house, KEYS, now=lambda: NOW)
