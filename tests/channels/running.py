"""A whole assistant with its channels, running in a thread, for tests over real HTTP."""

import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from bot.app import App, build
from bot.assistant import Assistant
from bot.channels.contract import Pacing
from bot.config import Settings
from bot.delivery_service import Service, Tuning
from bot.web.application import create_web

T = TypeVar("T")
FAST = Pacing(per_second=2000, chat_burst=1000, chat_per_second=1000, group_per_second=1000)
FAST_TUNING = Tuning(telegram=FAST, zalo=FAST)


class Running:
    """The service of an application behind a real web server, between `start` and `stop`."""

    def __init__(self, settings: Settings, assistant: type[Assistant] = Assistant) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=2000)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        told = {"public_url": settings.public_url or self.url}
        settings = settings.model_copy(update=told)
        app = build(settings)
        self.app: App = replace(app, assistant=assistant(app.shelves, app.conversations, app.desk))
        self.service = Service(self.app, FAST_TUNING)
        web = create_web(
            self.app.assistant, self.app.shelves, ready=lambda: self.app.shelves.is_ready
        )
        self.service.join(web)
        self._server = uvicorn.Server(uvicorn.Config(web, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Running":
        self._thread.start()
        wait_for(lambda: self._server.started)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(15)
        self.app.engine.dispose()

    def _run(self) -> None:
        self._server.run([self._socket])


class Template:
    """A seeded database, made once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.sqlite3"
        self.cache = folder / "cache"
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
        return Settings(database_url=f"sqlite:///{file}", cache_dir=self.cache, **more)


def wait_for(look: Callable[[], T], *, seconds: float = 8.0) -> T:
    """What is seen, as soon as it is something."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > until:
            raise AssertionError("waited in vain")
        time.sleep(0.01)
    return seen
