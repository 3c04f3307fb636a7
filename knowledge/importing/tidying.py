"""Small repairs of text from the portal: letters, spaces, bullets. Words are never changed."""

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_SPACES: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BREAKS: Final = re.compile(r"\s*[\n\r\x85\u2028\u2029]\s*")
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b-\u200f\u2060\ufeff]")
_BULLET: Final = re.compile(r"^(?:[-–—+*•·▪]+\s*)+")
_ENUMERATION: Final = re.compile(
    r"^\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[a-zđ]\d?(?:\.\d)*|[ivx]+)[).:]+\s*"
)

NOTHING: Final = {"không có thông tin", "chưa có thông tin", "khong co thong tin", "n/a", "null"}


def tidy(text: str | None) -> str | None:
    """The text with composed letters and single spaces, line by line; None if nothing is left."""
    if not text:
        return None
    if not _is_tidy(text):
        if "&" in text:
            text = html.unescape(text)
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        text = _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()
    return None if not text or text.rstrip(".").lower() in NOTHING else text


def _is_tidy(text: str) -> bool:
    """True for most texts; they are hundreds of thousands, so they are let through quickly."""
    return (
        text.isprintable()
        and "  " not in text
        and "&" not in text
        and text == text.strip()
        and unicodedata.is_normalized("NFC", text)
    )


def one_line(text: str | None) -> str | None:
    """The text on a single line."""
    tidied = tidy(text)
    return " ".join(tidied.splitlines()) if tidied else None


def without_bullet(text: str) -> str:
    """The text without the dashes and stars before it; its numbering stays."""
    return _BULLET.sub("", text).strip()


def label_of(text: str) -> str:
    """A heading without bullets and closing colon."""
    return without_bullet(text).rstrip(" :;,.…").strip()


def without_enumeration(text: str) -> str:
    """A heading without "a)", "1.2." and the like before it."""
    return _ENUMERATION.sub("", text).strip()


def unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The texts that say something, each once, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))
