"""What the ranker weighs: one row of numbers per candidate, each column with a name."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from nlp.aspects import ACTS, LEVELS, PARTIES, SPECIALS
from nlp.normalize import fold
from nlp.postings import Flags, Floats, Ints
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

_SAYS_LITTLE = 0.2  # a word that weighs so much or less frames the question


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
    covered = _coverage(index, query, scores)
    alike_name, alike_unit = _alike(index, query, scores)
    columns: tuple[Floats | Flags | float, ...] = (
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
        scores.nearest == 0,
        min(len(query.words), 40) / 40,
        scores.unit >= best_unit - 1e-6,
        scores.name >= best_name - 1e-6,
        scores.sense,
        best_sense - scores.sense,
        *_places(index, query, chosen),
    )
    values = np.empty((len(FEATURES), len(chosen)), dtype=np.float32)
    for place, column in enumerate(columns):
        values[place] = column
    return values.T


def _coverage(index: Index, query: Query, scores: Scores) -> _Coverage:
    rows, asked, lines = index.words.rows, index.words.asked, scores.lines
    bare = [rows.get(word, -1) for word in query.words]
    weights = np.array(
        [
            weight * ((float(asked.idf[row]) if row >= 0 else 0.0) or asked.rarest)
            for row, weight in zip(bare, query.weights, strict=True)
        ],
        dtype=np.float32,
    )
    total = float(weights.sum()) + 1e-6
    own = [lines.get(row, 0) for row in bare]  # line 0 stands for what nobody holds
    by_any, by_name = scores.held[own], scores.named[own]
    typed = [place for place, word in enumerate(query.words) if word != query.marked[place]]
    marked = [lines.get(rows.get(query.marked[place], -1), 0) for place in typed]
    differs = by_any[typed] & ~scores.held[marked]
    is_new = [
        query.words.index(word) == place and weight > _SAYS_LITTLE
        for place, (word, weight) in enumerate(zip(query.words, query.weights, strict=True))
    ]
    return _Coverage(
        weights @ by_any / total,
        weights @ by_name / total,
        by_name[is_new].sum(axis=0) / index.traits.name_sizes[scores.families],
        weights[typed] @ differs / total,
    )


def _alike(index: Index, query: Query, scores: Scores) -> tuple[Floats, Floats]:
    """Rapidfuzz likeness of the topic words to the name and to the nearest phrase."""
    topic = " ".join(
        w for w, weight in zip(query.words, query.weights, strict=True) if weight > _SAYS_LITTLE
    )
    known = [index.traits.names[family] for family in scores.families]
    nearest = [
        fold(index.unit_text(unit, family))
        for unit, family in zip(scores.nearest.tolist(), scores.families.tolist(), strict=True)
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
    local = index.traits.is_local[chosen]
    here = np.zeros(len(chosen), dtype=np.float32)
    if local.any():
        text = f" {' '.join(query.words)} "
        for place in np.flatnonzero(local):
            names = index.traits.places[chosen[place]]
            here[place] = any(f" {name} " in text for name in names)
    return local * (1 - here), here


def _flags(values: npt.NDArray[np.bool_]) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _relative(values: Floats) -> Floats:
    return values / max(float(values.max(initial=0.0)), 1e-6)
