"""How procedures that may be meant differ, in a few words beside each choice."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from bot import phrases
from knowledge.catalogue import Listing
from knowledge.provinces import provinces
from nlp.aspects import Aspect, read_aspects
from nlp.entries import bare_name

NAME_LENGTH = 90
ORDER = ("special", "act")
FOREIGN = Aspect("special", "foreign")
# What is done to one paper: only among these "làm mới, làm lại hay thay đổi" is a question.
PAPER_ACTS = frozenset({"new", "reissue", "exchange", "renew", "amend"})
TWINS = 85  # likeness of the names of two procedures, words of one left out, from 0 to 100


def _labels() -> dict[Aspect, tuple[str, str]]:
    """For each aspect what to say when it holds and, where that helps, when it does not."""
    text = (files("bot") / "differences.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {Aspect(row[0], row[1]): (row[2], row[3] if len(row) > 3 else "") for row in rows}


LABELS = _labels()


@lru_cache(maxsize=4_000)  # a list of ten names is read twice for each question back
def _said(name: str) -> frozenset[Aspect]:
    return read_aspects(bare_name(name)).said


def choice_labels(listings: Sequence[Listing], *, with_province: bool = False) -> list[str]:
    """One label a procedure: its short name and what sets it apart from the others."""
    readings = [_said(listing.name) for listing in listings]
    has_twins = _has_foreign_twins(listings, readings)
    everywhere = frozenset.intersection(*readings) if readings else frozenset()
    anywhere = frozenset().union(*readings)
    differ_in_level = len({listing.levels for listing in listings}) > 1
    differ_in_people = len({listing.applicants for listing in listings}) > 1
    labels = []
    for listing, said in zip(listings, readings, strict=True):
        marks = [
            _mark(aspect, said)
            for aspect in sorted(anywhere - everywhere)
            if aspect in said or aspect != FOREIGN or has_twins
        ]
        if differ_in_level and listing.levels:
            marks.append(phrases.levels(listing.levels))
        if differ_in_people and not any(marks):
            marks.append(_people(listing))
        if with_province and listing.province and listing.province in provinces():
            marks.append(provinces()[listing.province].short_name)
        name = phrases.shorten(phrases.display_name(listing.name), NAME_LENGTH)
        kept = [mark for mark in dict.fromkeys(marks) if mark and mark.lower() not in name.lower()]
        labels.append(f"{name} – {', '.join(kept[:3])}" if kept else name)
    return labels


def differing_kinds(listings: Sequence[Listing]) -> set[str]:
    """In which respects the procedures differ: act, foreign, level, party."""
    readings = [_said(listing.name) for listing in listings]
    kinds = set()
    acts = {frozenset(a.value for a in said if a.kind == "act") for said in readings}
    if len(acts) == len(listings) and frozenset().union(*acts) <= PAPER_ACTS:
        kinds.add("act")
    if _has_foreign_twins(listings, readings):
        kinds.add("foreign")
    if len({listing.levels for listing in listings}) == len(listings):
        kinds.add("level")
    return kinds


def _has_foreign_twins(listings: Sequence[Listing], readings: Sequence[frozenset[Aspect]]) -> bool:
    """Whether one act stands among them with and without foreigners: only then is it asked about."""
    names = [bare_name(listing.name).lower() for listing in listings]
    pairs = list(zip(names, readings, strict=True))
    abroad = [name for name, said in pairs if FOREIGN in said]
    at_home = [name for name, said in pairs if FOREIGN not in said]
    return any(fuzz.token_set_ratio(a, b) >= TWINS for a in abroad for b in at_home)


def _mark(aspect: Aspect, said: frozenset[Aspect]) -> str:
    holds, holds_not = LABELS.get(aspect, ("", ""))
    return holds if aspect in said else holds_not


def _people(listing: Listing) -> str:
    return phrases.shorten(", ".join(listing.applicants[:2]).lower(), 40)
