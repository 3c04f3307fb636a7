"""Takes out of free text what names the owner: officers write names and numbers into reasons."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[ .-]?){8,}\d(?!\d)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK: Final = re.compile(r"https?://\S+")
_SHORTEST: Final = 3
_LONGEST: Final = 2000


def scrubbed(text: str | None, personal: Iterable[str]) -> str | None:
    """The text without the owner's name, address, numbers, and without links to files.

    >>> scrubbed("Bà Lê Thị Vịt nộp lại CCCD 038099001234", ["LÊ THỊ VỊT"])
    'Bà (…) nộp lại CCCD (…)'
    """
    if not text:
        return None
    text = unicodedata.normalize("NFC", text)[:_LONGEST]
    for words in sorted(personal, key=len, reverse=True):
        parts = unicodedata.normalize("NFC", words).split()
        if len(words) >= _SHORTEST and parts:
            pattern = r"(?<!\w)" + r"\s+".join(re.escape(part) for part in parts) + r"(?!\w)"
            text = re.sub(pattern, "(…)", text, flags=re.IGNORECASE)
    for sign in (_LINK, _EMAIL, _NUMBER):
        text = sign.sub("(…)", text)
    return text
