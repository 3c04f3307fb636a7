"""What was said, what was shown, and whether anything was lost, doubled or out of order."""

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Answer = tuple[int, str]  # the message that is answered, and the text


@dataclass
class Said:
    """One message of a citizen."""

    chat: int
    id: int
    posted: float = 0.0
    kept: float = 0.0  # when the webhook answered 200


@dataclass
class Books:
    """Everything that both sides saw."""

    said: dict[int, Said] = field(default_factory=dict)
    shown: dict[Answer, list[float]] = field(default_factory=lambda: defaultdict(list))
    doubtful: Counter[Answer] = field(default_factory=Counter)
    repeats: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, form: dict[str, Any]) -> None:
        """The platform has shown an answer."""
        answered = form["reply_parameters"]["message_id"]
        with self.lock:
            self.shown[int(answered), form["text"]].append(time.monotonic())

    def note_death(self, unsent: list[Answer]) -> None:
        """A process has died: what was shown and still stands in the outbox may come again."""
        with self.lock:
            for answer in unsent:
                if self.shown.get(answer):
                    self.doubtful[answer] += 1

    def answered(self) -> set[int]:
        """The messages that got an answer."""
        with self.lock:
            return {message for message, _ in self.shown}

    def lost(self) -> list[int]:
        return sorted(self.said.keys() - self.answered())

    def doubled(self) -> Counter[Answer]:
        """The answers that were shown again, and how often."""
        return Counter(
            {answer: len(times) - 1 for answer, times in self.shown.items() if times[1:]}
        )

    def unexplained(self) -> list[Answer]:
        """Those shown again although no process died between sending and writing it down."""
        return [a for a, times in self.doubled().items() if times > self.doubtful[a]]

    def out_of_order(self) -> list[tuple[int, int]]:
        """Pairs of a chat where the second was said after the first was kept, but answered before."""
        first_shown: dict[int, float] = {}
        for (message, _), times in self.shown.items():
            first_shown[message] = min(times[0], first_shown.get(message, times[0]))
        chats: dict[int, list[Said]] = defaultdict(list)
        for said in sorted(self.said.values(), key=lambda one: one.posted):
            chats[said.chat].append(said)
        return [
            (one.id, other.id)
            for messages in chats.values()
            for one, other in pairwise(messages)
            if one.kept < other.posted
            and first_shown.get(one.id, 0) > first_shown.get(other.id, float("inf"))
        ]
