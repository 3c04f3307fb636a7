"""The index over families of procedures, and the candidates that it proposes for a query."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp import postings, texts
from nlp.entries import Entry, Family, families
from nlp.normalize import compose, fold, lower_case
from nlp.postings import Flags, Floats, Ints, Postings, Rows, Weighed, known
from nlp.query import Query
from nlp.repair import Speller
from nlp.sense import shipped_sense
from nlp.texts import Sought, Texts, Units
from nlp.traits import traits_of

CANDIDATES = 16
LIKELY = 22  # families whose single questions are compared before the candidates are chosen
MOST_TERMS = 60  # of one question that are looked up
LITTLE = 0.1  # a term that says less than this share of the most telling one is left out
_WORD = re.compile(r"[^\W_]+")  # letters and digits
# How the fields weigh when candidates are chosen; the ranker decides their order.
NAME, ASKED, UNIT, BODY, POPULARITY, SENSE = 0.7, 1.0, 1.0, 0.3, 0.2, 2.0


@dataclass(frozen=True)
class Scores:
    """The fields' scores of the candidates, in parallel with `families`."""

    families: Ints
    name: Floats
    asked: Floats
    unit: Floats  # cosine of the nearest phrase or name
    unit_second: Floats
    nearest: Ints  # which of the family's own units is nearest; 0 is the name
    body: Floats
    sense: Floats  # likeness of meaning, cosine
    prior: Floats  # the weighted sum by which they were chosen
    lines: dict[int, int]  # of the question's terms, by number, the rows of:
    held: Flags  # which candidates (columns) hold which term, anywhere
    named: Flags  # the same, in the name


@dataclass(frozen=True)
class Fields:
    """What is known of the families' words, term by term; the terms are those of `rows`."""

    rows: Rows
    name: Postings
    asked: Postings  # the name and all questions together
    body: Texts
    units: Units  # the name and each question by itself
    meanings: Floats  # families × dimensions, of shipped_sense()

    @classmethod
    def build(cls, grouped: Sequence[Family], like: "Fields | None" = None) -> "Fields":
        """The fields of these families; with `like`, weighed as those to which they will be joined."""
        rows: Rows = dict(like.rows) if like else {}
        own = [[text_terms(unit.split()) for unit in _units(family)] for family in grouped]
        body = texts.build(
            [_body_words(family) for family in grouped], rows, like=like.body if like else None
        )
        asked = postings.build(
            [[term for unit in family for term in unit] for family in own],
            rows,
            like=like.asked if like else None,
        )
        name = postings.build([family[0] for family in own], rows, like=like.name if like else None)
        units = texts.build_units(own, rows, like=like.units if like else None)
        return cls(rows, name, asked, body, units, _meanings(own))

    def appended(self, grouped: Sequence[Family]) -> "Fields":
        """These fields with those of further families after them."""
        if not grouped:
            return self
        more = Fields.build(grouped, like=self)
        return Fields(
            more.rows,
            self.name.joined(more.name),
            self.asked.joined(more.asked),
            self.body.joined(more.body),
            self.units.joined(more.units),
            np.concatenate((self.meanings, more.meanings)),
        )


