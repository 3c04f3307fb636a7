"""How likely words follow each other, and what several doubtful ones side by side most likely are.

Judged by which words stand beside each other in procedure names and in the questions written for
them, with their marks where the text has marks (`nlp/data/marks.tsv.gz`) and without (the index).
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nlp.marks import EDGE, Counts
from nlp.syllables import is_spelled, is_syllable

MOST_STATES = 7  # of one word that are weighed against those of its neighbours
# Natural logarithms of how likely a certain syllable, or other word, is one that nobody wrote yet,
NEW_SYLLABLE, NEW_WORD = -14.0, -19.0
UNMARKED = -2.0  # and that such a syllable has no marks where others have.
_FOLDED = 0.3  # weight of a pair without its marks beside one with them
_ALONE = 8.0  # weight of single words beside pairs …
_SPARE = 0.2  # … and for each time that the word before was seen
_UNSEEN = 0.05


class Form(NamedTuple):
    """A word as it may stand in a text."""

    folded: str
    marked: str


class State(NamedTuple):
    """What a word may be: one form, or several that were glued; and how likely that is typed so."""

    forms: tuple[Form, ...]
    chance: float  # natural logarithm


Weighed = Sequence[tuple[float, State]]  # states with their probability
_EDGE = Form(EDGE, EDGE)


class Likelihood:
    """How often words and pairs stand in the known texts, as logarithms of a share."""

    def __init__(
        self, frequencies: Mapping[str, int], pairs: Mapping[str, int], counts: Counts
    ) -> None:
        self._frequencies = frequencies
        self._pairs = pairs
        self._counts = counts
        self._total = sum(count for word, count in frequencies.items() if word.isascii())
        self._totals: dict[str, float] = {}

    def alone(self, form: Form, is_marked: bool) -> float:
        """How often a word stands anywhere, as a share of all."""
        if is_marked and form.marked in self._counts.words:
            return self._counts.words[form.marked] / max(self._counts.total, 1)
        if is_marked and form.folded in self._counts.forms:
            return 0.0
        return self._frequencies.get(form.folded, 0) / max(self._total, 1)

    def follows(self, before: Form, after: Form, alone: float, is_marked: bool) -> float:
        """How likely a word follows another, the share of the single word mixed in."""
        pair = float(self._pairs.get(f"{before.folded} {after.folded}", 0))
        often = float(self._frequencies.get(before.folded, 0))
        if is_marked:
            words = self._counts.words
            if pair:
                pair *= words.get(after.marked, _UNSEEN) / self._of_its_letters(after.folded)
            pair = _FOLDED * pair + self._counts.pairs.get((before.marked, after.marked), 0)
            often = _FOLDED * often + words.get(before.marked, 0)
        single = _ALONE + _SPARE * often
        return math.log((pair + single * alone) / (often + single))

    def _of_its_letters(self, folded: str) -> float:
        """How often all words of these letters stand anywhere."""
        total = self._totals.get(folded)
        if total is None:
            forms = self._counts.forms.get(folded)
            if not forms:
                return _UNSEEN
            total = self._totals[folded] = float(sum(self._counts.words[form] for form in forms))
        return total


class Chain:
    """The words of one message, weighed against each other (forward and backward)."""

    def __init__(self, likelihood: Likelihood, is_marked: bool) -> None:
        self._likelihood = likelihood
        self._is_marked = is_marked
        self._alone: dict[Form, float] = {}

    def likeliest(
        self, states: Sequence[State], before: Form | None, after: Form | None
    ) -> list[State]:
        """The likeliest few, judged beside those neighbours that are sure."""
        if len(states) <= MOST_STATES:
            return list(states)

        def likely(state: State) -> float:
            sum_ = state.chance + self._follow(before or _EDGE, state.forms[0])
            return sum_ + (self._follow(state.forms[-1], after) if after else 0.0)

        return sorted(states, key=likely, reverse=True)[:MOST_STATES]

    def posterior(
        self, run: Sequence[Sequence[State]], before: Form | None, after: Form | None
    ) -> list[Weighed]:
        """For each word its states with their probability, given all others."""
        reached = self._reached(run, before)
        onward = [self._follow(state.forms[-1], after) if after else 0.0 for state in run[-1]]
        found: list[Weighed] = []
        for place in range(len(run) - 1, -1, -1):
            sums = [one + other for one, other in zip(reached[place], onward, strict=True)]
            total = _log_sum(sums)
            chances = [math.exp(sum_ - total) for sum_ in sums]
            found.append(list(zip(chances, run[place], strict=True)))
            if place:
                onward = self._ways_back(run[place - 1], run[place], onward)
        return found[::-1]

    def _reached(self, run: Sequence[Sequence[State]], before: Form | None) -> list[list[float]]:
        """For each state how likely all is that stands up to it."""
        reached: list[list[float]] = []
        for place, states in enumerate(run):
            sums = []
            for state in states:
                own = state.chance + self._inside(state)
                if place == 0:
                    sums.append(own + self._follow(before or _EDGE, state.forms[0]))
                    continue
                ways = [
                    way + self._follow(former.forms[-1], state.forms[0])
                    for way, former in zip(reached[-1], run[place - 1], strict=True)
                ]
                sums.append(own + _log_sum(ways))
            reached.append(sums)
        return reached

    def _ways_back(
        self, formers: Sequence[State], states: Sequence[State], onward: Sequence[float]
    ) -> list[float]:
        ways = [
            way + state.chance + self._inside(state)
            for way, state in zip(onward, states, strict=True)
        ]
        return [
            _log_sum(
                [
                    way + self._follow(former.forms[-1], state.forms[0])
                    for way, state in zip(ways, states, strict=True)
                ]
            )
            for former in formers
        ]

    def _inside(self, state: State) -> float:
        forms = state.forms
        return sum(self._follow(one, other) for one, other in itertools.pairwise(forms))

    def _follow(self, before: Form, after: Form) -> float:
        alone = self._alone.get(after)
        if alone is None:
            alone = self._alone[after] = self._likelihood.alone(after, self._is_marked)
        if alone:
            return self._likelihood.follows(before, after, alone, self._is_marked)
        if not is_word(after.marked):
            return NEW_WORD
        is_bare = self._is_marked and after.marked.isascii()
        return NEW_SYLLABLE + (UNMARKED if is_bare else 0.0)


def is_word(word: str) -> bool:
    """Whether a word is spelled like a syllable, by its marks where it has any."""
    return is_syllable(word) if word.isascii() else is_spelled(word)


def _log_sum(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(each - most) for each in logs))
