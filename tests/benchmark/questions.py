"""What citizens write in an hour of rush: a mix of new questions, asked ones, and short follow-ups.

The mix is an assumption, so it is written down here: of ten messages four begin a matter and six go
on with it (a number, a facet, a button, thanks). Of those that begin, half say what somebody has
said before (drawn unevenly: the few most usual are a third of them) and half are new to the machine.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from bot.evaluation import read_rows
from tests.benchmark.house import DEV, OWN

DATA = Path(__file__).parents[2] / "nlp" / "data"
WRITTEN = DATA / "questions"
POPULARITY = DATA / "popularity.tsv"  # on a logarithmic scale
FOLLOW_UPS = (
    "1", "2", "giấy tờ", "lệ phí", "thời hạn", "nơi nộp", "cách nộp", "lệ phí bao nhiêu",
    "mất bao lâu", "nộp ở đâu", "cần giấy tờ gì", "làm online được không", "cảm ơn", "xem thêm",
    "quay lại", "le phi bao nhieu", "nop o dau", "con giay to gi nua khong", "thế mất bao lâu ạ",
)  # fmt: skip
GO_ON = 0.6
SAID_BEFORE = 0.5


class Mix:
    """Hands out messages; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._choose = random.Random(seed)
        self._usual = [row["question"] for file in (DEV, *_own()) for row in read_rows(file)]
        self._choose.shuffle(self._usual)
        self._weights = [1 / (place + 1) for place in range(len(self._usual))]
        self._new = iter(self._never_said())

    def __next__(self) -> str:
        if self._choose.random() < GO_ON:
            return self._choose.choice(FOLLOW_UPS)
        if self._choose.random() < SAID_BEFORE:
            return self._choose.choices(self._usual, self._weights)[0]
        return next(self._new)

    def __iter__(self) -> Iterator[str]:
        return self

    def _never_said(self) -> list[str]:
        """Each of these is handed out once; of much used procedures more and sooner."""
        drawn = [(self._choose.random() ** (1 / weight), text) for text, weight in _written()]
        return [text for _, text in sorted(drawn, reverse=True)]


def _written() -> Iterator[tuple[str, float]]:
    """Questions written beforehand, weighed by how much their procedure is used."""
    table = POPULARITY.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in table if line and not line.startswith("#"))
    used = {code: 2.0 ** float(level) for code, level, *_ in rows}
    for file in sorted(WRITTEN.glob("*.txt")):
        weight = 1.0
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("# "):
                weight = used.get(line[2:].split(" ")[0], 1.0)
            elif line:
                yield line, weight


def _own() -> list[Path]:
    return [OWN / "own-questions.jsonl"]
