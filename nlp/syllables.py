"""Which strings of letters are Vietnamese syllables, by the rule of initial and rime."""

from functools import lru_cache

from nlp.tables import lines

INITIALS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
RIMES = frozenset(rime for line in lines("rimes.txt") for rime in line.split())


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
