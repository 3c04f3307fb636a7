"""Texts as rows of weighed terms, for the few families that are already likely.

The inverted index tells which families those are; only their own texts are then read, one after
the other, so there is nothing to look up a term in.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.postings import Flags, Floats, Ints, Rows, as_rare, bm25, collect, rarity

Longs = npt.NDArray[np.int64]
_NONE = np.zeros(1, dtype=np.float32)


class Texts:
    """One text a document, as its terms with a weight each."""

    def __init__(
        self, starts: Longs, terms: Ints, weights: Floats, idf: Floats, mean_length: float = 1.0
    ) -> None:
        self.starts = starts  # the first term of each text; number of texts + 1
        self.terms = terms.astype(np.int64)  # as numpy picks fastest
        self.weights = weights
        self.idf = idf  # of each term; 0 for a term that no text holds
        self.mean_length = mean_length  # terms a text
        self.lengths = np.diff(starts)

    def score(self, wanted: Floats, cuts: Sequence[slice], lengths: Longs) -> Floats:
        """The sum of wanted times stored weights for the texts inside the cuts.

        `wanted` holds the weight of every term, `lengths` the number of terms of each such text.
        """
        parts = wanted.take(np.concatenate([self.terms[cut] for cut in cuts]))
        parts *= np.concatenate([self.weights[cut] for cut in cuts])
        firsts = np.cumsum(lengths) - lengths
        sums: Floats = np.add.reduceat(np.concatenate((parts, _NONE)), firsts)
        sums[lengths == 0] = 0.0
        return sums

    def of(self, wanted: Floats, documents: Ints) -> Floats:
        """The score of each of these documents."""
        starts, ends = self.starts[documents].tolist(), self.starts[documents + 1].tolist()
        cuts = [slice(*pair) for pair in zip(starts, ends, strict=True)]
        return self.score(wanted, cuts, self.lengths[documents])

    def joined(self, others: "Texts") -> "Texts":
        """These texts with others after them, which were weighed like these."""
        return Texts(
            np.concatenate((self.starts, self.starts[-1] + others.starts[1:])),
            np.concatenate((self.terms, others.terms)),
            np.concatenate((self.weights, others.weights)),
            others.idf,
            self.mean_length,
        )


def build(texts: Sequence[Sequence[str]], rows: Rows, *, like: Texts | None = None) -> Texts:
    """Documents weighed as in BM25; with `like`, rarity and mean length are those known before."""
    made = bm25(texts, rows, like=(like.idf, like.mean_length) if like else None)
    return Texts(
        _starts(made.documents, len(texts)), made.terms, made.weights, made.idf, made.mean_length
    )


class Nearest(NamedTuple):
    """Of each family the unit that is most like the question; parallel arrays."""

    likeness: Floats  # cosine of that unit
    second: Floats  # cosine of the next one; 0 where there is none
    unit: Ints  # its place among the family's own units; 0 is the name


class Units:
    """The name and each question of each family as a text of its own, family by family."""

    def __init__(self, texts: Texts, family_starts: Longs) -> None:
        self.texts = texts  # weights of length one in each text
        self.family_starts = family_starts  # the first unit of each family; number of families + 1
        self.rarest = float(texts.idf.max(initial=1.0))
        self._families: list[int] = family_starts.tolist()  # plain numbers slice faster
        self._terms: list[int] = texts.starts[family_starts].tolist()
        self._name_ends: list[int] = texts.starts[family_starts[:-1] + 1].tolist()

    def nearest(self, wanted: Floats, families: Ints) -> Nearest:
        """The nearest unit of each of these families; `wanted` holds the weight of every term."""
        numbers = families.tolist()
        spans = [slice(self._families[f], self._families[f + 1]) for f in numbers]
        lengths = np.concatenate([self.texts.lengths[span] for span in spans])
        cuts = [slice(self._terms[f], self._terms[f + 1]) for f in numbers]
        likeness = self.texts.score(wanted, cuts, lengths)
        counts = np.array([span.stop - span.start for span in spans])
        firsts = np.cumsum(counts) - counts
        best = np.maximum.reduceat(likeness, firsts)
        owners = np.repeat(np.arange(len(families)), counts)
        places = np.flatnonzero(likeness == best[owners])
        unit = places[np.searchsorted(owners[places], np.arange(len(families)))]
        likeness[unit] = -1.0
        second = np.maximum(np.maximum.reduceat(likeness, firsts), 0.0)
        return Nearest(best, second, (unit - firsts).astype(np.int32))

    def holds(self, rows: Sequence[int | None], families: Ints) -> tuple[Flags, Flags]:
        """Which of the families (columns) hold which of the terms (rows): anywhere, in the name.

        A term without a number is held by none.
        """
        lines = {row: line for line, row in enumerate(dict.fromkeys(rows)) if row is not None}
        none = len(lines) + 1  # the line of terms that nobody holds
        line_of = np.full(len(self.texts.idf), -1, dtype=np.int16)  # small: it is filled anew
        line_of[list(lines)] = list(lines.values())
        chosen = [none if row is None else lines[row] for row in rows]
        firsts = [(self._terms[f], f) for f in families.tolist()]
        whole = [slice(first, self._terms[f + 1]) for first, f in firsts]
        names = [slice(first, self._name_ends[f]) for first, f in firsts]
        return self._held(line_of, none + 1, whole)[chosen], self._held(line_of, none + 1, names)[
            chosen
        ]

    def _held(self, line_of: npt.NDArray[np.int16], lines: int, cuts: Sequence[slice]) -> Flags:
        """Which lines stand in which cut."""
        found = line_of.take(np.concatenate([self.texts.terms[cut] for cut in cuts]))
        owners = np.arange(len(cuts)).repeat([cut.stop - cut.start for cut in cuts])
        is_meant = np.flatnonzero(found >= 0)
        places = found[is_meant].astype(np.int64) * len(cuts) + owners[is_meant]
        held = np.zeros(lines * len(cuts), dtype=np.bool_)
        held[places] = True
        return held.reshape(lines, len(cuts))

    def frequencies(self) -> Longs:
        """How many units hold each term."""
        return np.bincount(self.texts.terms, minlength=len(self.texts.idf))

    def joined(self, others: "Units") -> "Units":
        """These units with others after them, which were weighed like these."""
        starts = np.concatenate(
            (self.family_starts, self.family_starts[-1] + others.family_starts[1:])
        )
        return Units(self.texts.joined(others.texts), starts)


def build_units(
    families: Sequence[Sequence[Sequence[str]]], rows: Rows, *, like: Units | None = None
) -> Units:
    """The units of each family, given as terms, weighed for the cosine."""
    every = [unit for family in families for unit in family]
    units, terms, counts = collect(every, rows)
    frequency = np.bincount(terms, minlength=len(rows))
    idf = as_rare(like.texts.idf, frequency) if like else rarity(frequency, len(every))
    weights = idf[terms] * np.sqrt(counts)
    squares = np.bincount(units, weights=weights**2, minlength=len(every))
    weights = (weights / np.sqrt(np.maximum(squares, 1e-9))[units]).astype(np.float32)
    texts = Texts(_starts(units, len(every)), terms, weights, idf)
    return Units(texts, np.cumsum([0, *(len(family) for family in families)]))


def _starts(documents: Ints, count: int) -> Longs:
    return np.concatenate(([0], np.cumsum(np.bincount(documents, minlength=count))))
