"""The script that a commune's page embeds; it brings its own style and words in one request."""

import json
import secrets
from typing import Final

from fastapi import APIRouter, FastAPI, Response

from bot.web.page import STATIC
from bot.wording import say

_KEPT: Final = "public, max-age=3600"  # its address never changes, so browsers ask again soon
_HEADERS: Final = {
    "Cache-Control": _KEPT,
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_KEY_BYTES: Final = 32
_KEY_HEADERS: Final = {  # the browser keeps it for our frame alone; see frame.js
    "Cache-Control": "private, max-age=7200, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_WORDS: Final = ("open", "label", "close", "waiting", "new_page")


def add_widget(app: FastAPI) -> None:
    """Serve the script, its style for old browsers, and the key under which a page keeps a talk."""
    style = (STATIC / "widget.css").read_text(encoding="utf-8")
    script = _script(style)
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    async def give_script() -> Response:
        return Response(script, media_type="text/javascript", headers=_HEADERS)

    @routes.api_route("/widget.css", methods=["GET", "HEAD"])
    async def give_style() -> Response:
        return Response(style, media_type="text/css", headers=_HEADERS)

    @routes.get("/widget-key")
    async def give_key() -> Response:
        key = secrets.token_bytes(_KEY_BYTES)
        return Response(key, media_type="application/octet-stream", headers=_KEY_HEADERS)

    app.include_router(routes)


def _script(style: str) -> str:
    words = {name: say(f"widget_{name}") for name in _WORDS}
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    return script.replace('"STYLE"', json.dumps(style)).replace('"WORDS"', json.dumps(words))
