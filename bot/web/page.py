"""The chat page, alone and for frames, straight from the package: nothing is built or fetched."""

import hashlib
from collections.abc import Iterable
from importlib.resources import files
from string import Template
from typing import Final

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web.policy import framed_by, page_headers
from bot.wording import HOTLINE

STATIC: Final = files("bot.web") / "static"
_ASSETS: Final = (
    "chat.css",
    "chat.js",
    "frame.js",
    "icon.svg",
    "posting.css",
    "posting.js",
)


def add_page(app: FastAPI, sites: Iterable[str] = ()) -> None:
    """Serve the chat page at /, the one that the sites may frame at /widget, files at /static."""
    page, in_frame = _page(), _page_in_frame()
    icon = (STATIC / "icon.svg").read_bytes()  # pages without a link to it, as those of staff
    framed = page_headers(framed_by(sites))
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=["GET", "HEAD"])
    async def show_page() -> HTMLResponse:
        return HTMLResponse(page, headers=page_headers())

    @routes.api_route("/widget", methods=["GET", "HEAD"])
    async def show_in_frame() -> HTMLResponse:
        return HTMLResponse(in_frame, headers=framed)

    @routes.api_route("/favicon.ico", methods=["GET", "HEAD"])
    async def show_icon() -> Response:
        kept = {"Cache-Control": "public, max-age=604800"}
        return Response(icon, media_type="image/svg+xml", headers=kept)

    app.include_router(routes)
    app.mount("/static", _Kept(packages=[("bot.web", "static")]), name="static")


class _Kept(StaticFiles):
    """Files that a browser may keep: a changed file gets another address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=604800"
        return response


def template(name: str) -> Template:
    """A page of ours with gaps."""
    return Template((STATIC / name).read_text(encoding="utf-8"))


def version() -> str:
    """The version in the addresses of our files, so that a browser may keep them."""
    contents = b"".join((STATIC / name).read_bytes() for name in _ASSETS)
    return hashlib.sha256(contents).hexdigest()[:12]


def hotline() -> dict[str, str]:
    """The hotline as it is dialled and as it is read."""
    return {"hotline": HOTLINE, "hotline_spaced": f"{HOTLINE[:4]} {HOTLINE[4:]}"}


def _page() -> str:
    return template("chat.html").substitute(version=version(), **hotline())


def _page_in_frame() -> str:
    """The same page, told by a class and a script that it stands in somebody's frame."""
    script = f'<script src="static/frame.js?v={version()}" defer></script>\n  <script'
    page = _page().replace("<script", script, 1)
    return page.replace("<body>", '<body class="is-framed">', 1)
