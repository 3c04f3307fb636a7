"""Likeness of meaning without a language model: one learned vector a word and word pair.

The vectors were fitted so that questions about one procedure lie together and apart from those
about others (`nlp/training/sense.py`): "rớt bóp" comes to lie near "cấp lại". A text is the
weighed sum of its words. Microseconds a question; a table of numbers of a few megabytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from nlp.postings import Floats


@dataclass(frozen=True)
class Sense:
    """The vectors of all known terms."""

    rows: dict[str, int]
    vectors: Floats  # terms × dimensions, already weighed

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self.vectors.shape[1])

    def of(self, terms: Iterable[tuple[str, float]]) -> Floats:
        """The unit vector of a text given as weighed terms; zeros when no term is known."""
        known = [(self.rows[term], weight) for term, weight in terms if term in self.rows]
        if not known:
            return np.zeros(self.dimensions, dtype=np.float32)
        places = [row for row, _ in known]
        weights = np.array([weight for _, weight in known], dtype=np.float32)
        return _unit(weights @ self.vectors[places])

    def of_all(self, texts: Sequence[Sequence[str]]) -> Floats:
        """One unit vector a text, each text given as its terms."""
        made = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for place, terms in enumerate(texts):
            known = [self.rows[term] for term in terms if term in self.rows]
            if known:
                made[place] = _unit(self.vectors[known].sum(axis=0))
        return made


@lru_cache(maxsize=1)
def shipped_sense() -> Sense:
    """The vectors that come with the package."""
    with (files("nlp") / "data" / "sense.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        terms = stored["terms"].tobytes().decode().split("\n")
        vectors = stored["vectors"].astype(np.float32) * stored["scale"][:, None]
    return Sense({term: row for row, term in enumerate(terms)}, vectors)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)
