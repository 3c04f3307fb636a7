"""How old somebody is, and which procedures are only for the old, the young, or those in between."""

import re

from nlp.normalize import fold

_SAID = re.compile(r"(?<!duoi )(?<!tren )(?<!tu )\b(\d{1,3}) tuoi\b")
_BOUND = re.compile(r"\b(duoi|tren|den|tu du|tu) (\d{1,3}) tuoi\b")
_BELOW = ("duoi",)
_ABOVE = ("tu du", "tu")


def age_said(text: str) -> int | None:
    """The age that a normalised text tells, the last one if several.

    >>> age_said("con trai lớn 15 tuổi thì sao"), age_said("trên 80 tuổi")
    (15, None)
    """
    found = _SAID.findall(fold(text))
    return int(found[-1]) if found else None


def without_ages(text: str) -> str:
    """The text without the ages that it tells."""
    words = text.split()
    for match in reversed(list(_SAID.finditer(fold(text)))):
        first = len(fold(text)[: match.start()].split())
        del words[first : first + 2]
    return " ".join(words)


def admits(name: str, age: int) -> bool:
    """Whether a procedure of that name is for somebody so old; one that names no age is for all.

    >>> admits("cấp thẻ căn cước cho người dưới 14 tuổi", 15)
    False
    """
    for bound, years in _BOUND.findall(fold(name)):
        limit = int(years)
        if (bound in _BELOW and age >= limit) or (bound in _ABOVE and age < limit):
            return False
        if (bound == "tren" and age <= limit) or (bound == "den" and age > limit):
            return False
    return True
