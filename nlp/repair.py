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

from rapidfuzz.distance import OSA

from nlp.abbreviations import ABBREVIATIONS
from nlp.chain import Chain, Form, Likelihood, State, is_word
from nlp.marks import Counts, has_marks, shipped_counts
from nlp.normalize import fold
from nlp.slips import slip_cost
from nlp.slots import Slot, as_typed, slots_of
from nlp.syllables import is_spelled
from nlp.tables import lines

SHORTEST = 3  # letters of a word that may be mended
SHORTEST_ABBREVIATION = 5  # shorter ones differ by a letter from each other
RAREST = 4.0  # cost of a slip above which it is not thought of
# Natural logarithms of how likely …
ONE_SLIP = -3.0  # … a slip is just this one, where it is of the commonest kind
MARKS_SLIP = -3.0  # … a word's letters are right and its marks wrong, …
SPELLED = -3.0  # … although they may stand so in some word
GLUED = -3.0  # … a space is left out
SLIPS, WORDS = 0.2, 20.0  # slips expected among so many words, before the message is seen
OFTEN = 0.05  # share of slips from which on each word needs both its neighbours
KEPT = 8192  # words of which the candidates are remembered
_TABLES = (
    "sayings.tsv", "off_topic.txt", "particles.txt", "frames.txt", "facets.tsv", "picks.tsv",
    "turns.tsv", "foreign_words.txt", "labels.txt", "negations.txt", "unsure.txt", "aspects.tsv",
)  # fmt: skip


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
        self._likelihood = Likelihood(frequencies, pairs, self._counts)
        # The same words are doubtful again and again.
        self._candidates = lru_cache(maxsize=KEPT)(self._find_candidates)
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
        slips = (SLIPS + sum(not is_word(typed[place]) for place in unknown)) / (WORDS + len(typed))
        opened = set(unknown)
        shows_slips = slips > OFTEN
        opened.update(
            place
            for place, word in enumerate(typed)
            if place not in opened
            and place not in closed
            and _may_be_mended(word)
            and not self._fits(folded, place, needs_both=shows_slips)
            and word in self._frequencies
            and (shows_slips or word not in table_words())
        )
        if not opened:
            return [as_typed(word, bare) for word, bare in zip(typed, folded, strict=True)]
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

    def _fits(self, folded: Sequence[str], place: int, *, needs_both: bool) -> bool:
        """Whether a word is known to stand beside a neighbour, or beside both."""
        word = folded[place]
        left = place > 0 and f"{folded[place - 1]} {word}" in self._pairs
        if left != needs_both:
            return left
        return place + 1 < len(folded) and f"{word} {folded[place + 1]}" in self._pairs

    def _judge(
        self, typed: Sequence[str], folded: Sequence[str], opened: Collection[int], slips: float
    ) -> list[Slot]:
        is_marked = has_marks(typed)
        chain = Chain(self._likelihood, is_marked)
        slots: list[Slot] = []
        place = 0
        while place < len(typed):
            if place not in opened:
                slots.append(as_typed(typed[place], folded[place]))
                place += 1
                continue
            end = place
            while end < len(typed) and end in opened:
                end += 1
            before = Form(folded[place - 1], typed[place - 1]) if place else None
            after = Form(folded[end], typed[end]) if end < len(typed) else None
            run = [
                chain.likeliest(
                    self._states(typed[n], folded[n], is_marked, slips),
                    before if n == place else None,
                    after if n == end - 1 else None,
                )
                for n in range(place, end)
            ]
            for n, weighed in enumerate(chain.posterior(run, before, after), start=place):
                stays = typed[n] in self._frequencies and slips <= math.log(OFTEN)
                slots += slots_of(typed[n], folded[n], weighed, stays=stays)
            place = end
        return slots

    def _states(self, typed: str, folded: str, is_marked: bool, slips: float) -> list[State]:
        """All that a word may be."""
        states = [State((Form(folded, typed if is_marked else folded),), 0.0)]
        marks_slip = MARKS_SLIP + SPELLED * (not typed.isascii() and is_spelled(typed))
        one_slip = slips + ONE_SLIP
        states += (
            State(forms, (marks_slip if is_marks_slip else one_slip) - cost)
            for forms, is_marks_slip, cost in self._candidates(typed, folded, is_marked)
        )
        if not self._is_known(typed) and (parts := self.split(folded)):
            states.append(State(tuple(self._parts(typed, parts)), GLUED * (len(parts) - 1)))
        return states

    def _find_candidates(
        self, typed: str, folded: str, is_marked: bool
    ) -> list[tuple[tuple[Form, ...], bool, float]]:
        """What one slip makes of a word, whether only marks change, and how rare that slip is."""
        seen = typed if is_marked else folded
        found: list[tuple[tuple[Form, ...], bool, float]] = []
        for other in self._neighbours(folded):
            for marked in self._counts.forms.get(other, (other,)) if is_marked else (other,):
                cost = slip_cost(seen, marked)
                if marked != seen and cost is not None and cost <= RAREST:
                    found.append(((Form(other, marked),), other == folded, cost))
        for short in () if self._is_known(typed) else _near_abbreviations(typed):
            words = ABBREVIATIONS[short].split()
            forms = tuple(Form(fold(word), word if is_marked else fold(word)) for word in words)
            found.append((forms, False, slip_cost(typed, short) or 0.0))
        return found

    def _parts(self, typed: str, parts: Iterable[str]) -> Iterable[Form]:
        start = 0
        for part in parts:
            marked = typed[start : start + len(part)]
            yield Form(part, marked if self._is_known(marked) else part)
            start += len(part)

    def _neighbours(self, word: str) -> list[str]:
        found = {other for form in _shortened(word) for other in self._near.get(form, ())}
        return sorted(other for other in found if OSA.distance(word, other, score_cutoff=1) <= 1)


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


def _near_abbreviations(word: str) -> list[str]:
    near = _abbreviations_near()
    found = {short for form in _shortened(word) for short in near.get(form, ())}
    return sorted(short for short in found if slip_cost(word, short) is not None)


def _may_be_mended(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _shortened(word: str) -> set[str]:
    """The word and every form of it with one letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
