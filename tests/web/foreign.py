"""A commune's own page on another site, strict about what it loads and hard on its guests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from string import Template

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse

from bot.web.application import create_web
from tests.web.serving import served

HERE = files("tests.web")


def foreign_page(ours: Callable[[], str]) -> FastAPI:
    """The page; it embeds the widget of the address that is known once we are served."""
    app = FastAPI()

    @app.get("/")
    def page() -> HTMLResponse:
        html = Template((HERE / "foreign.html").read_text(encoding="utf-8"))
        policy = (
            f"default-src 'none'; script-src {ours()}; frame-src {ours()}; style-src 'self';"
            " img-src data:; require-trusted-types-for 'script'"
        )
        content = html.substitute(widget=f"{ours()}/widget.js")
        return HTMLResponse(content, headers={"Content-Security-Policy": policy})

    @app.get("/foreign.css")
    def style() -> Response:
        return Response((HERE / "foreign.css").read_text(encoding="utf-8"), media_type="text/css")

    return app


@contextmanager
def embedded(assistant, shelf, *, allowed: bool = True) -> Iterator[tuple[str, str]]:
    """The addresses of the foreign page and of ours, which lets itself be framed there or not."""
    known: list[str] = []
    with served(foreign_page(lambda: known[0])) as numeric:
        foreign = numeric.replace("127.0.0.1", "localhost")  # another site, not only another port
        sites = (foreign,) if allowed else ()
        web = create_web(assistant, shelf, ready=lambda: True, widget_sites=sites)
        with served(web) as ours:
            known.append(ours)
            yield foreign, ours
