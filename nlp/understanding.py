"""One message understood: which procedures it may mean, which facet, which move, which codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.codes import Codes, find_codes
from nlp.confidence import (
    CERTAIN,
    MOSTLY_COVERED,
    ONE_BELIEF,
    ONE_COVERED,
    OTHER_BELIEF,
    PART_BELIEF,
    PART_SCOPE,
    THIRD_COVERING,
    Verdict,
    judge,
)
from nlp.dossier_codes import Mention, read_dossiers
from nlp.doubts import doubts_of
from nlp.intents import (
    Facet,
    Intent,
    begins_with,
    ends_with,
    find_facets,
    find_intent,
    is_off_topic,
    is_plain_facet,
    says,
)
from nlp.normalize import normalize
from nlp.personal_data import mask
from nlp.picks import find_pick
from nlp.query import Query, read_query
from nlp.ranking import Match, rank
from nlp.retrieval import Index
from nlp.wishes import split_wishes

_BEFORE_A_COMMA = {Intent.THANKS, Intent.YES, Intent.NONE_OF_THESE}
LONGEST_WORD = 40  # characters of a thank-you or a no before the first comma
TOPIC = 0.5  # weight above which a word speaks of a topic rather than frames the question
LONGEST = 2000  # characters that are read; the rest of a longer message is left out


class Wish(NamedTuple):
    """One thing that a message asks for."""

    matches: tuple[Match, ...]
    verdict: Verdict
    facet: Facet | None
    scope: float = 0.0  # how surely any procedure answers it

    @property
    def is_plausible(self) -> bool:
        """Whether it may stand for itself, as a part of a message."""
        return self.scope >= PART_SCOPE and self.matches[0].belief >= PART_BELIEF


@dataclass(frozen=True)
class Understanding:
    """What was understood. `wishes` holds at least one; more when several things are asked."""

    text: str  # normalised, masked
    query: Query
    wishes: tuple[Wish, ...]
    intent: Intent | None
    facet: Facet | None
    facets: tuple[Facet, ...]
    codes: Codes
    pick: int | None
    looks_back: bool = False  # "quay lại vụ khai tử": to what was shown earlier
    is_plain_facet: bool = False  # the facet is asked for in words that mean nothing else
    corrects: bool = False  # "à không", "chứ không phải": mends the question before
    is_detail: bool = False  # "để đi xuất khẩu lao động", "cho con ruột": of the wish before
    adds: bool = False  # "tiện hỏi luôn", "nhân tiện": another wish beside the one before
    compares: bool = False  # "khác nhau chỗ nào": of the choices that were offered
    asks_presence: bool = False  # "có phải cùng đi không", "đi thay được không"
    asks_need: bool = False  # "có phải khám sức khỏe không": whether the one before needs it
    lacks: bool = False  # "bé chưa có căn cước thì …": a paper that is missing for the one before
    opens_another: bool = False  # "còn …", "hay là …": begins with something beside the one before
    awaits_news: bool = False  # "… duyệt chưa", "… tới đâu rồi": of a dossier that was handed in
    is_cut: bool = False
    has_personal_number: bool = False
    dossier: Mention = Mention()  # noqa: RUF009 (frozen and empty)

    @property
    def matches(self) -> tuple[Match, ...]:
        """The ranking for the whole message, best first."""
        return self.wishes[0].matches if self.wishes else ()

    @property
    def topic_words(self) -> int:
        """How many words speak of a topic rather than frame the question."""
        return sum(weight > TOPIC for weight in self.query.weights)

    @property
    def scope(self) -> float:
        """How surely any procedure answers the message, 0 to 1."""
        return self.wishes[0].scope if self.wishes else 0.0

    @property
    def verdict(self) -> Verdict:
        """Whether to show the best match, to ask, or to say that nothing fits."""
        return self.wishes[0].verdict if self.wishes else Verdict.NONE


def understand(text: str, index: Index) -> Understanding:
    """Understand a message as typed; the same text and index give the same understanding."""
    safe, denies = _after_a_word(mask(text[:LONGEST]))
    codes = find_codes(text[:LONGEST])
    normal = normalize(safe)
    query = read_query(safe, index.speller)
    # The marks that are put in read "moi ban may ngan" as of sales and machines; as typed it may ask.
    facets = find_facets(query.text) or (find_facets(normal) if is_plain_facet(normal) else [])
    # A saying is heard as it was typed: repair knows the words of procedures, not of greetings.
    intent = find_intent(normal)
    if intent is None and query.text != normal:
        intent = find_intent(query.text)
    if intent is None and is_off_topic(query.text):
        intent = Intent.OFF_TOPIC
    return Understanding(
        text=normal,
        query=query,
        wishes=_wishes(query, facets, index),
        intent=intent,
        facet=facets[0] if facets else None,
        facets=tuple(facets),
        codes=codes,
        pick=find_pick(normal),
        looks_back=says(query.text, "looks_back"),
        corrects=denies
        or says(query.text, "corrects")
        or begins_with(query.text, "opens_correction"),
        is_detail=begins_with(query.text, "opens_detail"),
        adds=says(query.text, "adds"),
        compares=says(query.text, "compares"),
        asks_presence=says(query.text, "presence"),
        lacks=says(query.text, "lacks"),
        opens_another=begins_with(query.text, "opens_another"),
        asks_need=says(query.text, "need"),
        is_plain_facet=is_plain_facet(query.text) or (bool(facets) and is_plain_facet(normal)),
        awaits_news=ends_with(query.text, "awaits"),
        is_cut=len(text) > LONGEST,
        dossier=read_dossiers(text[:LONGEST]),
        has_personal_number="[số]" in safe and "[số]" not in text,
    )


def _after_a_word(text: str) -> tuple[str, bool]:
    """A message without the "dạ cảm ơn," or "không phải," before its first comma, and whether it denied.

    Without the comma "không phải, đổi bằng" would rule out what it asks for.
    """
    head, comma, rest = text.partition(",")
    if not comma or not rest.strip() or len(head) > LONGEST_WORD:
        return text, False
    intent = find_intent(normalize(head))
    if intent not in _BEFORE_A_COMMA:
        return text, False
    return rest, intent is Intent.NONE_OF_THESE


def _wishes(query: Query, facets: list[Facet], index: Index) -> tuple[Wish, ...]:
    whole = read_wish(query, facets, index)
    if not whole.matches:
        return (whole,)
    best = whole.matches[0]
    covers = best.covered >= ONE_COVERED
    if covers and best.belief >= CERTAIN:
        return (whole,)
    sure = []
    for part in split_wishes(query.text, best.family.name):
        wish = read_wish(read_query(part, index.speller), find_facets(part), index)
        if not wish.is_plausible:
            return (whole,)
        sure.append(wish)
    names = {wish.matches[0].family.name for wish in sure}
    is_third = best.family.name not in names
    if _is_one(best, sure):
        return (whole,)
    if len(names) < 2 or (is_third and best.belief >= (THIRD_COVERING if covers else ONE_BELIEF)):
        return (whole,)
    return (whole, *sure)


def _is_one(best: Match, parts: Sequence[Wish]) -> bool:
    """Whether the whole means one procedure so clearly that a doubtful other part is no wish."""
    others = [part.matches[0] for part in parts if part.matches[0].family.name != best.family.name]
    is_clear = best.belief >= CERTAIN and best.covered >= MOSTLY_COVERED
    return is_clear and any(other.belief < OTHER_BELIEF for other in others)


def read_wish(query: Query, facets: Sequence[Facet], index: Index) -> Wish:
    """What one question asks for, as far as its words tell; without a topic word, for nothing."""
    topics = (w for w, weight in zip(query.words, query.weights, strict=True) if weight > TOPIC)
    if all(word.isdigit() for word in topics):
        return Wish((), Verdict.NONE, facets[0] if facets else None)
    matches = tuple(rank(index, query))
    doubts = doubts_of(matches, query)
    return Wish(matches, judge(matches, query, doubts), facets[0] if facets else None, doubts.scope)
