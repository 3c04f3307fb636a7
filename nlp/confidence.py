"""Show, ask or say that nothing fits: the thresholds, chosen on data, in one place.

Their cost on our own held-out questions is printed by `make bench`.
"""

from collections.abc import Sequence
from enum import StrEnum

from nlp.query import Query
from nlp.ranking import Match

SHOW_BELIEF = 0.5  # at least so sure of the best match
SHOW_LEAD = 0.25  # and so far ahead of the second
OFFER_BELIEF = 0.05  # a match below this is not offered as a choice
LEAST_SCOPE = 0.3  # below this, no procedure answers the question
SHOW_SCOPE = 0.5  # a procedure is shown at once only above this


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
    if best.scope < LEAST_SCOPE:
        return Verdict.NONE
    second = matches[1].belief if len(matches) > 1 else 0.0
    if best.scope >= SHOW_SCOPE and best.belief >= SHOW_BELIEF and best.belief - second >= SHOW_LEAD:
        return Verdict.SHOW
    return Verdict.ASK
