"""What kind of slip makes one word of another, and how rare such slips are.

A slip is one letter swapped with the next, left out, doubled, wrong or too many; marks may be
left out or wrong besides. Costs are natural logarithms: what costs one more is e times rarer.
"""

from functools import lru_cache
from typing import NamedTuple

from nlp.normalize import fold
from nlp.syllables import toneless

SWAPPED, DROPPED, DOUBLED = 0.0, 0.0, 0.0
NEXT_KEY, CONFUSED, WRONG, ADDED = 1.2, 0.7, 3.0, 3.0
AT_FIRST = 1.5  # one more where the first letter is touched: it is watched most
LOST, OTHER = 1.0, 2.5  # one letter's marks left out, or others in their place
TONE_LOST, TONE_OTHER, TONE_CONFUSED = 1.0, 2.5, 0.7
MOST_LOST = 2.0  # of a word without any mark: it was typed in that way
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_CONFUSED = frozenset(map(frozenset, ("iy", "sx", "ln", "dr", "cq")))  # heard alike
_TONES_CONFUSED = {"\u0303", "\u0309"}  # hỏi and ngã


def _next_keys() -> frozenset[frozenset[str]]:
    found = set()
    for number, row in enumerate(_ROWS):
        below = _ROWS[number + 1] if number + 1 < len(_ROWS) else ""
        for place, key in enumerate(row):
            near = row[place + 1 : place + 2] + below[max(place - 1, 0) : place + 1]
            found |= {frozenset((key, other)) for other in near}
    return frozenset(found)


_NEXT_KEYS = _next_keys()


class _Word(NamedTuple):
    bare: str
    letters: str  # without the tone
    tones: frozenset[str]
    tone_at: int  # the letter that bears the tone, -1 for none


class _Change(NamedTuple):
    cost: float
    pairs: tuple[tuple[int, int], ...]  # places of the same letter in what was typed and meant
    gone: int  # the place of the letter meant that was not typed, or -1


@lru_cache(maxsize=16384)
def _read(word: str) -> _Word:
    letters, tones = toneless(word)
    tone_at = next((n for n, sign in enumerate(word) if toneless(sign)[1]), -1)
    return _Word(fold(word), letters, frozenset(tones), tone_at)


def slip_cost(typed: str, meant: str) -> float | None:
    """How rare it is to type this when that is meant; None when more than one slip is needed.

    >>> slip_cost("trìhn", "trình"), slip_cost("trình", "trình"), slip_cost("trang", "phép")
    (0.0, 0.0, None)
    """
    one, other = _read(typed), _read(meant)
    change = _change(one.bare, other.bare)
    if change is None:
        return None
    marks = 0.0
    for place, own in change.pairs:
        if one.letters[place] != other.letters[own]:
            marks += LOST if one.letters[place] == one.bare[place] else OTHER
    if one.tones != other.tones:
        marks += _tone_cost(one, other, change.gone)
    if typed == one.bare:
        marks = min(marks, MOST_LOST)
    return change.cost + marks


def _tone_cost(typed: _Word, meant: _Word, gone: int) -> float:
    if not typed.tones:
        return 0.0 if meant.tone_at == gone else TONE_LOST
    return TONE_CONFUSED if typed.tones | meant.tones == _TONES_CONFUSED else TONE_OTHER


def _change(typed: str, meant: str) -> _Change | None:
    """The one slip between two folded words."""
    more = len(typed) - len(meant)
    place = 0
    while place < min(len(typed), len(meant)) and typed[place] == meant[place]:
        place += 1
    before = [(n, n) for n in range(place)]
    first = AT_FIRST if place == 0 else 0.0
    if more == 0:
        if place == len(meant):
            return _Change(0.0, tuple(before), -1)
        if typed[place + 1 :] == meant[place + 1 :]:
            after = [(n, n) for n in range(place + 1, len(meant))]
            return _Change(first + _wrong(typed[place], meant[place]), (*before, *after), place)
        swapped = meant[place + 1 : place + 2] + meant[place]
        if typed[place:] == swapped + meant[place + 2 :]:
            after = [(n, n) for n in range(place + 2, len(meant))]
            crossed = ((place, place + 1), (place + 1, place))
            return _Change(first + SWAPPED, (*before, *crossed, *after), -1)
    if more == -1 and typed[place:] == meant[place + 1 :]:
        after = [(n, n + 1) for n in range(place, len(typed))]
        return _Change(first + DROPPED, (*before, *after), place)
    if more == 1 and typed[place + 1 :] == meant[place:]:
        after = [(n + 1, n) for n in range(place, len(meant))]
        is_double = place > 0 and typed[place] == typed[place - 1]
        return _Change(DOUBLED if is_double else first + ADDED, (*before, *after), -1)
    return None


def _wrong(typed: str, meant: str) -> float:
    pair = frozenset((typed, meant))
    if pair in _CONFUSED:
        return CONFUSED
    return NEXT_KEY if pair in _NEXT_KEYS else WRONG
