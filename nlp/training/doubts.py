"""Fits what a ranking's looks tell (`nlp/data/doubts.json`) on questions that are not in the index."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.doubts import SIGNS, signs
from nlp.query import read_query
from nlp.ranking import Weights, rank
from nlp.retrieval import Index
from nlp.training.ranker import Labelled

Array = npt.NDArray[np.floating[Any]]
# What tells an ambiguous question whatever its length.
FEW = (
    "spread", "third", "lead", "lead_over_fourth", "sense", "name_covered", "equally_covered",
    "covered", "side_asked", "unsure", "rivals_alike", "told_from_none", "word_of_rival",
    "special_shared", "special_missing",
)  # fmt: skip
_PROCEDURAL = ("answer", "clarify")
_STEPS = 60


def fit_and_save(
    lessons: Sequence[tuple[Index, Sequence[Labelled]]], weights: Weights, path: Path
) -> None:
    """Fit scope and ambiguity on the rankings of all rows, and write the numbers.

    Our writers made ambiguous questions short, so all signs together learn length as well. Their
    reading is averaged with one by the few signs that do not know of length.
    """
    seen, procedural, clear = [], [], []
    for index, row in ((index, row) for index, rows in lessons for row in rows):
        query = read_query(row.question, index.speller)
        matches = rank(index, query, weights=weights)
        if len(matches) > 1:
            seen.append(signs(matches, query))
            procedural.append(row.behaviour in _PROCEDURAL)
            clear.append(row.behaviour == "answer")
    values, asked = np.array(seen, dtype=np.float64), np.array(procedural)
    unclear = asked & ~np.array(clear)
    some = np.isin(SIGNS, FEW)
    by_all = logistic(values[asked], unclear[asked], pull=1e-3)
    by_few = np.zeros_like(by_all)
    by_few[np.append(some, True)] = logistic(values[asked][:, some], unclear[asked], pull=1e-2)
    told = {
        "scope": logistic(values, asked, pull=1e-3),
        "ambiguity": (by_all + by_few) / 2,
    }
    text = {
        name: dict(zip((*SIGNS, "constant"), (round(float(w), 5) for w in fitted), strict=True))
        for name, fitted in told.items()
    }
    path.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


def logistic(rows: Array, wishes: npt.NDArray[np.bool_], *, pull: float) -> Array:
    """Weights (the constant last) by Newton's method, both answers counted alike however rare.

    `pull` draws the weights of the standardised signs towards zero.
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    values = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    wish = wishes.astype(np.float64)
    weigh = np.where(wishes, 0.5 / max(wish.sum(), 1), 0.5 / max((1 - wish).sum(), 1))
    drawn = np.append(np.full(rows.shape[1], pull), 1e-9)
    weights = np.zeros(values.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(values @ weights, -40, 40)))
        slope = values.T @ ((chance - wish) * weigh) + drawn * weights
        bend = (values * (weigh * chance * (1 - chance))[:, None]).T @ values + np.diag(drawn)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    plain = weights[:-1] / scale
    return np.append(plain, weights[-1] - plain @ mean)
