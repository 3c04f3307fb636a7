"""Which strings of letters are Vietnamese syllables, by the rule of initial, rime and tone."""

import unicodedata
from functools import lru_cache

from nlp.tables import lines

INITIALS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
TONES = "\u0300\u0301\u0303\u0309\u0323"
_LATIN_MARKS = "\u0302\u0306\u031b"  # of â ê ô, ă, ơ ư
_CHECKED = ("c", "ch", "p", "t")  # rimes with these endings bear only two of the tones
_CHECKED_TONES = ("\u0301", "\u0323")
_BEFORE_FRONT = {"k": True, "gh": True, "ngh": True, "c": False, "g": False, "ng": False}
_FRONT = "eêiy"
_MARKED_RIMES = frozenset(rime for line in lines("rimes.txt") for rime in line.split())


def toneless(word: str) -> tuple[str, str]:
    """A word without its tone marks but with its other marks, and the tone marks.

    >>> [len(part) for part in toneless("trường")]
    [6, 1]
    """
    if word.isascii():
        return word, ""
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in signs if sign not in TONES)
    return unicodedata.normalize("NFC", letters), "".join(s for s in signs if s in TONES)


def _bare(rime: str) -> str:
    signs = unicodedata.normalize("NFD", rime)
    return "".join(sign for sign in signs if sign not in _LATIN_MARKS)


RIMES = frozenset(map(_bare, _MARKED_RIMES))


@lru_cache(maxsize=16384)
def is_syllable(folded: str) -> bool:
    """Whether a folded word can be one Vietnamese syllable.

    >>> is_syllable("nghiep"), is_syllable("dduowng"), is_syllable("giay")
    (True, False, True)
    """
    return any(
        folded.startswith(initial) and (folded[len(initial) :] in RIMES or folded == "gi")
        for initial in INITIALS
    )


@lru_cache(maxsize=16384)
def is_spelled(word: str) -> bool:
    """Whether a word with its marks is spelled like a Vietnamese syllable.

    >>> [is_spelled(word) for word in ("thường", "thờng", "nhật", "nhât", "nhàt", "kông", "gì")]
    [True, False, True, False, False, False, True]
    """
    letters, tones = toneless(word)
    if len(tones) > 1:
        return False
    for initial in INITIALS:
        rime = letters[len(initial) :]
        if not letters.startswith(initial):
            continue
        if rime in _MARKED_RIMES and _may_bear(rime, tones) and _may_begin(initial, rime):
            return True
    return letters == "gi"


def _may_bear(rime: str, tones: str) -> bool:
    return not rime.endswith(_CHECKED) or tones in _CHECKED_TONES


def _may_begin(initial: str, rime: str) -> bool:
    if initial == "g" and rime.startswith("i"):
        return True  # gì, giếng, gìn
    front = _BEFORE_FRONT.get(initial)
    return front is None or front == (rime[0] in _FRONT)
