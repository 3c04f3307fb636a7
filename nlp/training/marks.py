"""Counts which marked words follow each other (`nlp/data/marks.tsv.gz`)."""

import gzip
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from nlp.marks import EDGE, Counts, counts_of
from nlp.normalize import fold

TYPED_WITH_MARKS = 0.4  # share of marked words of a text to learn from
LEAST = 2  # a pair that was seen once says nothing


def count(texts: Iterable[str]) -> Counts:
    """Count the words and pairs of normalised texts that were typed with marks."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        own = text.split()
        if sum(word != fold(word) for word in own) >= TYPED_WITH_MARKS * len(own):
            words.update(own)
            pairs.update(pairwise([EDGE, *own, EDGE]))
            words[EDGE] += 1
    return counts_of(dict(words), {pair: n for pair, n in pairs.items() if n >= LEAST})


def save(counts: Counts, path: Path) -> None:
    """Write the counts; the same counts give the same bytes."""
    lines = [f"{word}\t{n}" for word, n in sorted(counts.words.items())]
    lines += [f"{a}\t{b}\t{n}" for (a, b), n in sorted(counts.pairs.items())]
    path.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), mtime=0))
