"""Scores the assistant on a labelled question file, per author, kind and behaviour."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.messages import Message, Outcome, Reply
from bot.shelf import Shelf
from nlp.aspects import LEVELS, read_aspects
from nlp.entries import bare_name
from nlp.normalize import fold, normalize

FACETS = {"time": "time_limit", "agency": "where"}  # names in the labelled files
ANSWERABLE = ("answer", "multi")
Ask = Callable[[Message], Reply]


class BadQuestionFile(ValueError):
    """The labelled file cannot be read; the text names the line."""


@dataclass
class Tally:
    """Counts of rights out of how many, by the name of the measure."""

    right: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, measure: str, is_right: bool) -> None:
        """Count one trial of a measure."""
        self.asked[measure] += 1
        self.right[measure] += is_right

    def shares(self) -> dict[str, dict[str, float | int]]:
        """Each measure as a share with its count."""
        return {
            name: {"share": round(self.right[name] / count, 4), "of": count}
            for name, count in self.asked.items()
        }


@dataclass
class Evaluation:
    """Tallies by group ("all", "core", "author:…", "kind:…", "behavior:…") and the misses."""

    groups: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The figures for outsiders."""
        return {name: tally.shares() for name, tally in sorted(self.groups.items())}


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file; BadQuestionFile names the line that is wrong."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadQuestionFile(
                f"{path.name}, dòng {number}: không phải JSON ({error.msg})"
            ) from None
        if not isinstance(row, dict) or not ("question" in row or "turns" in row):
            raise BadQuestionFile(f"{path.name}, dòng {number}: thiếu «question» hoặc «turns»")
        rows.append(row)
    return rows


def evaluate(
    rows: Sequence[dict[str, Any]],
    ask: Ask,
    shelf: Shelf,
    tick: Callable[[], object] = lambda: None,
) -> Evaluation:
    """Ask every row in a conversation of its own and count."""
    evaluation = Evaluation()
    judge = Judge(shelf)
    for number, row in enumerate(rows):
        conversation = f"evaluate-{number}"
        if "turns" in row:
            for turn in row["turns"]:
                _score_turn(
                    turn, ask(_message(conversation, turn["question"])), judge, evaluation, row
                )
        else:
            _score_question(row, ask, conversation, judge, evaluation)
        tick()
    return evaluation


