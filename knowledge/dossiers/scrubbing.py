"""Takes out of free text what names the owner: officers write names and numbers into reasons."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[ .()-]{0,2}){8,}\d(?!\d)")
_MARKED: Final = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_PLAIN: Final = str.maketrans(
    _MARKED, "a" * 17 + "e" * 11 + "i" * 5 + "o" * 17 + "u" * 11 + "y" * 5 + "d"
)
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK: Final = re.compile(r"https?://\S+")
_HIDDEN: Final = "(ẩn)"
_SHORTEST: Final = 3
_LONGEST: Final = 2000


def scrubbed(text: str | None, personal: Iterable[str]) -> str | None:
    """The text without the owner's name, address, numbers, and without links to files.

    >>> scrubbed("Bà Lê Thị Vịt nộp lại CCCD 038099001234", ["LÊ THỊ VỊT"])
    'Bà (ẩn) nộp lại CCCD (ẩn)'
    """
    if not text:
        return None
    text = unicodedata.normalize("NFC", text)[:_LONGEST]
    for words in sorted(personal, key=len, reverse=True):
        if len(words) >= _SHORTEST:
            text = _without(text, " ".join(unicodedata.normalize("NFC", words).split()))
    for sign in (_LINK, _EMAIL, _NUMBER):
        text = sign.sub(_HIDDEN, text)
    return text


def _without(text: str, words: str) -> str:
    """The text with whole words left out whatever case and marks; no pattern is made, for speed.

    A single word must have its marks: "Hoa" is a name, "hóa đơn" is not.
    """
    lowered, sought, start = text.lower(), words.lower(), 0
    if " " in words:
        lowered, sought = lowered.translate(_PLAIN), sought.translate(_PLAIN)
    if len(lowered) != len(text):
        return text if sought not in lowered else _HIDDEN
    while (place := lowered.find(sought, start)) >= 0:
        end = place + len(sought)
        is_whole = not (lowered[place - 1 : place].isalnum() or lowered[end : end + 1].isalnum())
        start = place + len(_HIDDEN) if is_whole else end
        if is_whole:
            text = text[:place] + _HIDDEN + text[end:]
            lowered = lowered[:place] + _HIDDEN + lowered[end:]
    return text
