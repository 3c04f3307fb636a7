"""The index over families of procedures, and the candidates that it proposes for a query."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp import postings
from nlp.entries import Entry, Family, families
from nlp.normalize import compose, fold, lower_case
from nlp.postings import Floats, Ints, Postings
from nlp.query import Query
from nlp.repair import Speller
from nlp.sense import shipped_sense
from nlp.traits import traits_of

CANDIDATES = 48
MOST_TERMS = 60  # of one question that are looked up
# How the four fields weigh when candidates are chosen; the ranker decides their order.
NAME, ASKED, UNIT, BODY, POPULARITY, SENSE = 0.7, 1.0, 1.0, 0.3, 0.2, 2.0


@dataclass(frozen=True)
class Scores:
    """The fields' scores of the candidates, in parallel with `families`."""

    families: Ints
    name: Floats
    asked: Floats
    unit: Floats  # cosine of the nearest phrase or name
    unit_second: Floats
    nearest: Ints  # which unit is nearest
    body: Floats
    sense: Floats  # likeness of meaning, cosine
    prior: Floats  # the weighted sum by which they were chosen


class Index:
    """An immutable index. Build it from entries, ask it for candidates."""

    def __init__(
        self,
        grouped: Sequence[Family],
        name: Postings,
        asked: Postings,
        unit: Postings,
        body: Postings,
        marked: Postings,
        unit_starts: Ints,
        meanings: Floats,
        gone: frozenset[int] = frozenset(),
        former: "Index | None" = None,
    ) -> None:
        self.families = tuple(grouped)
        self.name, self.asked, self.unit, self.body = name, asked, unit, body
        self.marked = marked  # words as written, with their marks
        self.unit_starts = unit_starts
        self._unit_ends = np.append(unit_starts[1:], unit.size)
        self.meanings = meanings  # families × dimensions, of shipped_sense()
        self.gone = gone  # families that a later one at the end has taken the place of
        # What is known of the families of a former index need not be found out again.
        self.traits = traits_of(self.families[len(former.families) :] if former else self.families)
        self.speller = _speller(unit)
        if former:
            self.traits = former.traits.joined(self.traits)

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> "Index":
        """An index over the entries, families of one name joined."""
        grouped = families(entries)
        units = [[unit.split() for unit in _units(family)] for family in grouped]
        starts = np.cumsum([0, *(len(family) for family in units)])[:-1].astype(np.int32)
        return cls(
            grouped,
            postings.build([text_terms(family[0]) for family in units], weigh="bm25"),
            postings.build([_all_terms(family) for family in units], weigh="bm25"),
            postings.build(
                [text_terms(unit) for family in units for unit in family], weigh="cosine"
            ),
            postings.build([_body_words(family) for family in grouped], weigh="bm25"),
            postings.build([_marked_words(family) for family in units], weigh="bm25"),
            starts,
            _meanings([[text_terms(unit) for unit in family] for family in units]),
        )

    def changed(self, entries: Iterable[Entry], gone: Iterable[str] = ()) -> "Index":
        """The index with these families in place of those of their names, and without the gone.

        `entries` are all members of each family that changed; `gone` are folded bare names. Only
        the changed families are read: a publication takes effect in a fraction of a second.
        """
        grouped = families(entries)
        names = {fold(family.name) for family in grouped} | set(gone)
        replaced = {n for n, family in enumerate(self.families) if fold(family.name) in names}
        if not grouped:
            return self._with((), (), replaced)
        return self._with(grouped, [[u.split() for u in _units(f)] for f in grouped], replaced)

    def _with(
        self, grouped: Sequence[Family], units: Sequence[Sequence[Sequence[str]]], gone: set[int]
    ) -> "Index":
        every = [text_terms(unit) for family in units for unit in family]
        starts = self.unit.size + np.cumsum([0, *(len(family) for family in units)])[:-1]
        own = [[text_terms(unit) for unit in family] for family in units]
        return Index(
            (*self.families, *grouped),
            postings.appended(self.name, [family[0] for family in own], weigh="bm25"),
            postings.appended(self.asked, [_all_terms(family) for family in units], weigh="bm25"),
            postings.appended(self.unit, every, weigh="cosine"),
            postings.appended(self.body, [_body_words(f) for f in grouped], weigh="bm25"),
            postings.appended(self.marked, [_marked_words(f) for f in units], weigh="bm25"),
            np.concatenate((self.unit_starts, starts)).astype(np.int32),
            np.concatenate((self.meanings, _meanings(own))) if own else self.meanings,
            self.gone | gone,
            former=self,
        )

    def candidates(self, query: Query, count: int = CANDIDATES) -> Scores:
        """The families most likely meant, unordered."""
        terms = self._telling((*query.terms, *query.widened))
        name = self.name.score(terms)
        asked = self.asked.score(terms)
        units = self.unit.score(self._as_vector(query))
        unit = np.maximum.reduceat(units, self.unit_starts)
        body = self.body.score((term, weight) for term, weight in terms if " " not in term)
        sense = self.meanings @ shipped_sense().of(query.terms)
        prior = (
            NAME * _relative(name)
            + ASKED * _relative(asked)
            + UNIT * unit / max(float(unit.max()), 0.3)
            + BODY * _relative(body)
            + POPULARITY * self.traits.popularity
            + SENSE * sense
        )
        prior[list(self.gone)] = -np.inf
        count = min(count, len(prior))
        chosen = np.argpartition(-prior, count - 1)[:count].astype(np.int32)
        chosen = chosen[np.isfinite(prior[chosen])]
        nearest, second = self._nearest(units, chosen)
        return Scores(
            chosen, name[chosen], asked[chosen], unit[chosen], second, nearest, body[chosen],
            sense[chosen], prior[chosen],
        )  # fmt: skip

    def unit_text(self, unit: int, family: int) -> str:
        """The name or phrase of a family's unit, normalised."""
        place = unit - int(self.unit_starts[family])
        own = self.families[family]
        return own.phrases[place - 1] if place else own.name

    def has_word(self, family: int, word: str) -> bool:
        """Whether a folded word stands in a family's name or questions."""
        row = self.asked.rows.get(word)
        if row is None:
            return False
        own = self.asked.documents[self.asked.starts[row] : self.asked.starts[row + 1]]
        place = int(np.searchsorted(own, family))
        return place < len(own) and int(own[place]) == family

    def _telling(self, terms: Sequence[tuple[str, float]]) -> Sequence[tuple[str, float]]:
        """The terms that weigh most, where a long story has more than are worth looking up."""
        if len(terms) <= MOST_TERMS:
            return terms
        return sorted(terms, key=lambda term: -term[1] * self.asked.idf_of(term[0]))[:MOST_TERMS]

    def _as_vector(self, query: Query) -> list[tuple[str, float]]:
        """The query's terms weighed by rarity and scaled to length one, for the cosine.

        A single word that nobody wrote yet counts as the rarest there is: it makes every unit
        less alike. An unknown pair, or a known word with unknown marks, says nothing.
        """
        rare = float(self.unit.idf.max(initial=1.0))
        weighed = []
        for term, weight in query.terms:
            is_plain = term.isascii() and " " not in term
            idf = self.unit.idf_of(term) or (rare if is_plain else 0.0)
            weighed.append((term, weight * idf))
        length = max(sum(weight**2 for _, weight in weighed) ** 0.5, 1e-6)
        return [(term, weight / length) for term, weight in weighed]

    def _nearest(self, units: Floats, chosen: Ints) -> tuple[Ints, Floats]:
        nearest = np.zeros(len(chosen), dtype=np.int32)
        second = np.zeros(len(chosen), dtype=np.float32)
        starts, ends = self.unit_starts[chosen].tolist(), self._unit_ends[chosen].tolist()
        for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
            own = units[start:end]
            best = int(own.argmax())
            nearest[place] = start + best
            if len(own) > 1:
                first, own[best] = own[best], -1.0
                second[place] = own.max()
                own[best] = first
        return nearest, second


