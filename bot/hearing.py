"""Messages understood, with a memory for what is said again and again: "lệ phí", "1", "cảm ơn".

Understanding takes nearly all of a reply's time, and the same words over the same catalogue always
mean the same. Words that name a person or a dossier are never kept.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from nlp.retrieval import Index
from nlp.understanding import Understanding, understand

LONGEST: Final = 120  # characters; a long story is told once
MOST: Final = 1000  # of some 40 kB each


class Hearing:
    """Call it in the place of `understand`."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._index: Index | None = None
        self._known: OrderedDict[str, Understanding] = OrderedDict()

    def __call__(self, text: str, index: Index) -> Understanding:
        """What is meant, from memory if the same was said lately."""
        if len(text) > LONGEST:
            return understand(text, index)
        with self._lock:
            if index is not self._index:  # the catalogue has changed
                self._index, self._known = index, OrderedDict()
            if known := self._known.get(text):
                self._known.move_to_end(text)
                return known
        heard = understand(text, index)
        if may_be_kept(heard):
            self._keep(text, heard, index)
        return heard

    def _keep(self, text: str, heard: Understanding, index: Index) -> None:
        with self._lock:
            if index is not self._index:
                return
            self._known[text] = heard
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def may_be_kept(heard: Understanding) -> bool:
    """Whether the words say nothing of anybody's own affairs."""
    about = heard.dossier
    return about.is_empty and about.proof is None and not heard.has_personal_number
