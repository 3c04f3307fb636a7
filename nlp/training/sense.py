"""Fits the vectors of `nlp.sense`: two texts of one family are to be nearer than texts of others.

In each batch every question is told from the questions of all other families (softmax over the
batch, both ways). Plain numpy with Adam; the same seed gives the same numbers on one machine.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.sense import Sense

Array = npt.NDArray[np.floating[Any]]
Bag = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """How to fit."""

    dimensions: int = 96
    epochs: int = 8
    batch: int = 256
    rate: float = 0.02
    sharpness: float = 20.0
    dropped: float = 0.15  # of a question's terms, so that no single word is relied upon
    least_count: int = 2
    seed: int = 1


def fit(texts: Sequence[Sequence[str]], owners: Sequence[int], plan: Plan | None = None) -> Sense:
    """Vectors for the terms of the texts; `owners` names the family of each text."""
    plan = plan or Plan()
    chance = np.random.default_rng(plan.seed)
    counts = Counter(term for text in texts for term in set(text))
    rows = {
        term: row for row, term in enumerate(t for t, c in counts.items() if c >= plan.least_count)
    }
    rarity = np.array([np.log(len(texts) / counts[term]) for term in rows], dtype=np.float32)
    rarity /= rarity.mean()
    vectors = chance.normal(0, 0.1, (len(rows), plan.dimensions)).astype(np.float32)
    bags = [np.array([rows[t] for t in text if t in rows], dtype=np.int64) for text in texts]
    learner = _Adam(vectors.shape)
    pairs = _Pairs(bags, owners, plan, chance)
    for epoch in range(plan.epochs):
        rate = plan.rate * (1 - epoch / plan.epochs) + 0.001
        for asked, known, families in pairs:
            gradient = _gradient(vectors, rarity, asked, known, families, plan.sharpness)
            learner.step(vectors, gradient, rate)
    return Sense(rows, vectors * rarity[:, None])


def save(sense: Sense, path: Path) -> None:
    """Write the vectors as bytes with one scale a term."""
    scale = np.abs(sense.vectors).max(axis=1) / 127
    scale[scale == 0] = 1
    np.savez_compressed(
        path,
        terms=np.frombuffer("\n".join(sense.rows).encode(), dtype=np.uint8),
        vectors=np.round(sense.vectors / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
    )


class _Pairs:
    """Batches of (question, one or two other texts of its family, family)."""

    def __init__(
        self, bags: Sequence[Bag], owners: Sequence[int], plan: Plan, chance: np.random.Generator
    ) -> None:
        self._bags, self._plan, self._chance = bags, plan, chance
        self._of: dict[int, list[int]] = {}
        for place, owner in enumerate(owners):
            if len(bags[place]):
                self._of.setdefault(owner, []).append(place)
        self._places = [
            (owner, place) for owner, own in self._of.items() if len(own) > 1 for place in own
        ]

    def __iter__(self) -> Iterator[tuple[list[Bag], list[Bag], Bag]]:
        order = self._chance.permutation(len(self._places))
        for start in range(0, len(order), self._plan.batch):
            chosen = [self._places[n] for n in order[start : start + self._plan.batch]]
            asked = [self._thinned(self._bags[place]) for _, place in chosen]
            known = [self._partner(owner, place) for owner, place in chosen]
            yield asked, known, np.array([owner for owner, _ in chosen])

    def _thinned(self, bag: Bag) -> Bag:
        kept = bag[self._chance.random(len(bag)) >= self._plan.dropped]
        return kept if len(kept) else bag

    def _partner(self, owner: int, place: int) -> Bag:
        others = [other for other in self._of[owner] if other != place]
        first = self._bags[others[self._chance.integers(len(others))]]
        if self._chance.random() < 0.5:
            return first
        return np.concatenate((first, self._bags[others[self._chance.integers(len(others))]]))


class _Adam:
    def __init__(self, shape: tuple[int, ...]) -> None:
        self._mean = np.zeros(shape, dtype=np.float32)
        self._square = np.zeros(shape, dtype=np.float32)
        self._steps = 0

    def step(self, values: Array, gradient: Array, rate: float) -> None:
        self._steps += 1
        self._mean += 0.1 * (gradient - self._mean)
        self._square += 0.001 * (gradient**2 - self._square)
        size = rate * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        values -= size * self._mean / (np.sqrt(self._square) + 1e-8)


def _gradient(
    vectors: Array,
    rarity: Array,
    asked: list[Bag],
    known: list[Bag],
    families: Bag,
    sharpness: float,
) -> Array:
    left, left_length = _embed(vectors, rarity, asked)
    right, right_length = _embed(vectors, rarity, known)
    scores = sharpness * left @ right.T
    same = (families[:, None] == families[None]) & ~np.eye(len(families), dtype=bool)
    scores[same] = -1e4
    wish = np.eye(len(families), dtype=np.float32)
    slope = (_softmax(scores) + _softmax(scores.T).T - 2 * wish) * sharpness / len(families)
    gradient = np.zeros_like(vectors)
    _scatter(gradient, rarity, asked, _through_norm(slope @ right, left, left_length))
    _scatter(gradient, rarity, known, _through_norm(slope.T @ left, right, right_length))
    return gradient


def _embed(vectors: Array, rarity: Array, bags: list[Bag]) -> tuple[Array, Array]:
    places = np.concatenate(bags)
    starts = np.cumsum([0, *(len(bag) for bag in bags)])[:-1]
    sums = np.add.reduceat(vectors[places] * rarity[places, None], starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    return sums / lengths, lengths


def _through_norm(slope: Array, unit: Array, length: Array) -> Array:
    return np.asarray((slope - unit * (slope * unit).sum(axis=1, keepdims=True)) / length)


def _scatter(gradient: Array, rarity: Array, bags: list[Bag], slopes: Array) -> None:
    places = np.concatenate(bags)
    owner = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    np.add.at(gradient, places, slopes[owner] * rarity[places, None])


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
