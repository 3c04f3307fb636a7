"""What the ranker weighs: one row of numbers per candidate, each column with a name."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from nlp.aspects import ACTS, LEVELS, PARTIES, SPECIALS
from nlp.normalize import fold
from nlp.postings import Floats, Ints, Postings
from nlp.query import Query
from nlp.retrieval import Index, Scores
from nlp.traits import mask_of

FEATURES = (
    "name", "asked", "unit", "unit_second", "unit_behind", "body", "prior", "covered",
    "covered_by_name", "name_covered", "marks_differ", "act_shared", "act_missing", "act_extra",
    "special_shared", "special_missing", "special_extra", "level_missing", "party_missing",
    "denied", "popularity", "is_commune", "is_local", "is_business", "alike_name", "alike_unit",
    "has_phrases", "name_length", "name_nearest", "question_length", "first_in_unit", "first_in_name",
    "sense", "sense_behind", "elsewhere", "place_named",
)  # fmt: skip


class _Coverage(NamedTuple):
    """How the question's words lie on a family's words."""

    by_all: Floats
    by_name: Floats
    of_name: Floats
    marks_differ: Floats


def features(index: Index, query: Query, scores: Scores) -> Floats:
    """One row per candidate, one column per name in FEATURES."""
    chosen, traits = scores.families, index.traits
    best_unit = float(scores.unit.max(initial=1e-6))
    best_name = float(scores.name.max(initial=1e-6))
    best_sense = float(scores.sense.max(initial=-1.0))
    covered = _coverage(index, query, chosen)
    alike_name, alike_unit = _alike(index, query, scores)
    columns = (
        _relative(scores.name),
        _relative(scores.asked),
        scores.unit,
        scores.unit_second,
        best_unit - scores.unit,
        _relative(scores.body),
        scores.prior,
        covered.by_all,
        covered.by_name,
        covered.of_name,
        covered.marks_differ,
        *_acts(query, traits.acts[chosen]),
        *_specials(query, traits.specials[chosen]),
        *_rarer_aspects(index, query, chosen),
        traits.popularity[chosen],
        traits.is_commune[chosen],
        traits.is_local[chosen],
        traits.is_business[chosen],
        alike_name,
        alike_unit,
        traits.has_phrases[chosen],
        traits.name_lengths[chosen],
        scores.nearest == index.unit_starts[chosen],
        np.full(len(chosen), min(len(query.words), 40) / 40),
        scores.unit >= best_unit - 1e-6,
        scores.name >= best_name - 1e-6,
        scores.sense,
        best_sense - scores.sense,
        *_places(index, query, chosen),
    )
    return np.column_stack(columns).astype(np.float32)


def _coverage(index: Index, query: Query, chosen: Ints) -> _Coverage:
    rare = float(index.asked.idf.max(initial=1.0))
    by_all, by_name, of_name, differ = np.zeros((4, len(chosen)), dtype=np.float32)
    total = 1e-6
    for place, (word, typed, weight) in enumerate(
        zip(query.words, query.marked, query.weights, strict=True)
    ):
        weighed = weight * (index.asked.idf_of(word) or rare)
        total += weighed
        in_all, in_name = _holds(index.asked, word, chosen), _holds(index.name, word, chosen)
        by_all += weighed * in_all
        by_name += weighed * in_name
        if weight > 0.2 and word not in query.words[:place]:
            of_name += in_name
        if typed != word:
            differ += weighed * (in_all & ~_holds(index.marked, typed, chosen))
    sizes = index.traits.name_sizes[chosen]
    return _Coverage(by_all / total, by_name / total, of_name / sizes, differ / total)


def _holds(postings: Postings, term: str, chosen: Ints) -> npt.NDArray[np.bool_]:
    """Which of the chosen families hold the term."""
    row = postings.rows.get(term)
    if row is None:
        return np.zeros(len(chosen), dtype=bool)
    own = postings.documents[postings.starts[row] : postings.starts[row + 1]]
    places = np.minimum(np.searchsorted(own, chosen), len(own) - 1)
    return np.asarray(own[places] == chosen)


def _alike(index: Index, query: Query, scores: Scores) -> tuple[Floats, Floats]:
    """Rapidfuzz likeness of the topic words to the name and to the nearest phrase."""
    topic = " ".join(
        w for w, weight in zip(query.words, query.weights, strict=True) if weight > 0.2
    )
    known = [index.traits.names[family] for family in scores.families]
    nearest = [
        fold(index.unit_text(int(unit), int(family)))
        for unit, family in zip(scores.nearest, scores.families, strict=True)
    ]
    names = process.cdist([topic], known, scorer=fuzz.token_set_ratio)[0]
    units = process.cdist([topic], nearest, scorer=fuzz.token_sort_ratio)[0]
    return names / 100, units / 100


def _acts(query: Query, own: npt.NDArray[np.uint64]) -> tuple[Floats, Floats, Floats]:
    said = mask_of(query.aspects.said, ACTS)
    shared = np.bitwise_count(own & said)
    return (
        np.minimum(shared, 2) / 2,
        _flags((shared == 0) & bool(said)),
        _flags((shared == 0) & (own != 0)),
    )


def _specials(query: Query, own: npt.NDArray[np.uint64]) -> tuple[Floats, Floats, Floats]:
    said = mask_of(query.aspects.said, SPECIALS)
    return (
        np.minimum(np.bitwise_count(own & said), 2) / 2,
        np.minimum(np.bitwise_count(said & ~own), 2) / 2,
        np.minimum(np.bitwise_count(own & ~said), 3) / 3,
    )


def _rarer_aspects(index: Index, query: Query, chosen: Ints) -> tuple[Floats, Floats, Floats]:
    """Level missing, party missing, denied: most questions say none of these."""
    none = np.zeros(len(chosen), dtype=np.float32)
    levels = {aspect.value for aspect in query.aspects.said if aspect.kind == LEVELS}
    parties = frozenset(aspect for aspect in query.aspects.said if aspect.kind == PARTIES)

    def each(holds: "list[bool]") -> Floats:
        return np.array(holds, dtype=np.float32)

    return (
        each([not levels & index.traits.levels[f] for f in chosen]) if levels else none,
        each([bool(parties - index.traits.aspects[f]) for f in chosen]) if parties else none,
        each([bool(query.aspects.denied & index.traits.aspects[f]) for f in chosen])
        if query.aspects.denied
        else none,
    )


def _places(index: Index, query: Query, chosen: Ints) -> tuple[Floats, Floats]:
    """Of one province's own procedures: the question does not name it; the question names it."""
    text = f" {' '.join(query.words)} "
    named = [
        any(f" {place} " in text for place in index.traits.places[family]) for family in chosen
    ]
    local = index.traits.is_local[chosen]
    here = np.array(named, dtype=np.float32)
    return local * (1 - here), here


def _flags(values: npt.NDArray[np.bool_]) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _relative(values: Floats) -> Floats:
    return values / max(float(values.max(initial=0.0)), 1e-6)
