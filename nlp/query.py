"""A question made ready for the index: repaired, weighed, widened by official words."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.ages import OLD, PENSIONED, age_said
from nlp.aspects import OF_THE_OLD, PENSION_AGE, read_aspects
from nlp.aspects import Reading as Aspects
from nlp.bounds import Amount, amounts
from nlp.lexicon import LONG_FRAME_WEIGHT, synonyms, topic_weights
from nlp.marks import has_marks, with_marks
from nlp.normalize import fold, normalize
from nlp.repair import Speller
from nlp.slots import Reading, Slot

PAIR_WEIGHT = 0.7  # of two neighbouring words beside the single ones
MARKED_WEIGHT = 0.6  # of a word with its marks beside the folded one
WIDENED_WEIGHT = 0.5  # of official words beside the everyday ones that were typed
LONGEST = 120  # words; nobody's topic needs more
_OF_AGE = ((OLD, OF_THE_OLD), (PENSIONED, PENSION_AGE))


@dataclass(frozen=True)
class Query:
    """What is looked for. `words` and `weights` run in parallel over the repaired question."""

    text: str  # normalised, repaired and given its marks
    words: tuple[str, ...]  # folded
    marked: tuple[str, ...]  # with their marks, as typed or as restored
    weights: tuple[float, ...]
    terms: tuple[tuple[str, float], ...]  # single words and pairs, for the index
    widened: tuple[tuple[str, float], ...]  # official words for everyday ones
    aspects: Aspects
    amounts: tuple[Amount, ...] = ()  # ages, m3, tons, … that it tells
    repairs: tuple[tuple[str, str], ...] = field(default=())


def read_query(text: str, speller: Speller) -> Query:
    """The query for a text as typed."""
    typed = normalize(text).split()[:LONGEST]
    slots = _repair(typed, speller)
    words = [slot.meant for slot in slots]
    if not has_marks(typed):
        words = with_marks(words)
    repaired = " ".join(words)
    aspects = read_aspects(repaired)
    age = age_said(repaired) or 0
    of_age = [aspect for years, aspect in _OF_AGE if age >= years]
    if of_age:
        aspects = aspects._replace(said=aspects.said.union(of_age))
    weights = [
        0.0 if place in aspects.denied_words else weight
        for place, weight in enumerate(topic_weights(repaired))
    ]
    folded = [fold(word) for word in words]
    return Query(
        text=repaired,
        words=tuple(folded),
        marked=tuple(words),
        weights=tuple(weights),
        terms=tuple(_terms(folded, words, weights, [slot.readings for slot in slots])),
        widened=tuple(_widened(repaired)),
        aspects=aspects,
        amounts=amounts(repaired),
        repairs=tuple(_repairs(slots)),
    )


def _repair(typed: Sequence[str], speller: Speller) -> list[Slot]:
    """The words read; those inside of a framing phrase stay as typed.

    Records never say "thắc mắc", and all the same it is no slip of the finger.
    """
    framed = topic_weights(" ".join(typed))
    closed = {place for place, weight in enumerate(framed) if weight == LONG_FRAME_WEIGHT}
    return speller.read(typed, closed)


def _repairs(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """What was typed and what it was taken for; a glued word for several."""
    read: list[tuple[str, str]] = []
    for slot in slots:
        if slot.typed or not read:
            read.append((slot.typed, slot.meant))
        else:
            typed, meant = read.pop()
            read.append((typed, f"{meant} {slot.meant}"))
    return [(typed, meant) for typed, meant in read if typed != meant]


def _terms(
    words: Sequence[str],
    marked: Sequence[str],
    weights: Sequence[float],
    slots: Sequence[Sequence[Reading]],
) -> list[tuple[str, float]]:
    terms: dict[str, float] = {}
    for weight, readings in zip(weights, slots, strict=True):
        for reading in readings:
            if weight:
                terms[reading.word] = max(terms.get(reading.word, 0), weight * reading.trust)
    for place in range(len(words) - 1):
        weight = PAIR_WEIGHT * min(weights[place], weights[place + 1])
        if weight:
            for first in slots[place]:
                for second in slots[place + 1]:
                    pair = f"{first.word} {second.word}"
                    trusted = weight * first.trust * second.trust
                    terms[pair] = max(terms.get(pair, 0), trusted)
    for weight, word, typed in zip(weights, words, marked, strict=True):
        if typed != word and weight:
            terms[typed] = max(terms.get(typed, 0), MARKED_WEIGHT * weight)
    return list(terms.items())


def _widened(text: str) -> list[tuple[str, float]]:
    terms: dict[str, float] = {}
    for synonym in synonyms(text):
        words = [fold(word) for word in synonym.means.split()]
        for word in words:
            terms[word] = WIDENED_WEIGHT
        for first, second in itertools.pairwise(words):
            terms[f"{first} {second}"] = WIDENED_WEIGHT * PAIR_WEIGHT
    return list(terms.items())
