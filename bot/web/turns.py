"""One turn as outsiders get it: the same JSON from the web, the command line and the batch."""

from typing_extensions import TypedDict

from bot.channels.web import MessageJson, render
from bot.messages import Named, Reply


class NamedJson(TypedDict):
    """A procedure by its names."""

    code: str
    name: str
    deep_link: str


class CandidateJson(TypedDict):
    """A procedure that may have been meant."""

    code: str
    name: str
    score: float


class TurnJson(TypedDict):
    """One question and its answer, as promised to outsiders; no field is ever left out."""

    id: str
    turn: int
    outcome: str
    facet: str | None
    procedure: NamedJson | None
    also: list[NamedJson]
    candidates: list[CandidateJson]
    messages: list[MessageJson]
    elapsed_ms: float


def turn_json(reply: Reply, *, id: str, turn: int, elapsed_ms: float) -> TurnJson:  # noqa: A002 (the contract's word)
    """The reply as one turn."""
    return {
        "id": id,
        "turn": turn,
        "outcome": reply.outcome.value,
        "facet": reply.facet,
        "procedure": _named(reply.procedure) if reply.procedure else None,
        "also": [_named(procedure) for procedure in reply.also],
        "candidates": [
            {"code": candidate.code, "name": candidate.name, "score": candidate.score}
            for candidate in reply.candidates
        ],
        "messages": render(reply),
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _named(procedure: Named) -> NamedJson:
    return {"code": procedure.code, "name": procedure.name, "deep_link": procedure.deep_link}
