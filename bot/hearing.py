"""Messages understood, with a memory for what is said again and again: "lệ phí", "1", "cảm ơn".

Understanding takes nearly all of a reply's time, and the same words over the same catalogue always
mean the same. Words that name a person or a dossier are never kept.
"""

from typing import Final

from bot.recent import Recent
from nlp.retrieval import Index
from nlp.understanding import Understanding, understand

LONGEST: Final = 120  # characters; a long story is told once
MOST: Final = 1000  # of some 40 kB each


class Hearing:
    """Call it in the place of `understand`."""

    def __init__(self, most: int = MOST) -> None:
        self._recent: Recent[str, Understanding] = Recent(most)

    def __call__(self, text: str, index: Index) -> Understanding:
        """What is meant, from memory if the same was said lately."""
        if len(text) > LONGEST:
            return understand(text, index)
        if known := self._recent.get(index, text):
            return known
        heard = understand(text, index)
        if may_be_kept(heard):
            self._recent.keep(index, text, heard)
        return heard


def may_be_kept(heard: Understanding) -> bool:
    """Whether the words say nothing of anybody's own affairs."""
    about = heard.dossier
    return about.is_empty and about.proof is None and not heard.has_personal_number
