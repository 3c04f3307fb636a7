"""The web over a real SQLite catalogue, made once from the built-in files."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import httpx
import pytest

from bot.app import App, build
from bot.config import Settings
from bot.web.application import create_web
from tests.web.foreign import embedded
from tests.web.serving import DESKTOP, Scripted, served
from tests.web.visiting import OPENER

TODAY = date(2026, 8, 3)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("web")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'web.sqlite3'}",
        cache_dir=folder / "cache",
        province="all",
        today=TODAY,
        forget_after_minutes=120,
    )
    parts = build(settings)
    parts.shelves()
    return parts


@pytest.fixture(scope="session")
def address(app: App) -> Iterator[str]:
    web = create_web(app.assistant, app.shelves, ready=lambda: app.shelves.is_ready)
    with served(web) as url:
        yield url


@pytest.fixture(scope="session")
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")  # while it lives, no other test may run a loop of its own
def chromium():
    """Debian's Chromium, or a skip that says how to get it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the playwright package")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Debian's Chromium: apt-get install chromium")
    flags = (
        "--no-sandbox --disable-gpu --disable-background-networking"
        " --disable-component-update --disable-sync --no-first-run"
    )
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=flags.split())
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium) -> Iterator[Callable]:
    """Opens an address in a fresh browser profile; the page must end without an error."""
    contexts, faults = [], []

    def open_page(url, viewport=DESKTOP, **settings):
        context = chromium.new_context(viewport=viewport, locale="vi-VN", **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def scripted(app):
    """Serves the page with replies of the test's own."""

    @contextmanager
    def serve(say):
        assistant = Scripted(say if callable(say) else lambda _: say)
        with served(create_web(assistant, app.shelves, ready=lambda: True)) as url:
            yield url, assistant

    return serve


@pytest.fixture
def visited(app, opened):
    """Opens the foreign page; it must end without a breach of its policy."""
    breaches = []

    def visit(allowed=True, viewport=DESKTOP, **settings):
        house = embedded(app.assistant, app.shelves, allowed=allowed)
        foreign, ours = house.__enter__()
        houses.append(house)
        page = opened("about:blank", viewport, **settings)
        if allowed:
            page.on(
                "console", lambda said: breaches.append(said.text) if said.type == "error" else 0
            )
        page.goto(foreign)
        page.wait_for_selector(OPENER)
        return page, foreign, ours

    houses = []
    yield visit
    for house in houses:
        house.__exit__(None, None, None)
    assert not breaches
