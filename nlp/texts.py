"""Texts as rows of weighed terms, for the few families that are already likely.

The inverted index tells which families those are; only their own texts are then read, one after
the other, so there is nothing to look up a term in.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.postings import Flags, Floats, Ints, Rows, Weighed, as_rare, bm25, collect, rarity

Longs = npt.NDArray[np.int64]
Lines = npt.NDArray[np.int16]


class Sought:
    """The terms of one question, numbered from one: what is looked for in many texts at once."""

    def __init__(self, rows: Iterable[int], known: int) -> None:
        self.lines = {row: line for line, row in enumerate(dict.fromkeys(rows), start=1)}
        self.line_of = np.zeros(known, dtype=np.int16)  # of each term; small, for it is made anew
        self.line_of[list(self.lines)] = list(self.lines.values())

    def __len__(self) -> int:
        return len(self.lines) + 1  # line 0 is that of all other terms

    def weigh(self, terms: Weighed) -> Floats:
        """The weight of each line; terms that are not sought are left out."""
        weights = np.zeros(len(self), dtype=np.float32)
        for row, weight in terms:
            if line := self.lines.get(row):
                weights[line] = weight
        return weights


class Hits(NamedTuple):
    """Where sought terms stand in some documents, in order; parallel arrays."""

    lines: Lines  # which term
    places: Longs  # where among the terms of all texts
    owners: Longs  # in which of the documents


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

    def hits(self, sought: Sought, firsts: Longs, ends: Longs) -> Hits:
        """Where the terms stand in documents given by their first term and that after the last.

        Most terms of a text are not sought, so all that follows is done for a tenth of them.
        """
        cuts = [self.terms[a:b] for a, b in zip(firsts.tolist(), ends.tolist(), strict=True)]
        lines = sought.line_of.take(np.concatenate(cuts))
        found = (lines != 0).nonzero()[0]  # four times as fast as without the comparison
        lengths = ends - firsts
        owners = np.arange(len(cuts)).repeat(lengths).take(found)
        moved = firsts - lengths.cumsum() + lengths
        return Hits(lines.take(found), found + moved.take(owners), owners)

    def of(self, sought: Sought, wanted: Floats, documents: Ints) -> Floats:
        """The sum of wanted times stored weights for each of these documents.

        `wanted` holds the weight of each line of what is sought.
        """
        hits = self.hits(sought, self.starts[documents], self.starts[documents + 1])
        parts = wanted.take(hits.lines) * self.weights.take(hits.places)
        return np.bincount(hits.owners, parts, minlength=len(documents)).astype(np.float32)

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
        self._firsts = texts.starts[family_starts]  # the first term of each family
        counts = np.diff(texts.starts)
        self._unit_of = np.arange(len(counts), dtype=np.int32).repeat(counts)  # of each term

    def read(self, sought: Sought, families: Ints) -> "UnitHits":
        """Where the terms stand in the units of these families."""
        hits = self.texts.hits(sought, self._firsts[families], self._firsts[families + 1])
        starts = self.family_starts[families]
        counts = self.family_starts[families + 1] - starts
        firsts = counts.cumsum() - counts
        units = self._unit_of.take(hits.places) - (starts - firsts).take(hits.owners)
        weights = self.texts.weights.take(hits.places)
        return UnitHits(hits, weights, units, firsts, counts, len(sought))

    def frequencies(self) -> Longs:
        """How many units hold each term."""
        return np.bincount(self.texts.terms, minlength=len(self.texts.idf))

    def joined(self, others: "Units") -> "Units":
        """These units with others after them, which were weighed like these."""
        starts = np.concatenate(
            (self.family_starts, self.family_starts[-1] + others.family_starts[1:])
        )
        return Units(self.texts.joined(others.texts), starts)


class UnitHits(NamedTuple):
    """The units of some families, read once for what is sought; units are numbered in order."""

    hits: Hits
    weights: Floats  # of each hit
    units: Longs  # of each hit
    firsts: Longs  # the first unit of each family: its name
    counts: Longs  # units of each family
    lines: int

    def nearest(self, wanted: Floats) -> Nearest:
        """The nearest unit of each family; `wanted` holds the weight of each line."""
        total = int(self.counts.sum())
        parts = wanted.take(self.hits.lines) * self.weights
        likeness = np.bincount(self.units, parts, minlength=total)
        best = np.maximum.reduceat(likeness, self.firsts)
        owners = np.arange(len(self.firsts)).repeat(self.counts)
        places = np.flatnonzero(likeness == best[owners])
        unit = places[np.searchsorted(owners[places], np.arange(len(self.firsts)))]
        likeness[unit] = -1.0
        second = np.maximum(np.maximum.reduceat(likeness, self.firsts), 0.0)
        return Nearest(
            best.astype(np.float32),
            second.astype(np.float32),
            (unit - self.firsts).astype(np.int32),
        )

    def held(self) -> tuple[Flags, Flags]:
        """Which of the families (columns) hold which of the lines (rows): anywhere, in the name."""
        anywhere = np.zeros((self.lines, len(self.firsts)), dtype=np.bool_)
        in_name = anywhere.copy()
        lines, owners = self.hits.lines, self.hits.owners
        anywhere[lines, owners] = True
        is_name = (self.units == self.firsts.take(owners)).nonzero()[0]
        in_name[lines.take(is_name), owners.take(is_name)] = True
        return anywhere, in_name


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
