"""Whether a question could mean several procedures alike, judged from how the ranking looks.

A short wish such as "làm lại giấy tờ" is covered by many names, none of which it covers itself,
and the first places lie close together. The weights are fitted on questions of both kinds
(`nlp/training/ranker.py`).
"""

from collections.abc import Sequence

import numpy as np

from nlp.features import FEATURES
from nlp.postings import Floats
from nlp.ranking import Match, shipped_weights

SIGNS = (
    "spread", "third", "lead", "lead_over_fourth", "sense", "name_covered", "equally_covered", "covered",
)  # fmt: skip
_SENSE, _NAME_COVERED = FEATURES.index("sense"), FEATURES.index("name_covered")
_LOOKED_AT = 10
_AS_WELL = 0.05  # so much less of the question covered still counts as equally covered


def ambiguity(matches: Sequence[Match]) -> float:
    """How surely several are meant alike, 0 to 1; 0 while nothing was fitted."""
    weights = shipped_weights().ambiguity
    if weights is None or len(matches) < 2:
        return 0.0
    return float(1 / (1 + np.exp(-(signs(matches) @ weights[:-1] + weights[-1]))))


def signs(matches: Sequence[Match]) -> Floats:
    """The numbers in the order of SIGNS."""
    first = matches[:_LOOKED_AT]
    beliefs = np.array([match.belief for match in first])
    scores = [float(match.contributions.sum()) for match in first[:4]]
    best = first[0]
    equally = sum(match.covered >= best.covered - _AS_WELL for match in first)
    return np.array(
        [
            -float((beliefs * np.log(beliefs + 1e-9)).sum()),
            float(beliefs[2]) if len(beliefs) > 2 else 0.0,
            (scores[0] - scores[1]) / 5,
            (scores[0] - scores[-1]) / 5,
            best.values[_SENSE],
            best.values[_NAME_COVERED],
            equally / _LOOKED_AT,
            best.covered,
        ],
        dtype=np.float32,
    )
