"""Choosing from a list by number: "2", "số 2", "cái thứ hai", "chọn cái cuối"."""

import re

from nlp.cues import CueTable
from nlp.normalize import fold
from nlp.tables import rows

LAST = -1
_ORDINALS = CueTable((cue, int(number)) for number, cue in rows("picks.tsv", 2))
_LEADS = frozenset(
    fold(word)
    for word in [
        "số",
        "cái",
        "chọn",
        "thứ",
        "trường",
        "hợp",
        "mục",
        "ý",
        "phương",
        "án",
        "câu",
        "việc",
        "dòng",
        "lấy",
        "theo",
        "xem",
        "thủ",
        "tục",
        "là",
        "đi",
        "nha",
        "nhé",
        "ạ",
        "a",
        "vâng",
        "dạ",
    ]
)
_DIGITS = re.compile(r"^\d{1,2}$")


def find_pick(text: str) -> int | None:
    """The number picked by a normalised text, LAST for the last one; None if it picks nothing.

    >>> find_pick("2"), find_pick("cái thứ hai"), find_pick("chọn cái cuối"), find_pick("hai vợ chồng")
    (2, 2, -1, None)
    """
    words = text.split()
    for place, word in enumerate(words[:4]):
        rest = [fold(other) for other in words[:place]]
        if _DIGITS.match(word) and all(other in _LEADS for other in rest):
            return int(word) if _ends(words[place + 1 :]) else None
    for found in _ORDINALS.longest(text):
        before = [fold(word) for word in words[: found.start]]
        is_named = any(word in ("cai", "thu", "so", "muc", "chon", "y") for word in before)
        is_ordinal = found.end - found.start > 1
        if all(word in _LEADS for word in before) and (
            (_ends(words[found.end :]))
            or (is_named and found.start < 3)
            or (is_ordinal and found.start == 0)
        ):
            return found.value
    return None


def _ends(words: list[str]) -> bool:
    return all(fold(word) in _LEADS for word in words)
