"""How sure one may be of a ranking: does any procedure answer the message, and is one alone meant.

Both are read from the same signs of how the ranking looks. A message that is about no procedure
is far in sense from all of them and no act is shared; a short wish such as "làm lại giấy tờ" is
covered by many names, none of which it covers itself, and the first places lie close together.
The weights are fitted on questions that the index did not know (`nlp/training/doubts.py`).
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nlp.features import FEATURES
from nlp.normalize import fold
from nlp.postings import Floats
from nlp.query import Query
from nlp.ranking import Match

_OF_THE_BEST = (
    "covered", "covered_by_name", "name_covered", "unit", "unit_second", "sense", "alike_name",
    "alike_unit", "act_shared", "act_missing", "popularity", "name_length", "special_extra",
    "special_missing", "prior", "elsewhere",
)  # fmt: skip
SIGNS = (
    "belief", "lead_in_belief", "first_three", "third", "spread", "lead", "lead_over_fourth",
    "score", "topic_words", "few_words", "topic_share", "length", "equally_covered", *_OF_THE_BEST,
)  # fmt: skip
_PLACES = [FEATURES.index(name) for name in _OF_THE_BEST]
_LOOKED_AT = 10
_AS_WELL = 0.05  # so much less of the question covered still counts as equally covered
_NAMED_WORDS = 3  # a shorter name may be a general word


class Doubts(NamedTuple):
    """Probabilities, 0 to 1."""

    scope: float  # that some procedure answers the message
    ambiguity: float  # that several are meant alike


@lru_cache(maxsize=1)
def shipped_doubts() -> tuple[Floats, Floats]:
    """The weights that come with the package: of scope and of ambiguity, the constants last."""
    stored = json.loads((files("nlp") / "data" / "doubts.json").read_text(encoding="utf-8"))
    if any(tuple(weights)[:-1] != SIGNS for weights in stored.values()):
        raise RuntimeError("nlp/data/doubts.json is of other signs: run make train")
    scope, ambiguity = (
        np.array(list(stored[name].values()), dtype=np.float32) for name in ("scope", "ambiguity")
    )
    return scope, ambiguity


def doubts_of(matches: Sequence[Match], query: Query) -> Doubts:
    """What a ranking's looks say; a ranking without matches is out of scope."""
    if not matches:
        return Doubts(0.0, 0.0)
    scope, ambiguity = shipped_doubts()
    seen = np.append(signs(matches, query), np.float32(1))
    return Doubts(_chance(float(seen @ scope)), _chance(float(seen @ ambiguity)))


def signs(matches: Sequence[Match], query: Query) -> Floats:
    """The numbers in the order of SIGNS."""
    first = matches[:_LOOKED_AT]
    best = first[0]
    beliefs = np.zeros(_LOOKED_AT)
    beliefs[: len(first)] = [match.belief for match in first]
    scores = [match.score for match in first[:4]]
    topic = sum(weight > 0.5 for weight in query.weights)
    words = len(query.words)
    return np.array(
        [
            beliefs[0],
            beliefs[0] - beliefs[1],
            beliefs[:3].sum(),
            beliefs[2],
            -(beliefs * np.log(beliefs + 1e-9)).sum(),
            (scores[0] - scores[min(1, len(scores) - 1)]) / 5,
            (scores[0] - scores[-1]) / 5,
            scores[0] / 5,
            min(topic, 8) / 8,
            1 / (1 + topic),
            topic / max(words, 1),
            min(words, 40) / 40,
            sum(match.covered >= best.covered - _AS_WELL for match in first) / _LOOKED_AT,
            *best.values[_PLACES],
        ],
        dtype=np.float32,
    )


def is_named(match: Match, query: Query) -> bool:
    """Whether the question or its topic is a name or known phrase of the procedure, word for word.

    An everyday name that staff have added thus works at once, whatever its words are like.
    """
    topic = [word for word, weight in zip(query.words, query.weights, strict=True) if weight > 0.5]
    phrase = fold(match.phrase).split()
    return len(phrase) >= _NAMED_WORDS and phrase in (topic, list(query.words))


def tells_an_event(query: Query) -> bool:
    """Whether the message says what happened ("ba mình mới mất") without naming a procedure."""
    return any(aspect.kind == "event" for aspect in query.aspects.said)


def _chance(sum_: float) -> float:
    return float(1 / (1 + np.exp(-sum_)))
