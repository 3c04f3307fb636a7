"""Several wishes in one message: where it may be cut into questions of their own."""

from nlp.cues import CueTable
from nlp.lexicon import topic_weights
from nlp.tables import lines

_JOINTS = CueTable((line, True) for line in lines("joints.txt"))
_LEAST_TOPIC = 2  # words that speak of a topic, in each part


def split_wishes(text: str) -> list[str]:
    """The parts of a normalised text around the joint that leaves the most on both sides, or none."""
    words = text.split()
    best: tuple[int, list[str]] = (0, [])
    for joint in _JOINTS.longest(text):
        left, right = words[: joint.start], words[joint.end :]
        weight = min(_topics(left), _topics(right))
        if weight >= _LEAST_TOPIC and weight > best[0]:
            best = (weight, [" ".join(left), " ".join(right)])
    return best[1]


def _topics(words: list[str]) -> int:
    return sum(weight > 0.5 for weight in topic_weights(" ".join(words)))
