"""Fits the ranker and the sharpness of its beliefs on questions that are not in the index.

The questions come from other writers than those that are indexed. Figures are cross-validated by
procedure: all questions about one family are in the same fold.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.features import FEATURES, features
from nlp.postings import Floats
from nlp.query import read_query
from nlp.ranking import Weights
from nlp.retrieval import Index

Array = npt.NDArray[np.floating[Any]]
FOLDS = 5


class Labelled(NamedTuple):
    """A question with the codes that answer it; none for one that no procedure answers."""

    question: str
    codes: frozenset[str]
    behaviour: str


# A rule, not a lesson: another province's own procedure stands below those of the whole country
# unless the question names the place (contract of MOTCUA_PROVINCE=all).
ELSEWHERE = -5.0
# And a citizen who speaks of no special circumstance means the usual case, not that of foreigners.
UNUSUAL = -1.3
RULES = {"elsewhere": ELSEWHERE, "place_named": 0.0, "special_extra": UNUSUAL}


@dataclass(frozen=True)
class Plan:
    """How to fit."""

    epochs: int = 15
    batch: int = 32
    rate: float = 0.003
    decay: float = 0.01  # pull of the weights towards zero
    seed: int = 0


@dataclass(frozen=True)
class Example:
    """The candidates of one question and which of them are right."""

    values: Floats
    right: Array
    fold: int
    is_answerable: bool
    weight: float = 1.0  # how much it counts: what very many people ask counts double


def fit_and_save(
    lessons: Sequence[tuple[Index, Sequence[Labelled]]], path: Path, plan: Plan | None = None
) -> tuple[Weights, str]:
    """Fit on all rows and write the numbers; the weights, and a report of cross-validated figures."""
    plan = plan or Plan()
    examples = [example for lesson in lessons for example in examples_of(*lesson)]
    told = [example for example in examples if example.right.any()]
    scores = _cross_validated(told, plan)
    sharpness = _sharpness(scores, told)
    weights = replace(fit(told, plan), sharpness=sharpness)
    path.write_text(_as_text(weights), encoding="utf-8")
    return weights, _report(scores, told, examples, sharpness)


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
        is_answerable = row.behaviour in ("answer", "clarify", "multi")
        weight = 1 + float((index.traits.popularity[found.families] * (right > 0)).max(initial=0))
        examples.append(Example(values, right, fold, is_answerable, weight))
    return examples


def fit(examples: Sequence[Example], plan: Plan) -> Weights:
    """The weights under which the right candidates are likeliest (softmax over each question)."""
    stacked = np.concatenate([example.values for example in examples])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0) + 1e-3
    values = [(example.values - mean) / scale for example in examples]
    wishes = [example.right / example.right.sum() for example in examples]
    free = np.array([name not in RULES for name in FEATURES], dtype=np.float32)
    weight = np.zeros(len(FEATURES), dtype=np.float32)
    weight[FEATURES.index("prior")] = 1.0
    for name, rule in RULES.items():
        weight[FEATURES.index(name)] = rule * scale[FEATURES.index(name)]
    chance = np.random.default_rng(plan.seed)
    moments = (np.zeros_like(weight), np.zeros_like(weight))
    step = 0
    for epoch in range(plan.epochs):
        order = chance.permutation(len(values))
        for start in range(0, len(order), plan.batch):
            chosen = order[start : start + plan.batch]
            slope = plan.decay * weight
            for n in chosen:
                wrong = (_softmax(values[n] @ weight) - wishes[n]) @ values[n]
                slope += examples[n].weight * wrong / len(chosen)
            step += 1
            _adam(weight, slope * free, moments, plan.rate * (1 - epoch / plan.epochs), step)
    return Weights(mean, scale, weight, sharpness=1.0)


def _adam(part: Array, slope: Array, moments: tuple[Array, Array], rate: float, step: int) -> None:
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
                scores[place] = weights.contributions(example.values).sum(axis=1)
    return scores


def _sharpness(scores: Sequence[Floats], examples: Sequence[Example]) -> float:
    """The factor under which the beliefs are as likely as can be to name the right ones."""

    def loss(factor: float) -> float:
        return -float(
            np.mean(
                [
                    np.log((_softmax(own * factor) * (example.right > 0)).sum() + 1e-6)
                    for own, example in zip(scores, examples, strict=True)
                ]
            )
        )

    return min((float(factor) for factor in np.linspace(0.3, 2.0, 35)), key=loss)


def _as_text(weights: Weights) -> str:
    columns = zip(FEATURES, weights.mean, weights.scale, weights.weight, strict=True)
    told = {
        "features": {
            name: {"mean": _short(mean), "scale": _short(scale), "weight": _short(weight)}
            for name, mean, scale, weight in columns
        },
        "sharpness": round(weights.sharpness, 3),
    }
    return json.dumps(told, indent=1) + "\n"


def _short(number: float) -> float:
    return round(float(number), 5)


def _report(
    scores: Sequence[Floats],
    examples: Sequence[Example],
    everything: Sequence[Example],
    sharpness: float,
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
