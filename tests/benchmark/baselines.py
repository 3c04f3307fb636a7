"""What others would do: BM25 over folded names with pairs of words, and RapidFuzz over all names."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from nlp import postings
from nlp.entries import Entry, bare_name
from nlp.normalize import fold, lower_case

Rank = Callable[[str], list[str]]


def bm25_names(entries: Sequence[Entry]) -> Rank:
    """Codes by BM25 over folded names, single words and pairs."""
    texts = [_terms(fold(bare_name(entry.name))) for entry in entries]
    rows: postings.Rows = {}
    index = postings.build(texts, rows, b=0.75)

    def rank(question: str) -> list[str]:
        terms = ((term, 1.0) for term in dict.fromkeys(_terms(_plain(question))))
        scores = index.score(postings.known(terms, rows))
        return [entries[place].code for place in np.argsort(-scores, kind="stable")[:40]]

    return rank


def token_set(entries: Sequence[Entry]) -> Rank:
    """Codes by rapidfuzz's token_set_ratio over folded names."""
    names = [fold(bare_name(entry.name)) for entry in entries]

    def rank(question: str) -> list[str]:
        found = process.extract(_plain(question), names, scorer=fuzz.token_set_ratio, limit=40)
        return [entries[place].code for _, _, place in found]

    return rank


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in fold(lower_case(text)))


def _terms(text: str) -> list[str]:
    words = text.split()
    return [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]
