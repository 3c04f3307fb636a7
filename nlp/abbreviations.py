"""Abbreviations and chat spellings, written out from `nlp/data/abbreviations.tsv`."""

from nlp.tables import rows

ABBREVIATIONS: dict[str, str] = {short: long for short, long in rows("abbreviations.tsv", 2)}  # noqa: C416
_LONGEST: dict[str, int] = {}  # of each first word: words of the longest abbreviation
for _short in ABBREVIATIONS:
    _first, *_rest = _short.split()
    _LONGEST[_first] = max(_LONGEST.get(_first, 0), 1 + len(_rest))


def expand(text: str) -> str:
    """The text with each known abbreviation written out; the longest one wins."""
    words = text.split()
    if _LONGEST.keys().isdisjoint(words):
        return " ".join(words)
    written: list[str] = []
    place = 0
    while place < len(words):
        longest = _LONGEST.get(words[place], 0)
        for length in range(min(longest, len(words) - place), 0, -1):
            if long := ABBREVIATIONS.get(" ".join(words[place : place + length])):
                written.append(long)
                place += length
                break
        else:
            written.append(words[place])
            place += 1
    return " ".join(written)
