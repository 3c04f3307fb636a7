"""Several wishes in one message: where it may be cut into questions of their own."""

from nlp.cues import CueTable
from nlp.lexicon import topic_weights
from nlp.normalize import fold
from nlp.tables import lines

_JOINTS = CueTable(
    [
        *((line, line) for line in lines("joints.txt")),
        *((line, "") for line in lines("no_joints.txt")),
    ]
)
_BOTH = "vừa"  # joins only where it is said twice: "vừa xin … vừa đổi …"
_MARKED = 0.4  # share of words with marks from which a text counts as typed with marks
_LEAST_TOPIC = 2  # words that speak of a topic, in each part


def split_wishes(text: str, name: str = "") -> list[str]:
    """The parts of a normalised text around the joint that leaves the most on both sides, or none.

    A joint inside the name of the procedure that the whole text means is no joint: "tần số và thiết bị".
    """
    words = text.split()
    best: tuple[int, list[str]] = (0, [])
    has_marks = sum(word != fold(word) for word in words) >= _MARKED * len(words)
    for joint in _JOINTS.longest(text):
        around = " ".join(words[max(joint.start - 1, 0) : joint.end + 1])
        if not joint.value or f" {fold(around)} " in f" {fold(name)} ":
            continue
        if joint.value == _BOTH and _BOTH not in words[: joint.start]:
            continue
        if has_marks and words[joint.start : joint.end] != joint.value.split():
            continue  # among words with marks "con" is a child, not "còn"
        left, right = words[: joint.start], words[joint.end :]
        weight = min(_topics(left), _topics(right))
        if weight >= _LEAST_TOPIC and weight > best[0]:
            best = (weight, [" ".join(left), " ".join(right)])
    return best[1]


def _topics(words: list[str]) -> int:
    return sum(weight > 0.5 for weight in topic_weights(" ".join(words)))
