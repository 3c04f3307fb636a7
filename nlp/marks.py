"""Puts the marks back on a message typed without any: "kinh doanh duoc" is "kinh doanh dược".

A word's marks are those under which the whole message is likeliest, judged by which words follow
each other in procedure names and in the questions written for them (`nlp/data/marks.tsv.gz`, made
by `make train`). A word that its neighbours do not decide is left as it was typed: unmarked, it
still meets every word of its letters.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from nlp.normalize import fold, is_label

SURE = 0.85  # share of the likelihood, beside its neighbours, that a word's marks must have
MARKED = 0.15  # share of words with marks from which on a text counts as typed with marks
MOST_FORMS = 6  # of one unmarked word that are considered
_UNSEEN = 0.05
_WEIGHT = 8.0  # how much the single words count beside the pairs
EDGE = ""  # stands before the first and after the last word


class Counts(NamedTuple):
    """How often words and pairs of words stand in the texts that the marks were learned from."""

    words: dict[str, int]
    pairs: dict[tuple[str, str], int]
    forms: dict[str, tuple[str, ...]]  # for each unmarked word its marked ones, the commonest first
    total: int


@lru_cache(maxsize=1)
def shipped_counts() -> Counts:
    """The counts that come with the package."""
    packed = (files("nlp") / "data" / "marks.tsv.gz").read_bytes()
    words: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        *text, count = line.split("\t")
        if len(text) == 1:
            words[text[0]] = int(count)
        else:
            pairs[text[0], text[1]] = int(count)
    return counts_of(words, pairs)


def counts_of(words: dict[str, int], pairs: dict[tuple[str, str], int]) -> Counts:
    """Counts with the forms of each unmarked word looked up."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-words[word], word)):
        if len(forms[fold(word)]) < MOST_FORMS:
            forms[fold(word)].append(word)
    found = {bare: tuple(own) for bare, own in forms.items()}
    return Counts(words, pairs, found, sum(words.values()))


def has_marks(words: Sequence[str]) -> bool:
    """Whether a text was typed with marks, a stray one left out."""
    return sum(word != fold(word) for word in words) > MARKED * len(words)


def with_marks(words: Sequence[str], counts: Counts | None = None) -> list[str]:
    """The words with the marks that their neighbours decide; marked words stay as they are.

    >>> with_marks("dang ky khai tu cho ba ngoai".split())
    ['đăng', 'ký', 'khai', 'tử', 'cho', 'bà', 'ngoại']
    """
    counts = counts or shipped_counts()
    slots = [
        (word,) if word != fold(word) or is_label(words, place) else counts.forms.get(word, (word,))
        for place, word in enumerate(words)
    ]
    path = _likeliest(slots, counts)
    return [
        form if _is_sure(path, place, slots[place], counts) else word
        for place, (word, form) in enumerate(zip(words, path, strict=True))
    ]


def _likeliest(slots: Sequence[Sequence[str]], counts: Counts) -> list[str]:
    """The forms that are likeliest together (Viterbi)."""
    scores = {EDGE: 0.0}
    steps: list[dict[str, str]] = []
    for slot in (*slots, (EDGE,)):
        befores = [(before, score - _often(before, counts)) for before, score in scores.items()]
        origins: dict[str, str] = {}
        reached: dict[str, float] = {}
        for form in slot:
            alone = _alone(form, counts)
            unseen = math.log(alone)
            best = -math.inf
            for before, score in befores:
                # Most pairs were never seen: their logarithm is known.
                pair = counts.pairs.get((before, form))
                reach = score + (math.log(pair + alone) if pair else unseen)
                if reach > best:
                    best, origins[form] = reach, before
            reached[form] = best
        steps.append(origins)
        scores = reached
    path = [EDGE]
    for origins in reversed(steps):
        path.append(origins[path[-1]])
    return path[-2:0:-1]


def _is_sure(path: Sequence[str], place: int, slot: Sequence[str], counts: Counts) -> bool:
    """Whether the neighbours decide for the form in the path."""
    before = path[place - 1] if place else EDGE
    after = path[place + 1] if place + 1 < len(path) else EDGE
    chances = {
        form: math.exp(_follows(before, form, counts) + _follows(form, after, counts))
        for form in slot
    }
    return chances[path[place]] >= SURE * sum(chances.values())


def _follows(before: str, word: str, counts: Counts) -> float:
    """The logarithm of how likely a word follows another, the single words mixed in."""
    pair = counts.pairs.get((before, word), 0)
    return math.log(pair + _alone(word, counts)) - _often(before, counts)


def _alone(word: str, counts: Counts) -> float:
    return _WEIGHT * counts.words.get(word, _UNSEEN) / max(counts.total, 1) + 1e-9


def _often(before: str, counts: Counts) -> float:
    return math.log(counts.words.get(before, 0) + _WEIGHT)
