"""Show, ask or say that nothing fits: the thresholds, chosen on data, in one place.

Chosen on the second writers' questions (`nlp/data/training.jsonl`); what they cost on the held-out and
the development questions is printed by `make bench`. Asking back is cheap where the right choice is
among those offered; a wrong procedure shown with confidence is not.
"""

from collections.abc import Sequence
from enum import StrEnum

from nlp.ambiguity import ambiguity
from nlp.normalize import fold
from nlp.query import Query
from nlp.ranking import Match

LEAST_SCOPE = 0.15  # below this, no procedure answers the question
SHOW_SCOPE = 0.4  # a procedure is shown at once only above this
SHOW_BELIEF = 0.4  # at least so sure of the best match
SHOW_LEAD = 0.1  # and so far ahead of the second
UNCLEAR = 0.99  # above this, several are meant alike …
NAMED_WORDS = 3  # a shorter name may be a general word
CERTAIN = 0.85  # … unless one is believed so much
OFFER_BELIEF = 0.03  # a match below this is not offered as a choice


class Verdict(StrEnum):
    """What to do with a ranking."""

    SHOW = "show"
    ASK = "ask"
    NONE = "none"


def judge(matches: Sequence[Match], query: Query) -> Verdict:
    """What the beliefs allow."""
    if not matches or not any(weight > 0.5 for weight in query.weights):
        return Verdict.NONE
    best = matches[0]
    if best.scope < LEAST_SCOPE and not _tells_an_event(query):
        return Verdict.NONE
    second = matches[1].belief if len(matches) > 1 else 0.0
    is_sure = best.belief >= SHOW_BELIEF and best.belief - second >= SHOW_LEAD
    is_clear = best.belief >= CERTAIN or is_named(best, query) or ambiguity(matches) < UNCLEAR
    if best.scope >= SHOW_SCOPE and is_sure and is_clear:
        return Verdict.SHOW
    return Verdict.ASK


def _tells_an_event(query: Query) -> bool:
    """Whether the message says what happened ("ba mình mới mất") without naming a procedure."""
    return any(aspect.kind == "event" for aspect in query.aspects.said)


def is_named(match: Match, query: Query) -> bool:
    """Whether the question's topic is a name or known phrase of the procedure, word for word."""
    topic = [word for word, weight in zip(query.words, query.weights, strict=True) if weight > 0.5]
    return len(topic) >= NAMED_WORDS and fold(match.phrase).split() == topic


def is_plausible(matches: Sequence[Match]) -> bool:
    """Whether a part of a message names a wish of its own."""
    return bool(matches) and matches[0].scope >= SHOW_SCOPE and matches[0].belief >= SHOW_BELIEF
