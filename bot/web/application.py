"""The web application: chat page, chat, catalogue and health, in one FastAPI."""

from collections.abc import Callable, Iterable

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from bot.assistant import Assistant
from bot.shelf import Shelf
from bot.web.chat import chat_routes
from bot.web.guards import Apologies, SafeHeaders
from bot.web.health import health_routes
from bot.web.page import add_page
from bot.web.posting import posting_routes
from bot.web.procedures import procedure_routes
from bot.web.refusals import speak_vietnamese
from bot.web.widget import add_widget


def create_web(
    assistant: Assistant,
    shelf: Callable[[], Shelf],
    *,
    ready: Callable[[], bool],
    widget_sites: Iterable[str] = (),
    public_url: str | None = None,
) -> FastAPI:
    """The application. Run it without an access log: a query string may hold a question."""
    app = FastAPI(
        title="Một Cửa",
        summary="Trợ lý thủ tục hành chính",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    speak_vietnamese(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Apologies)
    app.add_middleware(SafeHeaders)
    app.include_router(chat_routes(assistant))
    app.include_router(procedure_routes(shelf))
    app.include_router(health_routes(shelf, ready))
    app.include_router(posting_routes(shelf, public_url))
    add_widget(app)
    add_page(app, widget_sites)
    return app
