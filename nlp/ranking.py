"""Puts the candidates in order, with a calibrated belief in each and the reason.

The weights are numbers in `nlp/data/ranker.json`, made by `make train`.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nlp.entries import Entry, Family
from nlp.features import FEATURES, features
from nlp.leanings import leanings
from nlp.postings import Floats
from nlp.query import Query
from nlp.retrieval import Index

_COVERED = FEATURES.index("covered")


class Match(NamedTuple):
    """A family that may be meant: which, how surely (0 to 1), by which phrase, in numbers why."""

    family: Family
    belief: float
    phrase: str
    values: Floats  # in the order of FEATURES
    contributions: Floats
    leaning: float = 0.0  # what the rules add (`nlp/leanings.py`)

    @property
    def score(self) -> float:
        """What the features contribute and the rules add, in all."""
        return float(self.contributions.sum()) + self.leaning

    @property
    def covered(self) -> float:
        """How much of the question's weight lies on words of this family, 0 to 1."""
        return float(self.values[_COVERED])


@dataclass(frozen=True)
class Weights:
    """A weighed sum, so that every order can be explained to the last figure."""

    mean: Floats  # of each feature over the training candidates
    scale: Floats
    weight: Floats
    sharpness: float  # of the belief; fitted on held-out folds

    def contributions(self, values: Floats) -> Floats:
        """What each feature adds to the score, row by row."""
        return np.asarray((values - self.mean) / self.scale * self.weight, dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    stored = json.loads((files("nlp") / "data" / "ranker.json").read_text(encoding="utf-8"))
    if tuple(stored["features"]) != FEATURES:
        raise RuntimeError("nlp/data/ranker.json is of other features: run make train")
    columns = np.array(
        [list(row.values()) for row in stored["features"].values()], dtype=np.float32
    )
    mean, scale, weight = columns.T
    return Weights(mean, scale, weight, stored["sharpness"])


def rank(index: Index, query: Query, *, weights: Weights | None = None) -> list[Match]:
    """Best first; one match a family; equal scores in order of name."""
    if not query.terms or len(index.gone) == len(index.families):
        return []
    weights = weights or shipped_weights()
    found = index.candidates(query)
    values = features(index, query, found)
    contributions = weights.contributions(values)
    scores = contributions.sum(axis=1)
    leaning = leanings(index, query, found.families, scores)
    beliefs = _softmax((scores + leaning) * weights.sharpness)
    matches = [
        Match(
            index.families[number], belief, index.unit_text(unit, number), values[place],
            contributions[place], leaning[place],
        )
        for place, (number, belief, unit) in enumerate(
            zip(found.families.tolist(), beliefs.tolist(), found.nearest.tolist(), strict=True)
        )
    ]  # fmt: skip
    return sorted(matches, key=lambda match: (-match.belief, match.family.name))


def choose_member(family: Family, levels: frozenset[str], province: str | None) -> Entry:
    """The member of a family that a citizen most likely means.

    A level that was named decides; then the own province, the central record before another
    province's, the commune before province and ministry, and the more used one.
    """
    order = {"commune": 0, "province": 1, "ministry": 2, "other": 3}

    def rank_of(entry: Entry) -> tuple[int, int, int, float, str]:
        named = 0 if not levels or levels & entry.levels else 1
        place = 0 if entry.province and entry.province == province else 1 + entry.is_local
        nearest = min((order.get(level, 4) for level in entry.levels), default=4)
        return named, place, nearest, -entry.popularity, entry.code

    return min(family.members, key=rank_of)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(initial=0.0))
    return np.asarray(powers / max(float(powers.sum()), 1e-9), dtype=np.float32)
