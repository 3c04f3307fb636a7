"""Abbreviations and chat spellings, written out from `nlp/data/abbreviations.tsv`."""

from nlp.tables import rows

ABBREVIATIONS: dict[str, str] = {short: long for short, long in rows("abbreviations.tsv", 2)}  # noqa: C416
_LONGEST = max(len(short.split()) for short in ABBREVIATIONS)


def expand(text: str) -> str:
    """The text with each known abbreviation written out; the longest one wins."""
    words = text.split()
    written: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            if long := ABBREVIATIONS.get(" ".join(words[place : place + length])):
                written.append(long)
                place += length
                break
        else:
            written.append(words[place])
            place += 1
    return " ".join(written)