def _units(family: Family) -> list[str]:
    return [family.name, *family.phrases]


def text_terms(words: Sequence[str]) -> list[str]:
    """Of a text's words as written: each folded, pairs of neighbours folded, and words with marks.

    A question typed with marks then meets "ngoại" and not "ngoài"; one without marks meets both.
    """
    folded = [fold(word) for word in words]
    pairs = (f"{a} {b}" for a, b in itertools.pairwise(folded))
    marked = (word for word, bare in zip(words, folded, strict=True) if word != bare)
    return [*folded, *pairs, *marked]


def _all_terms(units: Sequence[Sequence[str]]) -> list[str]:
    return [term for unit in units for term in text_terms(unit)]


def _meanings(families_terms: Sequence[Sequence[Sequence[str]]]) -> Floats:
    """For each family the mean direction of its name and questions."""
    sense = shipped_sense()
    means = np.zeros((len(families_terms), sense.dimensions), dtype=np.float32)
    for place, units in enumerate(families_terms):
        mean = sense.of_all(units).mean(axis=0)
        means[place] = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return means


def _marked_words(units: Sequence[Sequence[str]]) -> list[str]:
    return sorted({word for unit in units for word in unit})


def _body_words(family: Family) -> list[str]:
    """Bodies are long: they are only folded and cut into words."""
    return list(_words(family.members[0].body))


def _words(text: str) -> Iterator[str]:
    folded = fold_text(lower_case(compose(text)))
    return (word for word in _cut(folded) if len(word) > 1)


def _cut(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()


def fold_text(text: str) -> str:
    """Fold a long text without filling the cache of single words."""
    return fold.__wrapped__(text)


def _relative(scores: Floats) -> Floats:
    return scores / max(float(scores.max(initial=0.0)), 1e-6)


def _speller(unit: Postings) -> Speller:
    counts = np.diff(unit.starts)
    words: dict[str, int] = {}
    pairs: dict[str, int] = {}
    for term, row in unit.rows.items():
        if " " in term:
            pairs[term] = int(counts[row])
        elif term.isascii():
            words[term] = int(counts[row])
    return Speller(words, pairs)
