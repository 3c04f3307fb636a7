"""The script that a commune's page embeds; it brings its own style and words in one request."""

import json
from typing import Final

from fastapi import APIRouter, FastAPI, Response

from bot.web.page import STATIC
from bot.wording import say

_KEPT: Final = "public, max-age=3600"  # its address never changes, so browsers ask again soon
_HEADERS: Final = {
    "Cache-Control": _KEPT,
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_WORDS: Final = ("open", "label", "close", "waiting", "new_page")


def add_widget(app: FastAPI) -> None:
    """Serve /widget.js, and its style alone for browsers that cannot take it from the script."""
    style = (STATIC / "widget.css").read_text(encoding="utf-8")
    script = _script(style)
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    async def give_script() -> Response:
        return Response(script, media_type="text/javascript", headers=_HEADERS)

    @routes.api_route("/widget.css", methods=["GET", "HEAD"])
    async def give_style() -> Response:
        return Response(style, media_type="text/css", headers=_HEADERS)

    app.include_router(routes)


def _script(style: str) -> str:
    words = {name: say(f"widget_{name}") for name in _WORDS}
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    return script.replace('"STYLE"', json.dumps(style)).replace('"WORDS"', json.dumps(words))
