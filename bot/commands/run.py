"""`motcua serve` and `motcua doctor`."""

import gc
import logging
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Thread
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App, build
from bot.commands.workers import keep_running
from bot.config import Settings
from bot.delivery_service import Service, Tuning
from bot.dossier_news import join, keep_followers_informed
from bot.web.admin import admin_routes
from bot.web.application import create_web
from bot.web.dossiers import dossier_routes

_MOST_FILES: Final = 65_536
_READ_AHEAD: Final = 1_000  # procedures; of the national catalogue those that citizens ask for
_SWITCH: Final = 0.001  # seconds: who waits for the network does not wait long for who computes
# What is kept for long (records, understood messages) is no rubbish: looking through all of it held
# up everybody for 60 ms, twice a second in a rush.
_COLLECT: Final = (5_000, 10, 200)


def serve(settings: Settings, *, workers: int = 1, tuning: Tuning | None = None) -> None:
    """Run the web server and the channels until stopped, in so many processes."""
    write_log(settings)
    allow_many_connections()
    app = build(settings)
    procedures = len(app.shelves().catalogue.listings)
    address = f"http://{settings.host}:{settings.port}"
    structlog.get_logger().info("ready", address=address, procedures=procedures, workers=workers)
    listening = _listen(settings)
    if workers == 1:
        _serve(app, listening, tuning)
        return
    app.engine.dispose()  # connections cannot be shared
    keep_running(workers, lambda: _serve(app, listening, tuning))


def allow_many_connections() -> None:
    """Services may usually open 1,024 files, and so many idle visitors would shut out all others."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=2048)


def _serve(app: App, listening: socket.socket, tuning: Tuning | None) -> None:
    """One process: everything that it needs is made in it."""
    sys.setswitchinterval(_SWITCH)
    gc.set_threshold(*_COLLECT)
    config = uvicorn.Config(
        web_of(app, tuning), access_log=False, log_config=None, server_header=False
    )
    uvicorn.Server(config).run([listening])


def web_of(app: App, tuning: Tuning | None = None) -> FastAPI:
    """The web application with all channels, as `motcua serve` runs it."""
    settings = app.settings
    web = create_web(
        app.assistant,
        app.shelves,
        ready=lambda: app.shelves.is_ready,
        widget_sites=settings.widget_sites,
        public_url=settings.public_url,
    )
    web.include_router(dossier_routes(app.desk, app.sessions))
    web.include_router(admin_routes(app.sessions, app.today, settings))
    service = Service(app, tuning)
    service.join(web)
    # Beside the first requests, which need not wait for it.
    Thread(target=_read_ahead, args=(app,), daemon=True).start()
    channels = {channel.name: channel for channel in service.channels}
    keep = timedelta(days=settings.dossier_keep_days)
    refresh = app.desk.refresh
    join(web, lambda: keep_followers_informed(app.sessions, channels, keep=keep, refresh=refresh))
    return web


def _read_ahead(app: App) -> None:
    with suppress(SQLAlchemyError, KeyError):  # it would only have saved time
        app.shelves().read_ahead(_READ_AHEAD)


def write_log(settings: Settings) -> None:
    """Log lines in plain form or as JSON; never what a citizen wrote."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    render: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_json
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )


def settings_lines(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Each setting as name, value (secrets hidden) and meaning."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "(đã đặt, không hiện)" if isinstance(value, SecretStr) else str(value)
        yield (
            f"MOTCUA_{name.upper()}",
            "–" if value in (None, ()) else shown,
            field.description or "",
        )


def port_is_free(settings: Settings) -> bool:
    """Whether the web server could listen now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((settings.host, settings.port)) != 0
