"""Fits the ranker, its sharpness and the sense of scope on questions that are not in the index.

The questions come from other writers than those that are indexed. Figures are cross-validated by
procedure: all questions about one family are in the same fold.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.features import FEATURES, features
from nlp.postings import Floats
from nlp.query import read_query
from nlp.ranking import SCOPE, Weights, scope_values
from nlp.retrieval import Index

Array = npt.NDArray[np.float32]
FOLDS = 5


class Labelled(NamedTuple):
    """A question with the codes that answer it; none for one that no procedure answers."""

    question: str
    codes: frozenset[str]
    behaviour: str


@dataclass(frozen=True)
class Plan:
    """How to fit."""

    hidden: int = 12
    epochs: int = 40
    batch: int = 32
    rate: float = 0.003
    decay: float = 0.01  # pull of the weights towards zero
    seeds: int = 4  # networks that are fitted and averaged into one wide network


@dataclass(frozen=True)
class Example:
    """The candidates of one question and which of them are right."""

    values: Floats
    right: Array
    fold: int
    scope: Floats
    is_answerable: bool


def fit_and_save(index: Index, rows: Sequence[Labelled], path: Path, plan: Plan | None = None) -> str:
    """Fit on all rows, write the numbers, and report cross-validated figures."""
    plan = plan or Plan()
    examples = examples_of(index, rows)
    told = [example for example in examples if example.right.any()]
    scores = _cross_validated(told, plan)
    sharpness = _sharpness(scores, told)
    weights = fit(told, plan)
    scope = _fit_scope(examples)
    np.savez(
        path,
        features=np.array(FEATURES),
        scope_features=np.array(SCOPE),
        scope=scope,
        sharpness=np.float32(sharpness),
        **{name: getattr(weights, name) for name in ("mean", "scale", "linear", "hidden", "hidden_bias", "output")},
    )
    return _report(scores, told, examples, sharpness)


def examples_of(index: Index, rows: Sequence[Labelled]) -> list[Example]:
    """The candidates of every question that has any."""
    names = [frozenset(member.code for member in family.members) for family in index.families]
    examples = []
    for row in rows:
        query = read_query(row.question, index.speller)
        if not query.terms:
            continue
        found = index.candidates(query)
        values = features(index, query, found)
        right = np.array([bool(names[f] & row.codes) for f in found.families], dtype=np.float32)
        fold = zlib.crc32(min(row.codes, default=row.question).encode()) % FOLDS
        best = values[int(found.prior.argmax())]
        is_answerable = row.behaviour in ("answer", "clarify", "multi")
        examples.append(Example(values, right, fold, scope_values(best, query), is_answerable))
    return examples


def fit(examples: Sequence[Example], plan: Plan) -> Weights:
    """One wide network made of several small ones, each with its own start."""
    stacked = np.concatenate([example.values for example in examples])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0) + 1e-3
    nets = [_fit_one(examples, mean, scale, plan, seed) for seed in range(plan.seeds)]
    share = np.float32(1 / plan.seeds)
    return Weights(
        mean,
        scale,
        sum((net["linear"] for net in nets), np.zeros_like(mean)) * share,
        np.concatenate([net["hidden"] for net in nets], axis=1),
        np.concatenate([net["bias"] for net in nets]),
        np.concatenate([net["output"] for net in nets]) * share,
        sharpness=1.0,
    )


def _fit_one(
    examples: Sequence[Example], mean: Array, scale: Array, plan: Plan, seed: int
) -> dict[str, Array]:
    chance = np.random.default_rng(seed)
    count = len(mean)
    parts = {
        "linear": np.zeros(count, dtype=np.float32),
        "hidden": chance.normal(0, 0.15, (count, plan.hidden)).astype(np.float32),
        "bias": np.zeros(plan.hidden, dtype=np.float32),
        "output": chance.normal(0, 0.1, plan.hidden).astype(np.float32),
    }
    parts["linear"][FEATURES.index("prior")] = 1.0
    values = [(example.values - mean) / scale for example in examples]
    wishes = [example.right / example.right.sum() for example in examples]
    moments = {name: (np.zeros_like(part), np.zeros_like(part)) for name, part in parts.items()}
    step = 0
    for epoch in range(plan.epochs):
        rate = plan.rate * (1 - epoch / plan.epochs)
        order = chance.permutation(len(values))
        for start in range(0, len(order), plan.batch):
            chosen = order[start : start + plan.batch]
            slopes = _slopes(parts, [values[n] for n in chosen], [wishes[n] for n in chosen])
            step += 1
            for name, part in parts.items():
                _adam(part, slopes[name] + plan.decay * part, moments[name], rate, step)
    return parts


def _slopes(
    parts: dict[str, Array], values: Sequence[Array], wishes: Sequence[Array]
) -> dict[str, Array]:
    total = {name: np.zeros_like(part) for name, part in parts.items()}
    for rows, wish in zip(values, wishes, strict=True):
        inner = rows @ parts["hidden"] + parts["bias"]
        active = np.maximum(inner, 0)
        scores = rows @ parts["linear"] + active @ parts["output"]
        slope = (_softmax(scores) - wish) / len(values)
        back = np.outer(slope, parts["output"]) * (inner > 0)
        total["linear"] += slope @ rows
        total["output"] += slope @ active
        total["hidden"] += rows.T @ back
        total["bias"] += back.sum(axis=0)
    return total


def _adam(
    part: Array, slope: Array, moments: tuple[Array, Array], rate: float, step: int
) -> None:
    first, second = moments
    first += 0.1 * (slope - first)
    second += 0.001 * (slope**2 - second)
    size = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    part -= (size * first / (np.sqrt(second) + 1e-8)).astype(np.float32)


def _cross_validated(examples: Sequence[Example], plan: Plan) -> list[Floats]:
    """For each example its scores by weights that never saw its procedure."""
    scores: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(examples)
    for fold in range(FOLDS):
        weights = fit([example for example in examples if example.fold != fold], plan)
        for place, example in enumerate(examples):
            if example.fold == fold:
                scores[place] = weights.score(example.values)
    return scores


def _sharpness(scores: Sequence[Floats], examples: Sequence[Example]) -> float:
    """The factor under which the beliefs are as likely as can be to name the right ones."""

    def loss(factor: float) -> float:
        return -float(
            np.mean([
                np.log((_softmax(own * factor) * (example.right > 0)).sum() + 1e-6)
                for own, example in zip(scores, examples, strict=True)
            ])
        )

    return min((float(factor) for factor in np.linspace(0.3, 2.0, 35)), key=loss)


def _fit_scope(examples: Sequence[Example]) -> Array:
    """Logistic weights (the last one is the constant) for "a procedure can answer this"."""
    rows = np.array([[*example.scope, 1.0] for example in examples], dtype=np.float64)
    wish = np.array([example.is_answerable for example in examples], dtype=np.float64)
    weigh = np.where(wish > 0, 1.0, (wish > 0).sum() / max((wish == 0).sum(), 1))
    weights = np.zeros(rows.shape[1])
    for _ in range(3000):
        chance = 1 / (1 + np.exp(-rows @ weights))
        weights -= 0.5 * ((chance - wish) * weigh) @ rows / weigh.sum() + 1e-4 * weights
    return weights.astype(np.float32)


def _report(
    scores: Sequence[Floats], examples: Sequence[Example], everything: Sequence[Example], sharpness: float
) -> str:
    places = [_place(own, example.right) for own, example in zip(scores, examples, strict=True)]
    found = len(examples) / max(sum(example.is_answerable for example in everything), 1)
    tops = [float(np.mean([place < count for place in places])) for count in (1, 3)]
    return (
        f"đối chứng chéo theo thủ tục: đúng ngay {tops[0]:.3f}, trong ba {tops[1]:.3f} "
        f"({len(examples)} câu; có trong ứng viên {found:.3f}); độ sắc {sharpness:.2f}"
    )


def _place(scores: Floats, right: Array) -> int:
    order = np.argsort(-scores, kind="stable")
    return int(np.flatnonzero(right[order] > 0)[0])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)
