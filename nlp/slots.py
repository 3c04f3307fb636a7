"""The words of a message as they are read: as typed, as meant, and what else they may be."""

from collections import defaultdict
from typing import NamedTuple

from nlp.chain import Weighed, is_word

MOST_READINGS = 3
LEAST_TRUST = 0.08  # a reading below this is not looked for
SURE = 0.9  # a reading above this is the only one
LIKELY = 0.2  # a known word of at least this stays as typed, what else it may be is looked for too
SURE_MARKS = 0.7  # share of a reading's likelihood that one of its marked forms must have


class Reading(NamedTuple):
    """A known word that may have been meant, folded, and how much to trust it (0 to 1)."""

    word: str
    trust: float


class Slot(NamedTuple):
    """One word of a message: as typed, as it is most likely meant, and all that it may be."""

    typed: str  # nothing for the second word and the next ones of a glued word
    meant: str  # with its marks where these are sure
    readings: tuple[Reading, ...]  # the most likely first


def slots_of(typed: str, folded: str, weighed: Weighed, *, stays: bool) -> list[Slot]:
    """The slots for a word whose possible states were weighed; it `stays` unless that is unlikely."""
    best = max(weighed, key=lambda each: each[0])[1]
    if len(best.forms) > 1:
        return [
            Slot(typed if place == 0 else "", form.marked, (Reading(form.folded, 1.0),))
            for place, form in enumerate(best.forms)
        ]
    trusts: defaultdict[str, float] = defaultdict(float)
    marks: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for chance, state in weighed:
        if len(state.forms) == 1:
            form = state.forms[0]
            trusts[form.folded] += chance
            marks[form.folded][form.marked] += chance
    likely = sorted(trusts, key=lambda word: (-trusts[word], word))[:MOST_READINGS]
    first = folded if stays and trusts[folded] >= LIKELY else likely[0]
    forms = marks[first]
    marked = max(forms, key=lambda form: forms[form])
    if forms[marked] >= SURE_MARKS * trusts[first]:
        meant = marked
    else:  # unmarked, a word still meets every word of its letters
        meant = typed if first == folded and is_word(typed) else first
    if trusts[first] >= SURE:
        return [Slot(typed, meant, (Reading(first, 1.0),))]
    readings = [Reading(word, trusts[word]) for word in likely if trusts[word] >= LEAST_TRUST]
    return [Slot(typed, meant, tuple(readings))]


def as_typed(typed: str, folded: str) -> Slot:
    """The slot of a word that stays as it is."""
    return Slot(typed, typed, (Reading(folded, 1.0),))
