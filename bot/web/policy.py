"""What our pages allow a browser: nothing from elsewhere, and to be framed only by whom we name."""

from collections.abc import Iterable
from typing import Final

_RULES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)
_NOBODY: Final = "'none'"


def page_headers(framed_by: str = _NOBODY) -> dict[str, str]:
    """The headers of a page that only those sources may show in a frame."""
    policy = "; ".join((*_RULES, f"frame-ancestors {framed_by}"))
    return {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}


def framed_by(sites: Iterable[str]) -> str:
    """Our own pages and those of the sites, as a source list."""
    return " ".join(("'self'", *sites))