class Judge:
    """Decides whether a code is a right one, by the equality of the labelled files.

    A procedure of the same folded name counts too; level variants of one act are equal unless
    the question names a level.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._names: dict[str, str] = {}
        self._full: dict[str, str] = {}
        for listing in shelf.catalogue.listings.values():
            self._names[listing.code] = fold(bare_name(listing.name))
            self._full[listing.code] = fold(normalize(listing.name)).removeprefix("thu tuc ")

    def one_a_name(self, codes: Iterable[str]) -> list[str]:
        """The codes with only the first of each name, since level variants are one answer."""
        kept: dict[str, str] = {}
        for code in codes:
            kept.setdefault(self._names.get(code, code), code)
        return list(kept.values())

    def is_right(self, code: str | None, accepted: Iterable[str], question: str) -> bool:
        """Whether the code answers the question."""
        accepted = set(accepted)
        if code is None:
            return False
        if code in accepted:
            return True
        names_level = any(a.kind == LEVELS for a in read_aspects(normalize(question)).said)
        names = self._full if names_level else self._names
        return names.get(code) in {names[other] for other in accepted if other in names}


def _message(conversation: str, text: str) -> Message:
    return Message("evaluate", "", conversation, text)


def _score_question(
    row: dict[str, Any], ask: Ask, conversation: str, judge: Judge, evaluation: Evaluation
) -> None:
    reply = ask(_message(conversation, row["question"]))
    tallies = [evaluation.groups[name] for name in _groups(row)]
    for measure, is_right in _measures(row, reply, ask, conversation, judge):
        for tally in tallies:
            tally.add(measure, is_right)
        if measure == "hit@1" and not is_right:
            evaluation.misses.append(_miss(row, reply))


def _groups(row: dict[str, Any]) -> Iterator[str]:
    yield "all"
    if row.get("core"):
        yield "core"
        yield f"core author:{row.get('author')}"
    for key in ("author", "kind", "behavior"):
        if row.get(key):
            yield f"{key}:{row[key]}"


def _measures(
    row: dict[str, Any], reply: Reply, ask: Ask, conversation: str, judge: Judge
) -> Iterator[tuple[str, bool]]:
    behaviour, accepted, question = row["behavior"], row.get("accept_codes", []), row["question"]
    codes = [candidate.code for candidate in reply.candidates]

    def hit(count: int) -> bool:
        return any(judge.is_right(code, accepted, question) for code in codes[:count])

    if behaviour == "answer":
        yield "hit@1", hit(1)
        yield "hit@3", hit(3)
        yield "needless question", reply.outcome is Outcome.CLARIFY
        yield "shown right at once", _shows(reply, accepted, question, judge)
        yield "shown right in two questions", _reached(row, reply, ask, conversation, judge)
        if row.get("facet"):
            yield "facet", reply.facet == FACETS.get(row["facet"], row["facet"])
    elif behaviour == "clarify":
        asks = reply.outcome is Outcome.CLARIFY
        yield "asks, right one offered", asks and hit(10)
        yield (
            "asks or shows a right one",
            (asks and hit(10)) or _shows(reply, accepted, question, judge),
        )
    elif behaviour == "multi":
        shown = [p.code for p in (reply.procedure, *reply.also) if p]
        for wish in row.get("wishes", []):
            yield "wish answered", any(judge.is_right(code, wish, question) for code in shown)
    elif behaviour == "status":
        yield "dossier recognised", reply.outcome is Outcome.DOSSIER
    elif behaviour in ("offtopic", "smalltalk"):
        yield "shown a procedure", reply.outcome is Outcome.ANSWER
        yield (
            "no procedure shown or offered",
            reply.outcome not in (Outcome.ANSWER, Outcome.CLARIFY),
        )


def _shows(reply: Reply, accepted: Iterable[str], question: str, judge: Judge) -> bool:
    shown = [p.code for p in (reply.procedure, *reply.also) if p]
    return any(judge.is_right(code, accepted, question) for code in shown)


def _reached(row: dict[str, Any], reply: Reply, ask: Ask, conversation: str, judge: Judge) -> bool:
    """Whether a citizen who knows what they want gets there, picking from what is offered."""
    accepted, question = row["accept_codes"], row["question"]
    for _ in range(2):
        if reply.outcome is Outcome.ANSWER or not reply.offered:
            break
        number = next(
            (
                n
                for n, code in enumerate(reply.offered, start=1)
                if judge.is_right(code, accepted, question)
            ),
            None,
        )
        if number is None:
            return False
        reply = ask(_message(conversation, str(number)))
    return _shows(reply, accepted, question, judge)


def _score_turn(
    turn: dict[str, Any], reply: Reply, judge: Judge, evaluation: Evaluation, row: dict[str, Any]
) -> None:
    right = turn_is_right(turn, reply, judge)
    evaluation.groups["dialogues"].add("turn right", right)
    if turn.get("facet") and turn["behavior"] == "answer":
        wanted = FACETS.get(turn["facet"], turn["facet"])
        evaluation.groups["dialogues"].add("facet", reply.facet == wanted)
    if not right:
        evaluation.misses.append(_miss(turn | {"id": row.get("id")}, reply))


def turn_is_right(turn: dict[str, Any], reply: Reply, judge: Judge) -> bool:
    """Whether one turn of a dialogue did what it should."""
    accepted, question = turn.get("accept_codes", []), turn["question"]
    behaviour = turn["behavior"]
    if behaviour in ANSWERABLE:
        return reply.outcome is Outcome.ANSWER and _shows(reply, accepted, question, judge)
    if behaviour == "clarify":
        offered = [candidate.code for candidate in reply.candidates]
        asks = reply.outcome is Outcome.CLARIFY
        return asks and any(judge.is_right(code, accepted, question) for code in offered)
    if behaviour == "status":
        return reply.outcome is Outcome.DOSSIER
    return reply.outcome not in (Outcome.ANSWER, Outcome.CLARIFY)


def _miss(row: dict[str, Any], reply: Reply) -> dict[str, Any]:
    return {
        "id": row.get("id"),
        "question": row["question"],
        "accepted": row.get("accept_codes", []),
        "outcome": reply.outcome.value,
        "candidates": [(c.code, c.name, c.score) for c in reply.candidates[:3]],
    }
