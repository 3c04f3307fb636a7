"""What a message wants: a facet of a procedure, or one of the moves of a conversation."""

import re
from enum import StrEnum
from typing import NamedTuple

from nlp.cues import CueTable
from nlp.normalize import fold
from nlp.tables import lines, rows


class Facet(StrEnum):
    """A side of a procedure that can be asked for. The Vietnamese term stands beside it."""

    OVERVIEW = "overview"  # tất cả, ngắn
    DOCUMENTS = "documents"  # thành phần hồ sơ
    TIME_LIMIT = "time_limit"  # thời hạn
    FEE = "fee"  # phí, lệ phí
    WHERE = "where"  # nơi nộp, cơ quan
    HOW = "how"  # trình tự
    ONLINE = "online"  # nộp trực tuyến
    FORM = "form"  # biểu mẫu
    LEGAL_BASIS = "legal_basis"  # căn cứ pháp lý
    CONDITIONS = "conditions"  # yêu cầu, điều kiện
    RESULT = "result"  # kết quả


class Intent(StrEnum):
    """A move of the conversation that is not a question about a procedure."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    WHO_ARE_YOU = "who_are_you"
    HELP = "help"
    PERSON = "person"
    STATUS = "status"
    BACK = "back"
    RESTART = "restart"
    MORE = "more"
    NONE_OF_THESE = "none_of_these"
    YES = "yes"
    ABUSE = "abuse"
    DISTRESS = "distress"  # somebody is in danger
    FEEDBACK = "feedback"  # phản ánh, kiến nghị
    OFF_TOPIC = "off_topic"
    COURT = "court"  # what only a court does


class _FacetCue(NamedTuple):
    facet: Facet | None  # None: the words belong to a topic, such as "đủ điều kiện"
    weight: int  # 3, 2 or 1


_FACETS = CueTable(
    (cue, _FacetCue(None if facet == "none" else Facet(facet), int(weight)))
    for facet, weight, cue in rows("facets.tsv", 3)
)
_WHOLE = CueTable(
    (cue, Intent(intent)) for intent, extent, cue in rows("sayings.tsv", 3) if extent == "toàn"
)
_INSIDE = CueTable(
    (cue, None if intent == "none" else Intent(intent))
    for intent, extent, cue in rows("sayings.tsv", 3)
    if extent == "trong"
)
_TURNS = CueTable((cue, turn) for turn, cue in rows("turns.tsv", 2))
_GAP = " … "  # a word or a few: "lương … mấy triệu"
_OFF_TOPIC = CueTable((line, True) for line in lines("off_topic.txt") if _GAP not in line)
_OFF_TOPIC_GAPPED = re.compile(
    "|".join(
        rf"\b{line.replace(_GAP, '(?: [^ ]+){1,4} ')}\b"
        for line in lines("off_topic.txt")
        if _GAP in line
    )
)
# Sides that are asked for whichever way the papers go.
_PLAIN = frozenset({Facet.FEE, Facet.TIME_LIMIT, Facet.DOCUMENTS})
# "Xã của bác hay xã tụi nhỏ", "nộp trên này hay về quê": two places to choose from.
_PLACES = "xã|phường|quận|huyện|tỉnh|quê|thành phố|công an|ủy ban|trường"
_HERE_OR_THERE = re.compile(
    rf"\b({_PLACES})\b(?: [^ ]+){{0,5}} hay (?:là )?(?:[^ ]+ )?\1\b"
    rf"|\bhay (?:là )?(?:phải |nộp |làm )?(?:về|ra|lên|xuống|qua|dưới|trên|ở|ngoài) (?:{_PLACES})\b"
)
_END = 3  # words from which on a text ends
_YES_OR_NO = re.compile(r"\b(?:co|duoc|phai)\b.*\bkhong\b(?: \w+)?$")
_PARTICLES = frozenset(word for line in lines("particles.txt") for word in line.split())
_FOLDED_PARTICLES = frozenset(fold(word) for word in _PARTICLES)


def is_plain_facet(text: str) -> bool:
    """Whether a facet is asked for in words that mean nothing else."""
    return any(cue.value.facet and cue.value.weight == 3 for cue in _FACETS.longest(text))


def find_facets(text: str) -> list[Facet]:
    """The facets that a normalised text asks for: those of the weightiest cues, in its order.

    Among cues of equal weight "how" comes last, since every question has some "làm sao" in it, and
    "online" too: it says by which way the rest is asked, so that it gives way to a plain side even
    where that is asked for in lighter words ("phí … online bao nhiêu"). A bare yes-or-no question
    ("có … không") asks for the conditions.
    """
    cues = [(found.value.weight, found.value.facet) for found in _FACETS.longest(text)]
    plain = [weight for weight, facet in cues if facet in _PLAIN and weight > 1]
    cues = [(max(plain, default=3) if f is Facet.ONLINE else weight, f) for weight, f in cues]
    if _HERE_OR_THERE.search(text):
        cues.append((3, Facet.WHERE))
    weighty = max((weight for weight, facet in cues if facet), default=0)
    chosen = [facet for weight, facet in cues if facet and weight == weighty]
    if not chosen and _YES_OR_NO.search(fold(text)):
        return [Facet.CONDITIONS]
    return list(dict.fromkeys(sorted(chosen, key=lambda facet: facet in (Facet.HOW, Facet.ONLINE))))


def find_intent(text: str) -> Intent | None:
    """The conversational move of a normalised text, if it is one."""
    inside = [found.value for found in _INSIDE.longest(text) if found.value]
    for first in (Intent.DISTRESS, Intent.ABUSE):
        if first in inside:
            return first
    if whole := _whole_saying(text.split()):
        return whole
    return inside[0] if inside else None


def is_off_topic(text: str) -> bool:
    """Whether a text names a thing that no procedure is about: weather, prices, love."""
    return bool(_OFF_TOPIC.longest(text) or _OFF_TOPIC_GAPPED.search(text))


def says(text: str, turn: str) -> bool:
    """Whether a normalised text refers to what was said before in that way (`turns.tsv`)."""
    return any(found.value == turn for found in _TURNS.find(text))


def ends_with(text: str, turn: str) -> bool:
    """Whether a normalised text ends so, but for a particle or two."""
    least = len(text.split()) - _END
    return any(found.value == turn and found.end > least for found in _TURNS.find(text))


def begins_with(text: str, turn: str) -> bool:
    """Whether a normalised text begins so, but for a particle or two."""
    words = text.split()
    return any(
        found.value == turn and all(word in _PARTICLES for word in words[: found.start])
        for found in _TURNS.find(text)
        if found.start < _END
    )


def _whole_saying(words: list[str]) -> Intent | None:
    """The saying of which a message consists, particles left out at both ends and between."""
    text = " ".join(words)
    found = _WHOLE.longest(text)
    if not found:
        return None
    covered = {place for cue in found for place in range(cue.start, cue.end)}
    rest = [word for place, word in enumerate(words) if place not in covered]
    if any(word not in _PARTICLES and word not in _FOLDED_PARTICLES for word in rest):
        return None
    kinds = [cue.value for cue in found]
    # "Ừ đúng rồi" says more than its "ừ", "chào bạn cảm ơn" more than its "chào".
    for empty in ((Intent.GREETING, Intent.THANKS), (Intent.GREETING,)):
        if telling := [kind for kind in kinds if kind not in empty]:
            return telling[0]
    return kinds[0]
