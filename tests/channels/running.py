"""A whole assistant with its channels, running in a thread, for tests over real HTTP."""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.app import App, build
from bot.channels.contract import Pacing
from bot.config import Settings
from bot.delivery_service import Service, Tuning

T = TypeVar("T")
FAST = Pacing(per_second=2000, chat_burst=1000, chat_per_second=1000, group_per_second=1000)


class Running:
    """The service of an application, between `start` and `stop`."""

    def __init__(self, settings: Settings, tuning: Tuning | None = None) -> None:
        self.app: App = build(settings)
        self.service = Service(
            settings,
            self.app.sessions,
            self.app.assistant,
            self.app.conversations,
            tuning or Tuning(telegram=FAST),
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = asyncio.Event()

    def start(self) -> "Running":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        self.app.engine.dispose()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with self.service.running():
            await self._stop.wait()


class Template:
    """A seeded database, made once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.sqlite3"
        self._cache = folder / "cache"
        app = build(self._settings(self._file))
        app.shelves()
        app.engine.dispose()

    def settings(self, folder: Path, **more: Any) -> Settings:
        """Settings of a house of its own."""
        file = folder / "house.sqlite3"
        if not file.exists():
            shutil.copy(self._file, file)
        return self._settings(file, **more)

    def _settings(self, file: Path, **more: Any) -> Settings:
        return Settings(database_url=f"sqlite:///{file}", cache_dir=self._cache, **more)


def wait_for(look: Callable[[], T], *, seconds: float = 8.0) -> T:
    """What is seen, as soon as it is something."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > until:
            raise AssertionError("waited in vain")
        time.sleep(0.01)
    return seen