class Index:
    """An immutable index. Build it from entries, ask it for candidates."""

    def __init__(
        self,
        grouped: Sequence[Family],
        words: Fields,
        gone: frozenset[int] = frozenset(),
        former: "Index | None" = None,
    ) -> None:
        self.families = tuple(grouped)
        self.words = words
        self.gone = gone  # families that a later one at the end has taken the place of
        # What is known of the families of a former index need not be found out again.
        self.traits = traits_of(self.families[len(former.families) :] if former else self.families)
        self.speller = _speller(words)
        if former:
            self.traits = former.traits.joined(self.traits)

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> "Index":
        """An index over the entries, families of one name joined."""
        grouped = families(entries)
        return cls(grouped, Fields.build(grouped))

    def changed(self, entries: Iterable[Entry], gone: Iterable[str] = ()) -> "Index":
        """The index with these families in place of those of their names, and without the gone.

        `entries` are all members of each family that changed; `gone` are folded bare names. Only
        the changed families are read: a publication takes effect in a fraction of a second.
        """
        grouped = families(entries)
        names = {fold(family.name) for family in grouped} | set(gone)
        replaced = {n for n, family in enumerate(self.families) if fold(family.name) in names}
        return Index(
            (*self.families, *grouped),
            self.words.appended(grouped),
            self.gone | replaced,
            former=self,
        )

    def candidates(self, query: Query, count: int = CANDIDATES) -> Scores:
        """The families most likely meant, unordered."""
        words = self.words
        every = known((*query.terms, *query.widened), words.rows)
        sought, terms = Sought((row for row, _ in every), len(words.rows)), self._telling(every)
        name, asked = words.name.score(terms), words.asked.score(terms)
        sense = words.meanings @ shipped_sense().of(query.terms)
        prior = (
            NAME * _relative(name)
            + ASKED * _relative(asked)
            + POPULARITY * self.traits.popularity
            + SENSE * sense
        )
        prior[list(self.gone)] = -np.inf
        likely = _highest(prior, max(LIKELY, count))
        # Only now that few are left are their single questions and their bodies read.
        found = words.units.read(sought, likely)
        near = found.nearest(self._wanted(query, sought))
        body = words.body.of(sought, sought.weigh(terms), likely)
        near_enough = max(float(near.likeness.max(initial=0.0)), 0.3)
        weighed = prior[likely] + UNIT * near.likeness / near_enough + BODY * _relative(body)
        best = _highest(weighed, count)
        chosen = likely[best]
        held, named = found.held()
        return Scores(
            chosen, name[chosen], asked[chosen], near.likeness[best], near.second[best],
            near.unit[best], body[best], sense[chosen], weighed[best],
            sought.lines, held[:, best], named[:, best],
        )  # fmt: skip

    def unit_text(self, unit: int, family: int) -> str:
        """The name (unit 0) or a phrase of a family, normalised."""
        own = self.families[family]
        return own.phrases[unit - 1] if unit else own.name

    def has_word(self, family: int, word: str) -> bool:
        """Whether a folded word stands in a family's name or questions."""
        row = self.words.rows.get(word)
        return row is not None and self.words.asked.has(row, family)

    def _telling(self, terms: Weighed) -> Weighed:
        """The terms that say most; what half of all families hold costs much and tells nothing."""
        idf = self.words.asked.idf
        told = sorted(
            ((weight * float(idf[row]), row, weight) for row, weight in terms), reverse=True
        )
        least = LITTLE * told[0][0] if told else 0.0
        return [(row, weight) for says, row, weight in told[:MOST_TERMS] if says >= least]

    def _wanted(self, query: Query, sought: Sought) -> Floats:
        """The question as a vector: each term weighed by rarity, scaled to length one.

        A single word that nobody wrote yet counts as the rarest there is: it makes every unit
        less alike. An unknown pair, or a known word with unknown marks, says nothing.
        """
        rows, units = self.words.rows, self.words.units
        idf = units.texts.idf
        wanted = []
        squares = 1e-12
        for term, weight in query.terms:
            row = rows.get(term)
            weighed = 0.0 if row is None else weight * float(idf[row])
            if row is not None and weighed:
                wanted.append((row, weighed))
            elif term.isascii() and " " not in term:
                weighed = weight * units.rarest
            squares += weighed**2
        return np.asarray(sought.weigh(wanted) / np.float32(squares**0.5))


def _highest(values: Floats, count: int) -> Ints:
    """The places of the highest values, unordered; those that are minus infinity left out."""
    count = min(count, len(values))
    chosen = np.argpartition(-values, count - 1)[:count].astype(np.int32)
    return np.asarray(chosen[np.isfinite(values[chosen])])


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


def _meanings(families_terms: Sequence[Sequence[Sequence[str]]]) -> Floats:
    """For each family the mean direction of its name and questions."""
    sense = shipped_sense()
    means = np.zeros((len(families_terms), sense.dimensions), dtype=np.float32)
    for place, own in enumerate(families_terms):
        mean = sense.of_all(own).mean(axis=0)
        means[place] = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return means


def _body_words(family: Family) -> list[str]:
    """Bodies are long: they are only folded and cut into words."""
    return list(_words(family.members[0].body))


def _words(text: str) -> Iterator[str]:
    folded = fold_text(lower_case(compose(text)))
    return (word for word in _WORD.findall(folded) if len(word) > 1)


def fold_text(text: str) -> str:
    """Fold a long text without filling the cache of single words."""
    return fold.__wrapped__(text)


def _relative(scores: Floats) -> Floats:
    return scores / max(float(scores.max(initial=0.0)), 1e-6)


def _speller(words: Fields) -> Speller:
    counts = words.units.frequencies().tolist()
    single: dict[str, int] = {}
    pairs: dict[str, int] = {}
    for term, row in words.rows.items():
        if not counts[row]:  # a word of bodies only
            continue
        if " " in term:
            pairs[term] = counts[row]
        else:
            single[term] = counts[row]
    return Speller(single, pairs)
