"""`motcua serve` and `motcua doctor`."""

import logging
import socket
from collections.abc import Iterator
from datetime import timedelta

import structlog
import uvicorn
from pydantic import SecretStr

from bot.app import build
from bot.config import Settings
from bot.delivery_service import Service
from bot.dossier_news import join, keep_followers_informed
from bot.web.admin import admin_routes
from bot.web.application import create_web
from bot.web.dossiers import dossier_routes


def serve(settings: Settings) -> None:
    """Run the web server and the channels until stopped."""
    write_log(settings)
    app = build(settings)
    shelf = app.shelves()
    structlog.get_logger().info(
        "ready",
        address=f"http://{settings.host}:{settings.port}",
        procedures=len(shelf.catalogue.listings),
    )
    web = create_web(
        app.assistant,
        app.shelves,
        ready=lambda: app.shelves.is_ready,
        widget_sites=settings.widget_sites,
        public_url=settings.public_url,
    )
    web.include_router(dossier_routes(app.desk, app.sessions))
    web.include_router(admin_routes(app.sessions, app.today, settings.province))
    service = Service(app)
    service.join(web)
    channels = {channel.name: channel for channel in service.channels}
    keep = timedelta(days=settings.dossier_keep_days)
    join(web, lambda: keep_followers_informed(app.sessions, channels, keep=keep))
    uvicorn.run(
        web,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
    )


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
