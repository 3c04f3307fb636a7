"""Mistyped syllables: what a word was probably meant to be, judged by its letters and neighbours.

A word is looked at more closely only when nobody ever wrote it or when it fits neither neighbour.
What may have been meant are the known words from which one slip leads to it (`nlp/slips.py`). How
likely each is follows from how rare the slip is, how common the word is, and which words stand
beside it; words side by side that are both doubtful are judged together (forward and backward over
the chain). In a message that shows slips more are expected.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from nlp.abbreviations import ABBREVIATIONS
from nlp.marks import EDGE, Counts, has_marks, shipped_counts
from nlp.normalize import fold
from nlp.slips import slip_cost
from nlp.syllables import is_spelled, is_syllable
from nlp.tables import lines

SHORTEST = 3  # letters of a word that may be mended
MOST_READINGS = 3
LEAST_TRUST = 0.08  # a reading below this is not looked for
SHORTEST_ABBREVIATION = 4
SURE = 0.9  # a reading above this is the only one
SURE_MARKS = 0.7  # share of a reading's likelihood that one of its marked forms must have
MOST_STATES = 12  # of one word that are weighed against those of its neighbours
# Natural logarithms of how likely …
ONE_SLIP = -3.0  # … a slip is just this one, where it is of the commonest kind
MARKS_SLIP = -3.0  # … a word's letters are right and its marks wrong, …
SPELLED = -3.0  # … although they may stand so in some word
GLUED = -3.0  # … a space is left out
NEW_SYLLABLE, NEW_WORD = -14.0, -19.0  # … a certain syllable, or other word, is one nobody wrote yet
UNMARKED = -2.0  # … such a syllable has no marks where others have
SLIPS, WORDS = 0.2, 20.0  # slips expected among so many words, before the message is seen
OFTEN = 0.05  # share of slips from which on each word needs both its neighbours
_FOLDED = 0.3  # weight of a pair without its marks beside one with them
_ALONE = 8.0  # weight of single words beside pairs …
_SPARE = 0.2  # … and for each time that the word before was seen
_UNSEEN = 0.05
_TABLES = (
    "sayings.tsv", "off_topic.txt", "particles.txt", "frames.txt", "facets.tsv", "picks.tsv",
    "turns.tsv", "foreign_words.txt", "labels.txt", "negations.txt", "unsure.txt", "aspects.tsv",
)  # fmt: skip


class Reading(NamedTuple):
    """A known word that may have been meant, folded, and how much to trust it (0 to 1)."""

    word: str
    trust: float


class Slot(NamedTuple):
    """One word of a message: as typed, as it is most likely meant, and all that it may be."""

    typed: str
    meant: str  # with its marks where these are sure
    readings: tuple[Reading, ...]  # the most likely first


class _Form(NamedTuple):
    """A word as it may stand in a text."""

    folded: str
    marked: str


class _State(NamedTuple):
    """What a word may be: one form, or several that were glued; and how likely that is typed so."""

    forms: tuple[_Form, ...]
    chance: float


class Speller:
    """Known words with their frequency, and which pairs of folded ones are known to follow."""

    def __init__(
        self,
        frequencies: Mapping[str, int],
        pairs: Mapping[str, int],
        counts: Counts | None = None,
    ) -> None:
        self._frequencies = frequencies
        self._pairs = pairs
        self._counts = counts or shipped_counts()
        self._total = sum(count for word, count in frequencies.items() if word.isascii())
        self._near: defaultdict[str, list[str]] = defaultdict(list)
        for word in frequencies:
            if len(word) > 1 and word.isascii() and word.isalpha():
                for form in _shortened(word):
                    self._near[form].append(word)

    def read(self, typed: Sequence[str], closed: Collection[int] = ()) -> list[Slot]:
        """Each word of a normalised text read; those at the `closed` places stay as they are.

        A word that was glued from several gives several slots.
        """
        folded = [fold(word) for word in typed]
        unknown = [
            place
            for place, word in enumerate(typed)
            if place not in closed and not self._is_known(word) and _may_be_mended(word)
        ]
        slips = (SLIPS + sum(not _is_word(typed[place]) for place in unknown)) / (
            WORDS + len(typed)
        )
        opened = set(unknown)
        opened.update(
            place
            for place, word in enumerate(typed)
            if place not in opened
            and place not in closed
            and len(word) >= SHORTEST
            and word.isalpha()
            and word in self._frequencies
            and not self._fits(folded, place, opened if slips > OFTEN else None)
        )
        if not opened:
            return [_as_typed(word, bare) for word, bare in zip(typed, folded, strict=True)]
        return self._judge(typed, folded, opened, math.log(slips))

    def split(self, glued: str) -> list[str]:
        """The known words of which a glued word consists, or nothing: "dangkykhaisinh"."""
        if len(glued) < 5:
            return []
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(glued)
        for end in range(1, len(glued) + 1):
            for start in range(max(0, end - 7), end):
                before, word = best[start], glued[start:end]
                if before is None or word not in self._frequencies or len(word) < 2:
                    continue
                if before[1] and f"{before[1][-1]} {word}" not in self._pairs:
                    continue
                cost = before[0] + 4.0 - int(self._frequencies[word]).bit_length()
                current = best[end]
                if current is None or cost < current[0]:
                    best[end] = (cost, [*before[1], word])
        whole = best[len(glued)]
        return whole[1] if whole and len(whole[1]) > 1 else []

    def _is_known(self, word: str) -> bool:
        return word in self._frequencies or word in table_words()

    def _fits(self, folded: Sequence[str], place: int, doubtful: Collection[int] | None) -> bool:
        """Whether a word follows a neighbour as known; both, where there are doubtful ones."""
        word = folded[place]
        left = place > 0 and f"{folded[place - 1]} {word}" in self._pairs
        if left and doubtful is None:
            return True
        right = place + 1 < len(folded) and f"{word} {folded[place + 1]}" in self._pairs
        return (left or right) if doubtful is None else (left and right)

    def _judge(
        self, typed: Sequence[str], folded: Sequence[str], opened: Collection[int], slips: float
    ) -> list[Slot]:
        is_marked = has_marks(typed)
        weigh = _Chain(self, is_marked)
        slots: list[Slot] = []
        place = 0
        while place < len(typed):
            if place not in opened:
                slots.append(_as_typed(typed[place], folded[place]))
                place += 1
                continue
            end = place
            while end < len(typed) and end in opened:
                end += 1
            before = _Form(folded[place - 1], typed[place - 1]) if place else None
            after = _Form(folded[end], typed[end]) if end < len(typed) else None
            run = [
                weigh.most_likely(
                    self._states(typed[n], folded[n], is_marked, slips),
                    before if n == place else None,
                    after if n == end - 1 else None,
                )
                for n in range(place, end)
            ]
            for n, weighed in enumerate(weigh.posterior(run, before, after), start=place):
                slots += _slots(typed[n], folded[n], weighed)
            place = end
        return slots

    def _states(self, typed: str, folded: str, is_marked: bool, slips: float) -> list[_State]:
        """All that a word may be."""
        marks_slip = MARKS_SLIP + SPELLED * (not typed.isascii() and is_spelled(typed))
        states = [_State((_Form(folded, typed if is_marked else folded),), 0.0)]
        for other in self._neighbours(folded):
            for marked in self._forms(other) if is_marked else (other,):
                cost = slip_cost(typed if is_marked else folded, marked)
                if cost is None or marked == states[0].forms[0].marked:
                    continue
                chance = marks_slip if other == folded else slips + ONE_SLIP
                states.append(_State((_Form(other, marked),), chance - cost))
        if self._is_known(typed):
            return states
        if parts := self.split(folded):
            states.append(_State(tuple(self._parts(typed, parts)), GLUED * (len(parts) - 1)))
        for short in _near_abbreviations(typed):
            words = ABBREVIATIONS[short].split()
            forms = tuple(_Form(fold(word), word if is_marked else fold(word)) for word in words)
            states.append(_State(forms, slips + ONE_SLIP - (slip_cost(typed, short) or 0.0)))
        return states

    def _parts(self, typed: str, parts: Iterable[str]) -> Iterable[_Form]:
        start = 0
        for part in parts:
            marked = typed[start : start + len(part)]
            yield _Form(part, marked if self._is_known(marked) else part)
            start += len(part)

    def _forms(self, folded: str) -> tuple[str, ...]:
        return self._counts.forms.get(folded, (folded,))

    def _neighbours(self, word: str) -> set[str]:
        found = {other for form in _shortened(word) for other in self._near.get(form, ())}
        return {other for other in found if OSA.distance(word, other, score_cutoff=1) <= 1}

    def alone(self, form: _Form, is_marked: bool) -> float:
        """How often a word stands anywhere, as a share of all."""
        if is_marked and form.marked in self._counts.words:
            return self._counts.words[form.marked] / max(self._counts.total, 1)
        if is_marked and form.folded in self._counts.forms:
            return 0.0
        return self._frequencies.get(form.folded, 0) / max(self._total, 1)

    def follows(self, before: _Form, after: _Form, alone: float, is_marked: bool) -> float:
        """The logarithm of how likely a word follows another, of which the share is known."""
        pair = float(self._pairs.get(f"{before.folded} {after.folded}", 0))
        often = self._frequencies.get(before.folded, 0)
        if not is_marked:
            return _mixed(pair, often, alone)
        words, forms = self._counts.words, self._counts.forms.get(after.folded, ())
        if forms and pair:
            share = words.get(after.marked, _UNSEEN) / sum(words[form] for form in forms)
            pair *= share
        pair = _FOLDED * pair + self._counts.pairs.get((before.marked, after.marked), 0)
        often = _FOLDED * often + words.get(before.marked, 0)
        return _mixed(pair, often, alone)


class _Chain:
    """Weighs what words side by side may be against each other."""

    def __init__(self, speller: Speller, is_marked: bool) -> None:
        self._speller = speller
        self._is_marked = is_marked
        self._alone: dict[_Form, float] = {}

    def most_likely(
        self, states: Sequence[_State], before: _Form | None, after: _Form | None
    ) -> list[_State]:
        """The likeliest few, judged beside those neighbours that are sure."""
        if len(states) <= MOST_STATES:
            return list(states)

        def likely(state: _State) -> float:
            sum_ = state.chance + self._follow(before, state.forms[0])
            return sum_ + (self._follow(state.forms[-1], after) if after else 0.0)

        return sorted(states, key=likely, reverse=True)[:MOST_STATES]

    def posterior(
        self, run: Sequence[Sequence[_State]], before: _Form | None, after: _Form | None
    ) -> list[list[tuple[float, _State]]]:
        """For each word its states with their probability, given all others."""
        forward: list[list[float]] = []
        for place, states in enumerate(run):
            reached = []
            for state in states:
                own = state.chance + self._inside(state)
                if place == 0:
                    reached.append(own + self._follow(before, state.forms[0]))
                    continue
                ways = [
                    way + self._follow(former.forms[-1], state.forms[0])
                    for way, former in zip(forward[-1], run[place - 1], strict=True)
                ]
                reached.append(own + _log_sum(ways))
            forward.append(reached)
        backward = [0.0 if after is None else self._follow(s.forms[-1], after) for s in run[-1]]
        found: list[list[tuple[float, _State]]] = []
        for place in range(len(run) - 1, -1, -1):
            sums = [one + other for one, other in zip(forward[place], backward, strict=True)]
            total = _log_sum(sums)
            chances = [math.exp(sum_ - total) for sum_ in sums]
            found.append(list(zip(chances, run[place], strict=True)))
            if place:
                onward = [
                    way + state.chance + self._inside(state)
                    for way, state in zip(backward, run[place], strict=True)
                ]
                backward = [
                    _log_sum(
                        [
                            way + self._follow(former.forms[-1], state.forms[0])
                            for way, state in zip(onward, run[place], strict=True)
                        ]
                    )
                    for former in run[place - 1]
                ]
        return found[::-1]

    def _inside(self, state: _State) -> float:
        forms = state.forms
        return sum(self._follow(one, other) for one, other in zip(forms, forms[1:], strict=False))

    def _follow(self, before: _Form | None, after: _Form) -> float:
        alone = self._alone.get(after)
        if alone is None:
            alone = self._alone[after] = self._speller.alone(after, self._is_marked)
        if not alone:
            if not _is_word(after.marked):
                return NEW_WORD
            return NEW_SYLLABLE + (UNMARKED * (self._is_marked and after.marked.isascii()))
        if before is None:
            before = _Form(EDGE, EDGE)
        return self._speller.follows(before, after, alone, self._is_marked)


def _slots(typed: str, folded: str, weighed: Sequence[tuple[float, _State]]) -> list[Slot]:
    """The slots for a word whose possible states were weighed."""
    best = max(weighed, key=lambda each: each[0])[1]
    if len(best.forms) > 1:
        return [Slot(form.marked, form.marked, (Reading(form.folded, 1.0),)) for form in best.forms]
    trusts: defaultdict[str, float] = defaultdict(float)
    marks: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for chance, state in weighed:
        if len(state.forms) == 1:
            form = state.forms[0]
            trusts[form.folded] += chance
            marks[form.folded][form.marked] = chance
    likely = sorted(trusts, key=lambda word: (-trusts[word], word))[:MOST_READINGS]
    first = likely[0]
    forms = marks[first]
    marked = max(forms, key=lambda form: forms[form])
    if forms[marked] >= SURE_MARKS * trusts[first]:
        meant = marked
    else:  # unmarked, a word still meets every word of its letters
        meant = typed if first == folded and _is_word(typed) else first
    if trusts[first] >= SURE:
        return [Slot(typed, meant, (Reading(first, 1.0),))]
    readings = [Reading(word, trusts[word]) for word in likely if trusts[word] >= LEAST_TRUST]
    return [Slot(typed, meant, tuple(readings))]


def _mixed(pair: float, often: float, alone: float) -> float:
    """The logarithm of the likelihood of a pair, the single word mixed in."""
    single = _ALONE + _SPARE * often
    return math.log((pair + single * alone) / (often + single))


@lru_cache(maxsize=1)
def table_words() -> frozenset[str]:
    """Words that stand in the tables of sayings, cues and foreign words: these are no slips."""
    return frozenset(
        word for name in _TABLES for line in lines(name) for word in line.split("\t")[-1].split()
    )


@lru_cache(maxsize=1)
def _abbreviations_near() -> Mapping[str, Sequence[str]]:
    near: defaultdict[str, list[str]] = defaultdict(list)
    for short in ABBREVIATIONS:
        if len(short) >= SHORTEST_ABBREVIATION and short.isalpha():
            for form in _shortened(short):
                near[form].append(short)
    return dict(near)


def _near_abbreviations(word: str) -> set[str]:
    near = _abbreviations_near()
    found = {short for form in _shortened(word) for short in near.get(form, ())}
    return {short for short in found if slip_cost(word, short) is not None}


def _as_typed(typed: str, folded: str) -> Slot:
    return Slot(typed, typed, (Reading(folded, 1.0),))


def _may_be_mended(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _is_word(word: str) -> bool:
    """Whether it is spelled like a syllable."""
    return is_syllable(word) if word.isascii() else is_spelled(word)


def _shortened(word: str) -> set[str]:
    """The word and every form of it with one letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _log_sum(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(each - most) for each in logs))
