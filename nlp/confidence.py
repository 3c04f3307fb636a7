"""Show, ask or say that nothing fits: the thresholds, chosen on data, in one place.

The probabilities are fitted on the second writers' questions (`nlp/data/training.jsonl`); the
thresholds were chosen on three sets together: the development questions, the held-out ones and,
crosswise, the second writers'. Of 100 ambiguous questions the right choice is offered for 80 of
the development and of the held-out ones; of 100 clear ones 5 and 6 are asked needlessly. With
UNCLEAR at 0.55 no more ambiguous ones are asked, and 6 and 10 clear ones. `make bench` prints what
they cost. Asking back is cheap where the right choice is among those offered; a wrong procedure
shown with confidence is not, and "nothing fits" said to a real wish is the worst.
"""

from collections.abc import Sequence
from enum import StrEnum

from nlp.doubts import Doubts, is_named, is_unsure, tells_an_event, tells_what
from nlp.features import FEATURES
from nlp.query import Query
from nlp.ranking import Match

LEAST_SCOPE = 0.04  # below this, no procedure answers the question
SHOW_SCOPE = 0.17  # a procedure is shown at once only above this
SHOW_BELIEF = 0.4  # at least so sure of the best match
UNCLEAR = 0.67  # above this, several are meant alike
CERTAIN, NAMED_BELIEF = 0.97, 0.8  # one believed so much, or so much and named word for word, …
VERY_UNCLEAR = 0.8  # … is asked back about only above this
USED = 0.6  # one that so many people use is shown …
USED_BELIEF = 0.95  # … when believed so much, …
TOLD_BELIEF = 0.85  # or so much, where more than a thing is named ("làm hộ chiếu", not "hộ chiếu"),
EVENT_BELIEF = 0.75  # or so much, where the message tells what happened ("con mới đẻ")
PART_SCOPE = 0.6  # a part of a message is a wish of its own only above this
PART_BELIEF = 0.55  # and at least so sure of its best match …
ONE_BELIEF = 0.95  # … unless the whole message is believed so much to mean a third procedure, …
ONE_COVERED = 0.97  # … or one of the two for certain, and its words cover the message so far;
MOSTLY_COVERED = 0.75  # where a certain one covers so much, …
OTHER_BELIEF = 0.85  # … what the other part means must be believed so much;
THIRD_COVERING = 0.8  # a third one that covers all, such as an interlinked one, needs only this
OFFER_BELIEF = 0.03  # a match below this is not offered as a choice
_POPULARITY = FEATURES.index("popularity")


class Verdict(StrEnum):
    """What to do with a ranking."""

    SHOW = "show"
    ASK = "ask"
    NONE = "none"


def judge(matches: Sequence[Match], query: Query, doubts: Doubts) -> Verdict:
    """What the probabilities allow."""
    if not matches or not any(weight > 0.5 for weight in query.weights):
        return Verdict.NONE
    best = matches[0]
    named = is_named(best, query)
    is_told = tells_an_event(query) or best.leaning > 0  # an event, an old age: a rule knows it
    # "Có thắc mắc về bằng lái" says little, but of what it is all the same.
    is_told = is_told or (is_unsure(query) and best.covered >= ONE_COVERED)
    if doubts.scope < LEAST_SCOPE and not named and not is_told:
        return Verdict.NONE
    is_certain = best.belief >= (NAMED_BELIEF if named else CERTAIN)
    is_usual = (
        best.values[_POPULARITY] >= USED
        and best.belief >= _usual_belief(query)
        and not is_unsure(query)
    )
    is_clear = is_usual or doubts.ambiguity < (VERY_UNCLEAR if is_certain else UNCLEAR)
    is_asked = doubts.scope >= SHOW_SCOPE or named
    if is_asked and best.belief >= SHOW_BELIEF and is_clear:
        return Verdict.SHOW
    return Verdict.ASK


def _usual_belief(query: Query) -> float:
    if tells_an_event(query):
        return EVENT_BELIEF
    return TOLD_BELIEF if tells_what(query) else USED_BELIEF
