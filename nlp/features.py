"""What the ranker weighs: one row of numbers per candidate, each with a name."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from nlp.aspects import ACTS, LEVELS, PARTIES, SPECIALS, Aspect
from nlp.normalize import fold
from nlp.postings import Floats
from nlp.query import Query
from nlp.retrieval import Index, Profile, Scores

FEATURES = (
    "name", "asked", "unit", "unit_second", "unit_behind", "body", "prior", "covered",
    "covered_by_name", "name_covered", "marks_differ", "act_shared", "act_missing", "act_extra",
    "special_shared", "special_missing", "special_extra", "level_missing", "party_missing",
    "denied", "popularity", "is_commune", "is_local", "is_business", "alike_name", "alike_unit",
    "has_phrases", "name_length", "name_nearest", "question_length", "first_in_unit", "first_in_name",
    "sense", "sense_behind",
)  # fmt: skip


class _Said(NamedTuple):
    acts: frozenset[Aspect]
    specials: frozenset[Aspect]
    levels: frozenset[Aspect]
    parties: frozenset[Aspect]
    denied: frozenset[Aspect]


def features(index: Index, query: Query, scores: Scores) -> Floats:
    """One row per candidate, one column per name in FEATURES."""
    said = _said(query)
    topic = " ".join(w for w, weight in zip(query.words, query.weights, strict=True) if weight > 0.2)
    weighed = _weighed_words(index, query)
    total = max(sum(weight for _, _, weight in weighed), 1e-6)
    rows = np.zeros((len(scores.families), len(FEATURES)), dtype=np.float32)
    best_unit = float(scores.unit.max(initial=1e-6))
    best_sense = float(scores.sense.max(initial=-1.0))
    best_name = float(scores.name.max(initial=1e-6))
    relative = [_relative(field) for field in (scores.name, scores.asked, scores.body)]
    for place, number in enumerate(scores.families):
        family, profile = index.families[number], index.profiles[number]
        unit_text = index.unit_text(int(scores.nearest[place]))
        levels = {level for member in family.members for level in member.levels}
        rows[place] = (
            relative[0][place],
            relative[1][place],
            scores.unit[place],
            scores.unit_second[place],
            best_unit - scores.unit[place],
            relative[2][place],
            scores.prior[place],
            *_coverage(weighed, total, profile, topic),
            *_acts(said, profile),
            *_specials(said, profile),
            _missing(said.levels, profile, levels),
            float(bool(said.parties - profile.aspects.said)) if said.parties else 0.0,
            float(bool(said.denied & profile.aspects.said)),
            family.popularity,
            float("commune" in levels),
            float(all(member.is_local for member in family.members)),
            float(all(member.for_business_only for member in family.members)),
            fuzz.token_set_ratio(topic, " ".join(profile.name_words)) / 100,
            fuzz.token_sort_ratio(topic, fold(unit_text)) / 100,
            float(bool(family.phrases)),
            min(len(profile.name_words), 60) / 60,
            float(scores.nearest[place] == index.unit_starts[number]),
            min(len(query.words), 40) / 40,
            float(scores.unit[place] >= best_unit - 1e-6),
            float(scores.name[place] >= best_name - 1e-6),
            scores.sense[place],
            best_sense - scores.sense[place],
        )
    return rows


def _said(query: Query) -> _Said:
    said = query.aspects.said

    def of(kind: str) -> frozenset[Aspect]:
        return frozenset(aspect for aspect in said if aspect.kind == kind)

    return _Said(of(ACTS), of(SPECIALS), of(LEVELS), of(PARTIES), query.aspects.denied)


def _weighed_words(index: Index, query: Query) -> list[tuple[str, str, float]]:
    """Folded word, word as typed, and its weight times its rarity."""
    rare = float(index.asked.idf.max(initial=1.0))
    return [
        (word, marked, weight * (index.asked.idf_of(word) or rare))
        for word, marked, weight in zip(query.words, query.marked, query.weights, strict=True)
    ]


def _coverage(
    weighed: Sequence[tuple[str, str, float]], total: float, profile: Profile, topic: str
) -> tuple[float, float, float, float]:
    name = set(profile.name_words)
    covered = sum(weight for word, _, weight in weighed if word in profile.words)
    by_name = sum(weight for word, _, weight in weighed if word in name)
    differ = sum(
        weight
        for word, marked, weight in weighed
        if marked != word and word in profile.words and marked not in profile.marked
    )
    asked = set(topic.split())
    of_name = sum(word in asked for word in profile.name_words) / max(len(profile.name_words), 1)
    return covered / total, by_name / total, of_name, differ / total


def _acts(said: _Said, profile: Profile) -> tuple[float, float, float]:
    own = {aspect for aspect in profile.aspects.said if aspect.kind == ACTS}
    shared = said.acts & own
    return (
        min(len(shared), 2) / 2,
        float(bool(said.acts) and not shared),
        float(bool(own) and not shared),
    )


def _specials(said: _Said, profile: Profile) -> tuple[float, float, float]:
    own = {aspect for aspect in profile.aspects.said if aspect.kind == SPECIALS}
    return (
        min(len(said.specials & own), 2) / 2,
        min(len(said.specials - own), 2) / 2,
        min(len(own - said.specials), 3) / 3,
    )


def _missing(wanted: frozenset[Aspect], profile: Profile, levels: set[str]) -> float:
    return float(bool(wanted) and not any(aspect.value in levels for aspect in wanted))


def _relative(values: Floats) -> Floats:
    return values / max(float(values.max(initial=0.0)), 1e-6)


Ranker = Callable[[Floats], Floats]
