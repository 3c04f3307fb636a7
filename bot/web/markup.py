"""Pages built from tags: every text is escaped on its way in, whatever it holds."""

from html import escape
from typing import Final

_EMPTY: Final = frozenset({"br", "input"})


class Html(str):
    """Markup of ours, which need not be escaped again."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str | None) -> Html:
    """An element; `class_` and the like lose their underscore, None leaves an attribute out.

    >>> tag("p", "1 < 2", class_="sum")
    '<p class="sum">1 &lt; 2</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{together(*inside)}</{name}>")


def together(*parts: str) -> Html:
    """The parts one after the other, what is not markup yet escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))
