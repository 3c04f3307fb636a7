"""Everyday words beside the official ones (`synonyms.tsv`) and words that frame a question."""

from typing import NamedTuple

from nlp.cues import CueTable
from nlp.tables import lines, rows

_SYNONYMS = CueTable((said, means) for said, means in rows("synonyms.tsv", 2))
_FRAMES = CueTable((line, True) for line in lines("frames.txt"))
FRAME_WEIGHT = 0.3  # of one framing word
LONG_FRAME_WEIGHT = 0.12  # of a word inside a framing phrase


class Synonym(NamedTuple):
    """An everyday phrase that was found, and what the records call it."""

    said: str
    means: str


def synonyms(text: str) -> list[Synonym]:
    """The official words for each everyday phrase in a normalised text."""
    words = text.split()
    return [
        Synonym(" ".join(words[found.start : found.end]), found.value)
        for found in _SYNONYMS.longest(text)
    ]


def topic_weights(text: str) -> list[float]:
    """For each word of a normalised text how much it says of the topic, 0 to 1."""
    weights = [1.0] * len(text.split())
    for found in _FRAMES.longest(text):
        weight = FRAME_WEIGHT if found.end - found.start == 1 else LONG_FRAME_WEIGHT
        for place in range(found.start, found.end):
            weights[place] = weight
    return weights
