"""Questions and everyday names written beforehand for procedures, keyed by code.

`nlp/data/questions/*.txt`, one file a sector: a line `# code code … | short name`, then one
question a line. They serve records that are imported later as well.
"""

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

MOST_CODES = 6


class Block(NamedTuple):
    """The questions of one act, and the codes that it has at its levels and in its provinces."""

    codes: tuple[str, ...]
    title: str
    questions: tuple[str, ...]


def read_blocks() -> Iterator[Block]:
    """All blocks of all files, in order of file name and line."""
    for path in sorted((files("nlp") / "data" / "questions").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".txt"):
            yield from parse(
                unicodedata.normalize("NFC", path.read_text(encoding="utf-8")), path.name
            )


def parse(text: str, source: str) -> Iterator[Block]:
    """The blocks of one file; a line outside a block is an error that names it."""
    head: tuple[tuple[str, ...], str] | None = None
    questions: list[str] = []
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if line.startswith("#"):
            if head:
                yield Block(*head, tuple(questions))
            codes, _, title = line.lstrip("# ").partition("|")
            head, questions = (tuple(codes.split()), title.strip()), []
        elif line:
            if head is None:
                raise ValueError(f"{source}, dòng {number}: câu hỏi đứng trước dòng «# mã | tên»")
            questions.append(line)
    if head:
        yield Block(*head, tuple(questions))


@lru_cache(maxsize=1)
def by_code() -> dict[str, tuple[str, ...]]:
    """For each procedure code the questions written for it."""
    found: dict[str, tuple[str, ...]] = {}
    for block in read_blocks():
        for code in block.codes:
            found[code] = (*found.get(code, ()), *block.questions)
    return found


WRITERS = (1, 2)  # of the training questions


@lru_cache(maxsize=4)
def training_by_code(writers: tuple[int, ...] = WRITERS) -> dict[str, tuple[str, ...]]:
    """For each code the questions of these second writers (`training.jsonl`) that name few codes.

    A question that many codes answer says too little of each to stand for it.
    """
    found: dict[str, tuple[str, ...]] = {}
    text = (files("nlp") / "data" / "training.jsonl").read_text(encoding="utf-8")
    for row in map(json.loads, text.splitlines()):
        is_meant = row["writer"] in writers and row["behavior"] == "answer"
        if is_meant and len(row["accept_codes"]) <= MOST_CODES:
            for code in row["accept_codes"]:
                found[code] = (*found.get(code, ()), row["question"])
    return found
