"""Mistyped syllables: what a word that nobody knows was probably meant to be, judged in context."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA


class Reading(NamedTuple):
    """A known word that may have been meant, and how much to trust it (0 to 1)."""

    word: str
    trust: float


class Speller:
    """Known folded words with their frequency, and which pairs of them are known to follow."""

    def __init__(self, frequencies: Mapping[str, int], pairs: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        self._pairs = pairs
        self._near: defaultdict[str, list[str]] = defaultdict(list)
        for word in frequencies:
            if len(word) > 1 and word.isalpha():
                for form in _shortened(word):
                    self._near[form].append(word)

    def readings(self, words: Sequence[str], place: int) -> list[Reading]:
        """What the word at a place may be; only itself when it is known and fits its neighbours.

        The best other readings come first, at most three.
        """
        word = words[place]
        known = word in self._frequencies
        if not word.isalpha() or len(word) < 3 or (known and self._fits(words, place, word)):
            return [Reading(word, 1.0)]
        if not known and (parts := self.split(word)):
            return [Reading(part, 1.0) for part in parts]
        weighed = [
            (self._weight(words, place, other), other)
            for other in self._neighbours(word)
            if not known or self._fits(words, place, other)
        ]
        best = sorted(weighed, reverse=True)[:3]
        if not best:
            return [Reading(word, 1.0)]
        total = sum(weight for weight, _ in best)
        rest = 0.5 if known else 0.9
        readings = [Reading(other, rest * weight / total) for weight, other in best]
        return [*readings, Reading(word, 0.6)] if known else readings

    def split(self, glued: str) -> list[str]:
        """The known words of which a glued word consists, or nothing: "dangkykhaisinh"."""
        if len(glued) < 5:
            return []
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(glued)
        for end in range(1, len(glued) + 1):
            for start in range(max(0, end - 7), end):
                before, word = best[start], glued[start:end]
                if before is None or word not in self._frequencies or len(word) < 2:
                    continue
                cost = before[0] + 8.0 - _log(self._frequencies[word])
                if before[1] and f"{before[1][-1]} {word}" in self._pairs:
                    cost -= 4.0
                current = best[end]
                if current is None or cost < current[0]:
                    best[end] = (cost, [*before[1], word])
        whole = best[len(glued)]
        return whole[1] if whole and len(whole[1]) > 1 else []

    def _neighbours(self, word: str) -> set[str]:
        found = {other for form in _shortened(word) for other in self._near.get(form, ())}
        return {other for other in found if other != word and OSA.distance(word, other) == 1}

    def _fits(self, words: Sequence[str], place: int, word: str) -> bool:
        return self._support(words, place, word) > 0

    def _support(self, words: Sequence[str], place: int, word: str) -> int:
        left = f"{words[place - 1]} {word}" if place else ""
        right = f"{word} {words[place + 1]}" if place + 1 < len(words) else ""
        return self._pairs.get(left, 0) + self._pairs.get(right, 0)

    def _weight(self, words: Sequence[str], place: int, word: str) -> float:
        return (
            _log(self._frequencies[word]) + 3.0 * _log(1 + self._support(words, place, word)) + 0.1
        )


def _shortened(word: str) -> set[str]:
    """The word and every form of it with one letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _log(number: float) -> float:
    """Bits: a cheap logarithm for small counts."""
    return float(int(number).bit_length())
