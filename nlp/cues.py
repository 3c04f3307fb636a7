"""Finds known phrases in a normalised text: marks decide where they were typed, folding only widens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from nlp.normalize import fold

V = TypeVar("V")


class Found(NamedTuple, Generic[V]):
    """A cue that stands in the text, over the words from `start` to before `end`."""

    start: int
    end: int
    value: V


class CueTable(Generic[V]):
    """Phrases with a value each; looks all of them up in one pass over a text."""

    def __init__(self, cues: Iterable[tuple[str, V]]) -> None:
        self._cues: defaultdict[tuple[str, ...], list[tuple[tuple[str, ...], V]]]
        self._cues = defaultdict(list)
        for phrase, value in cues:
            words = tuple(phrase.split())
            self._cues[tuple(fold(word) for word in words)].append((words, value))
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for bare in self._cues:
            lengths[bare[0]].add(len(bare))
        # Of each first word the lengths of its cues, so that most places are passed at once.
        self._lengths = {first: sorted(own, reverse=True) for first, own in lengths.items()}
        self._last: tuple[str, list[Found[V]]] = ("", [])

    def find(self, text: str) -> list[Found[V]]:
        """Every cue in the text, in order of its place, the longest first at one place."""
        last = self._last  # several readers ask the same of one message, one after the other
        if last[0] != text:
            last = self._last = (text, list(self._look_up(text)))
        return last[1]

    def _look_up(self, text: str) -> Iterator[Found[V]]:
        words, folded = _cut(text)
        if self._lengths.keys().isdisjoint(folded):  # most tables know no word of most messages
            return
        for start, first in enumerate(folded):
            for length in self._lengths.get(first, ()):
                end = start + length
                for cue, value in self._cues.get(folded[start:end], ()):
                    if len(cue) == length and agree(words[start:end], cue):
                        yield Found(start, end, value)

    def longest(self, text: str) -> list[Found[V]]:
        """The cues that are left when none may overlap a longer one."""
        found_ones = self.find(text)
        if len(found_ones) < 2:
            return list(found_ones)
        kept: list[Found[V]] = []
        for found in sorted(found_ones, key=lambda f: (f.start - f.end, f.start)):
            if all(found.end <= other.start or found.start >= other.end for other in kept):
                kept.append(found)
        return sorted(kept, key=lambda f: f.start)


@lru_cache(maxsize=64)
def _cut(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text and their folds; one text is looked up in many tables in a row."""
    words = tuple(text.split())
    return words, tuple(fold(word) for word in words)


def agree(typed: Iterable[str], meant: Iterable[str]) -> bool:
    """Whether typed words can be these: a word typed without marks can be any of its fold."""
    return all(word == wish or word == fold(wish) for word, wish in zip(typed, meant, strict=False))
