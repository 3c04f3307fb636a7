"""An inverted index as flat numpy arrays: quick to score, quick to load, easy to check by hand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Postings:
    """For each term the documents that hold it, with a weight each."""

    rows: dict[str, int]
    starts: npt.NDArray[np.int64]  # len(rows) + 1
    documents: Ints
    weights: Floats
    size: int  # number of documents
    idf: Floats  # of each term
    mean_length: float  # terms a document

    def score(self, terms: Iterable[tuple[str, float]]) -> Floats:
        """The sum over the terms of typed weight times stored weight, for every document."""
        holders, parts = [], []
        for term, weight in terms:
            row = self.rows.get(term)
            if row is not None:
                span = slice(self.starts[row], self.starts[row + 1])
                holders.append(self.documents[span])
                parts.append(np.float32(weight) * self.weights[span])
        if not holders:
            return np.zeros(self.size, dtype=np.float32)
        # One counting pass over all terms: twice as fast as adding term by term.
        sums = np.bincount(np.concatenate(holders), np.concatenate(parts), minlength=self.size)
        return sums.astype(np.float32)

    def idf_of(self, term: str) -> float:
        """How rare a term is here; 0 for a term that no document holds."""
        row = self.rows.get(term)
        return 0.0 if row is None else float(self.idf[row])


def build(
    texts: Sequence[Sequence[str]],
    *,
    weigh: str,
    like: Postings | None = None,
    k1: float = 1.2,
    b: float = 0.6,
) -> Postings:
    """Index documents given as lists of terms; `weigh` is "bm25" or "cosine".

    With `like`, rarity and mean length are those of an older index, so that the documents can be
    appended to it; a term that is new there counts as the rarest one.
    """
    rows: dict[str, int] = {}
    documents, terms, counts = _collect(texts, rows)
    order = np.lexsort((documents, terms))
    documents, terms, counts = documents[order], terms[order], counts[order]
    frequency = np.bincount(terms, minlength=len(rows))
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    if like is None:
        idf = np.log1p((len(texts) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        mean = max(float(lengths.mean()), 1.0) if len(texts) else 1.0
    else:
        rare = float(like.idf.max(initial=1.0))
        idf = np.array([like.idf_of(term) or rare for term in rows], dtype=np.float32)
        mean = like.mean_length
    if weigh == "bm25":
        norm = k1 * (1 - b + b * lengths / mean)
        weights: Floats = idf[terms] * counts * (k1 + 1) / (counts + norm[documents])
    else:
        weights = idf[terms] * np.sqrt(counts)
        squares = np.bincount(documents, weights=weights**2, minlength=len(texts))
        weights = weights / np.sqrt(np.maximum(squares, 1e-9))[documents]
    starts = np.concatenate(([0], np.cumsum(frequency)))
    return Postings(rows, starts, documents, weights.astype(np.float32), len(texts), idf, mean)


def _collect(texts: Sequence[Sequence[str]], rows: dict[str, int]) -> tuple[Ints, Ints, Floats]:
    documents: list[int] = []
    terms: list[int] = []
    counts: list[int] = []
    for document, text in enumerate(texts):
        for term, count in Counter(text).items():
            documents.append(document)
            terms.append(rows.setdefault(term, len(rows)))
            counts.append(count)
    return (
        np.array(documents, dtype=np.int32),
        np.array(terms, dtype=np.int32),
        np.array(counts, dtype=np.float32),
    )


def appended(old: Postings, texts: Sequence[Sequence[str]], *, weigh: str) -> Postings:
    """The postings with further documents at the end, weighed by what was known before.

    Copies arrays and counts nothing anew: milliseconds where building takes seconds.
    """
    fresh = build(texts, weigh=weigh, like=old)
    rows = dict(old.rows)
    known = [(rows[term], row) for term, row in fresh.rows.items() if term in rows]
    new = [(term, row) for term, row in fresh.rows.items() if term not in rows]
    rows |= {term: len(old.rows) + place for place, (term, _) in enumerate(new)}
    known.sort()  # np.insert keeps the order of equal places, and theirs must be that of the rows
    spans = [slice(fresh.starts[row], fresh.starts[row + 1]) for _, row in known]
    sizes = [span.stop - span.start for span in spans]
    places = np.repeat([old.starts[row + 1] for row, _ in known], sizes).astype(np.int64)
    grown = np.zeros(len(old.rows), dtype=np.int64)
    grown[[row for row, _ in known]] = sizes
    tails = [slice(fresh.starts[row], fresh.starts[row + 1]) for _, row in new]
    starts = old.starts + np.concatenate(([0], np.cumsum(grown)))
    ends = starts[-1] + np.cumsum([tail.stop - tail.start for tail in tails], dtype=np.int64)

    def joined(old_values: npt.NDArray[Any], values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        inside = np.concatenate([values[span] for span in spans]) if spans else values[:0]
        return np.concatenate([np.insert(old_values, places, inside), *(values[t] for t in tails)])

    return Postings(
        rows,
        np.concatenate((starts, ends)),
        joined(old.documents, (fresh.documents + old.size).astype(np.int32)),
        joined(old.weights, fresh.weights),
        old.size + fresh.size,
        np.concatenate((old.idf, [fresh.idf[row] for _, row in new])).astype(np.float32),
        old.mean_length,
    )
