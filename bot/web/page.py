"""The chat page and its three files, straight from the package: nothing is built or fetched."""

import hashlib
from importlib.resources import files
from string import Template
from typing import Final

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.wording import HOTLINE

_STATIC: Final = files("bot.web") / "static"
_ASSETS: Final = ("chat.css", "chat.js", "icon.svg")
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def add_page(app: FastAPI) -> None:
    """Serve the chat page at / and its files under /static."""
    page = _page()
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def show_page() -> HTMLResponse:
        return HTMLResponse(
            page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        )

    app.include_router(routes)
    app.mount("/static", _Kept(packages=[("bot.web", "static")]), name="static")


class _Kept(StaticFiles):
    """Files that a browser may keep: a changed file gets another address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=604800"
        return response


def _page() -> str:
    """The page, naming its files with their version so that a browser may keep them."""
    page = Template((_STATIC / "chat.html").read_text(encoding="utf-8"))
    spaced = f"{HOTLINE[:4]} {HOTLINE[4:]}"
    return page.substitute(version=_version(), hotline=HOTLINE, hotline_spaced=spaced)


def _version() -> str:
    contents = b"".join((_STATIC / name).read_bytes() for name in _ASSETS)
    return hashlib.sha256(contents).hexdigest()[:12]
