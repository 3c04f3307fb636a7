"""How sure one may be of a ranking: does any procedure answer the message, and is one alone meant.

Both are read from the same signs of how the ranking looks. A message that is about no procedure
is far in sense from all of them and no act is shared; a short wish such as "làm lại giấy tờ" is
covered by many names, none of which it covers itself, and the first places lie close together.
Who asks for a side of it ("lệ phí bao nhiêu") mostly knows what they want; who says that they do
not ("chưa biết loại nào", "có vấn đề") does not. The weights are fitted on questions that the index
did not know (`nlp/training/doubts.py`).
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from nlp.cues import CueTable
from nlp.features import FEATURES
from nlp.intents import find_facets
from nlp.normalize import fold
from nlp.postings import Floats
from nlp.query import Query
from nlp.ranking import Match
from nlp.tables import lines

_OF_THE_BEST = (
    "covered", "covered_by_name", "name_covered", "unit", "unit_second", "sense", "alike_name",
    "alike_unit", "act_shared", "act_missing", "popularity", "name_length", "special_extra",
    "special_shared", "special_missing", "prior", "elsewhere",
)  # fmt: skip
SIGNS = (
    "belief", "lead_in_belief", "first_three", "third", "spread", "lead", "lead_over_fourth",
    "score", "topic_words", "few_words", "topic_share", "length", "equally_covered",
    "side_asked", "unsure", "rivals_alike", "told_from_none", "word_of_rival", *_OF_THE_BEST,
)  # fmt: skip
_PLACES = [FEATURES.index(name) for name in _OF_THE_BEST]
_LOOKED_AT = 10
_AS_WELL = 0.05  # so much less of the question covered still counts as equally covered
_UNSURE = CueTable((line, True) for line in lines("unsure.txt"))
_DOINGS = CueTable((line, True) for line in lines("doings.txt"))
_MOST_WORDS = 4  # of a rival's name that the question says and the best one's lacks
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
    topic = len(_topic(query))
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
            bool(find_facets(query.text)),
            is_unsure(query),
            *_beside_rivals(first, query),
            *best.values[_PLACES],
        ],
        dtype=np.float32,
    )


def _beside_rivals(first: Sequence[Match], query: Query) -> tuple[float, float, float]:
    """How the best match's words stand beside those of the next ones.

    The likeness of their names to its name; the share from which nothing that the question says
    tells it; and the most words of the question that one of them has in its name and it has not.
    """
    if len(first) < 2:
        return 0.0, 0.0, 0.0
    topic = frozenset(_topic(query))
    best, *rivals = first
    alike = process.cdist(
        [_folded(best.family.name)],
        [_folded(rival.family.name) for rival in rivals],
        scorer=fuzz.token_set_ratio,
    )
    named = _words(best.family.name)
    own, lacks = (named | _words(best.phrase)) & topic, topic - named
    untold, said = 0, 0
    for rival in rivals:
        theirs = _words(rival.family.name)
        untold += own - theirs <= _words(rival.phrase)
        said = max(said, len(lacks & theirs))
    return (
        float(alike.mean()) / 100,
        untold / len(rivals),
        min(said, _MOST_WORDS) / _MOST_WORDS,
    )


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    """Names meet again and again; words are folded one by one."""
    return fold(text)


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_folded(text).split())


def _topic(query: Query) -> list[str]:
    return [word for word, weight in zip(query.words, query.weights, strict=True) if weight > 0.5]


def is_named(match: Match, query: Query) -> bool:
    """Whether the question or its topic is a name or known phrase of the procedure, word for word.

    An everyday name that staff have added thus works at once, whatever its words are like.
    """
    phrase = fold(match.phrase).split()
    return len(phrase) >= _NAMED_WORDS and phrase in (_topic(query), list(query.words))


def tells_an_event(query: Query) -> bool:
    """Whether the message says what happened ("ba mình mới mất") without naming a procedure."""
    return any(aspect.kind == "event" for aspect in query.aspects.said)


def tells_what(query: Query) -> bool:
    """Whether more than a thing is named: what is done, what happened, what is asked or ruled out.

    Who says that they do not know which paper they need has told nothing.
    """
    if is_unsure(query):
        return False
    kinds = {aspect.kind for aspect in query.aspects.said}
    if query.aspects.denied_words or not kinds.isdisjoint(("act", "event")):
        return True
    return bool(_DOINGS.find(query.text) or find_facets(query.text))


def is_unsure(query: Query) -> bool:
    """Whether somebody says that they do not know which, or only that something is the matter."""
    return bool(_UNSURE.find(query.text))


def _chance(sum_: float) -> float:
    return float(1 / (1 + np.exp(-sum_)))
