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

    def score(self, terms: Iterable[tuple[str, float]]) -> Floats:
        """The sum over the terms of typed weight times stored weight, for every document."""
        scores = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms:
            row = self.rows.get(term)
            if row is not None:
                span = slice(self.starts[row], self.starts[row + 1])
                scores[self.documents[span]] += np.float32(weight) * self.weights[span]
        return scores

    def idf_of(self, term: str) -> float:
        """How rare a term is here; 0 for a term that no document holds."""
        row = self.rows.get(term)
        return 0.0 if row is None else float(self.idf[row])


def build(
    texts: Sequence[Sequence[str]], *, weigh: str, k1: float = 1.2, b: float = 0.6
) -> Postings:
    """Index documents given as lists of terms; `weigh` is "bm25" or "cosine"."""
    rows: dict[str, int] = {}
    documents, terms, counts = _collect(texts, rows)
    order = np.lexsort((documents, terms))
    documents, terms, counts = documents[order], terms[order], counts[order]
    frequency = np.bincount(terms, minlength=len(rows))
    idf = np.log1p((len(texts) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    lengths = np.array([len(text) for text in texts], dtype=np.float32)
    if weigh == "bm25":
        norm = k1 * (1 - b + b * lengths / max(float(lengths.mean()), 1.0))
        weights: Floats = idf[terms] * counts * (k1 + 1) / (counts + norm[documents])
    else:
        weights = idf[terms] * np.sqrt(counts)
        squares = np.bincount(documents, weights=weights**2, minlength=len(texts))
        weights = weights / np.sqrt(np.maximum(squares, 1e-9))[documents]
    starts = np.concatenate(([0], np.cumsum(frequency)))
    return Postings(rows, starts, documents, weights.astype(np.float32), len(texts), idf)


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
