"""What a text says beside its topic: the act, the level, who it is for, what is special.

Read the same way from a question and from a procedure's name (`nlp/data/aspects.tsv`), so that
"làm lại bằng lái bị mất" and "Cấp lại giấy phép lái xe" meet in the act `reissue`.
"""

from collections.abc import Collection
from typing import NamedTuple

from nlp.cues import CueTable
from nlp.tables import lines, rows

ACTS = "act"
LEVELS = "level"
SPECIALS = "special"  # a circumstance that a citizen would have mentioned
PARTIES = "party"
EVENTS = "event"


class Aspect(NamedTuple):
    """One aspect with its value, such as act = reissue."""

    kind: str
    value: str


OF_THE_OLD = Aspect(SPECIALS, "old")
PENSION_AGE = Aspect("state", "pension_age")


class Reading(NamedTuple):
    """The aspects that a text affirms and those that it rules out, with the words ruled out."""

    said: frozenset[Aspect]
    denied: frozenset[Aspect]
    denied_words: frozenset[int]


_CUES = CueTable((cue, Aspect(kind, value)) for kind, value, cue in rows("aspects.tsv", 3))
_PHRASES = {Aspect(kind, value): cue for kind, value, cue in reversed(list(rows("aspects.tsv", 3)))}
_NEGATIONS = CueTable((line, True) for line in lines("negations.txt"))
_REACH = 14  # words after a negation that it rules out
_TURNS = frozenset(
    {
        "mà",
        "ma",
        "là",
        "la",
        "chỉ",
        "nhưng",
        "nhung",
        "thì",
        "nên",
        "vậy",
        "giờ",
        "phí",
        "cần",
        "đâu",
    }
)


def read_aspects(text: str) -> Reading:
    """The aspects of a normalised text."""
    denied_words = _denied(text)
    said: set[Aspect] = set()
    denied: set[Aspect] = set()
    for found in _CUES.longest(text):
        (denied if found.start in denied_words else said).add(found.value)
    return Reading(frozenset(said), frozenset(denied - said), denied_words)


def without_cues(text: str, aspects: Collection[Aspect]) -> str:
    """The normalised text without the words that say any of these aspects."""
    said = [found for found in _CUES.longest(text) if found.value in aspects]
    gone = {place for found in said for place in range(found.start, found.end)}
    return " ".join(word for place, word in enumerate(text.split()) if place not in gone)


def phrase_of(aspect: Aspect) -> str:
    """The first way to say an aspect in the table."""
    return _PHRASES[aspect]


def _denied(text: str) -> frozenset[int]:
    words = text.split()
    denied: set[int] = set()
    for found in _NEGATIONS.longest(text):
        for place in range(found.end, min(found.end + _REACH, len(words))):
            if words[place] in _TURNS:
                break
            denied.add(place)
    return frozenset(denied)


def all_aspects(kind: str) -> tuple[Aspect, ...]:
    """Every aspect of a kind that the table names, in its order."""
    table = (Aspect(row_kind, value) for row_kind, value, _ in rows("aspects.tsv", 3))
    return tuple(dict.fromkeys(aspect for aspect in table if aspect.kind == kind))
