"""How procedures that may be meant differ, in a few words beside each choice."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from math import log2

from rapidfuzz import fuzz

from bot import phrases
from knowledge.catalogue import Listing
from knowledge.provinces import provinces
from nlp.aspects import Aspect, read_aspects
from nlp.entries import bare_name

NAME_LENGTH = 90
FOREIGN = Aspect("special", "foreign")
# What is done to one paper: only among these "làm mới, làm lại hay thay đổi" is a question.
PAPER_ACTS = frozenset({"new", "reissue", "exchange", "renew", "amend"})
NEW = frozenset({"new"})  # "cấp" without another word
PAPER = 70  # likeness of the names of what is done to one paper, from 0 to 100
LEAST_GAIN = 0.5  # share of what is open that a question must settle
TWINS = 85  # likeness of the names of two procedures, words of one left out, from 0 to 100


def _labels() -> dict[Aspect, tuple[str, str]]:
    """For each aspect what to say when it holds and, where that helps, when it does not."""
    text = (files("bot") / "differences.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {Aspect(row[0], row[1]): (row[2], row[3] if len(row) > 3 else "") for row in rows}


LABELS = _labels()
# How the records name those who are people, not organisations: by these first words.
PEOPLE = tuple((files("bot") / "people.txt").read_text(encoding="utf-8").split("\n")[:-1])


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


def splitting_kind(listings: Sequence[Listing], beliefs: Sequence[float]) -> str | None:
    """The respect whose answer leaves the least open among these: act, foreign, level or party.

    That is the one of the greatest information gain, the procedures weighed by how surely each is
    meant. None where even the best leaves more than half open: then they are only listed.
    """
    readings = [read_aspects(bare_name(listing.name)).said for listing in listings]
    answers = {
        "foreign": _foreign(listings, readings),
        "act": _acts(listings, readings),
        "party": [_party(listing) for listing in listings],
        "level": _levels(listings),
    }
    gains = {kind: _gain(given, beliefs) for kind, given in answers.items() if given and all(given)}
    best = max(gains, key=lambda kind: gains[kind], default=None)
    return best if best and gains[best] >= LEAST_GAIN * _entropy(beliefs) > 0 else None


def _gain(answers: Sequence[object], beliefs: Sequence[float]) -> float:
    """How much less is open, in bits, once it is known which answer holds."""
    groups: defaultdict[object, list[float]] = defaultdict(list)
    for answer, belief in zip(answers, beliefs, strict=True):
        groups[answer].append(belief)
    total = sum(beliefs)
    left = sum(sum(group) / total * _entropy(group) for group in groups.values())
    return _entropy(beliefs) - left


def _entropy(beliefs: Sequence[float]) -> float:
    total = sum(beliefs)
    return -sum(b / total * log2(b / total) for b in beliefs if b > 0)


def _acts(
    listings: Sequence[Listing], readings: Sequence[frozenset[Aspect]]
) -> list[frozenset[str]] | None:
    """What is done to one paper; nothing else can be asked about in one word."""
    acts = [frozenset(a.value for a in said if a.kind == "act") or NEW for said in readings]
    is_paper = frozenset().union(*acts) <= PAPER_ACTS
    return acts if is_paper and _are_alike(listings, PAPER) else None


def _are_alike(listings: Sequence[Listing], least: int) -> bool:
    names = [bare_name(listing.name).lower() for listing in listings]
    return all(fuzz.token_set_ratio(names[0], name) >= least for name in names)


def _foreign(
    listings: Sequence[Listing], readings: Sequence[frozenset[Aspect]]
) -> list[str] | None:
    if not _has_foreign_twins(listings, readings):
        return None
    return ["abroad" if FOREIGN in said else "home" for said in readings]


def _levels(listings: Sequence[Listing]) -> list[object] | None:
    """Only one and the same act can be asked for by its level."""
    alike = _are_alike(listings, TWINS)
    return [listing.levels or None for listing in listings] if alike else None


def _party(listing: Listing) -> str | None:
    """Whether a procedure is for people or for organisations alone; None where for both."""
    people = [applicant.lower().startswith(PEOPLE) for applicant in listing.applicants]
    if not people or any(people) != all(people):
        return None
    return "person" if people[0] else "organisation"


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
