"""Figures about what citizens asked, from the append-only log of masked turns."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.history import VIETNAM
from knowledge.records.conversation import Turn, TurnMonth
from knowledge.reports import TOTAL, UNKNOWN
from knowledge.turns import FORGOTTEN, Named, named_on, next_month, start_of


class QuestionGrouping(StrEnum):
    """What one row of the questions report stands for."""

    SECTOR = "sector"
    FACET = "facet"
    CHANNEL = "channel"
    PROCEDURE = "procedure"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """Counts of turns by what became of them."""

    name: str
    asked: int = 0
    answer: int = 0
    clarify: int = 0
    no_match: int = 0
    dossier: int = 0
    small_talk: int = 0
    declined: int = 0

    @property
    def found(self) -> float | None:
        """Share of the questions about procedures that were not left without any; None if none."""
        about = self.answer + self.clarify + self.no_match
        return round((self.answer + self.clarify) / about, 4) if about else None


def questions_report(
    session: Session, since: datetime, until: datetime, by: QuestionGrouping | str
) -> list[QuestionRow]:
    """What was asked from `since` until just before `until`, most asked first, then the total.

    Months whose turns were erased count where they lie in the period as a whole.
    """
    grouping = QuestionGrouping(by)
    last = (until - timedelta(microseconds=1)).astimezone(VIETNAM).date()
    names = named_on(session, last) if grouping in _BY_CODE else {}
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for told in (_turns(session, since, until), _months(session, since, until)):
        for turn in told:
            counts[_label(grouping, turn, names)][turn.outcome] += turn.times
            counts[TOTAL][turn.outcome] += turn.times
    total = _question_row(TOTAL, counts.pop(TOTAL, Counter()))
    rows = [_question_row(name, tally) for name, tally in counts.items()]
    return [*sorted(rows, key=lambda row: (-row.asked, row.name)), total]


class _Counted(NamedTuple):
    """So many turns alike."""

    channel: str
    outcome: str
    facet: str | None
    code: str | None
    sector: str | None
    times: int


_BY_CODE: Final = (QuestionGrouping.SECTOR, QuestionGrouping.PROCEDURE)


def _turns(session: Session, since: datetime, until: datetime) -> Iterator[_Counted]:
    alike = (Turn.channel, Turn.outcome, Turn.facet, Turn.code)
    query = select(*alike, func.count()).where(Turn.at >= since, Turn.at < until).group_by(*alike)
    for channel, outcome, facet, code, count in session.execute(query):
        yield _Counted(channel, outcome, facet, code, None, count)


def _months(session: Session, since: datetime, until: datetime) -> Iterator[_Counted]:
    first, last = since.astimezone(VIETNAM).date(), until.astimezone(VIETNAM).date()
    query = select(TurnMonth).where(TurnMonth.month >= first, TurnMonth.month < last)
    for sums in session.scalars(query):
        if start_of(sums.month) >= since and start_of(next_month(sums.month)) <= until:
            yield _Counted(
                sums.channel, sums.outcome, sums.facet, sums.code, sums.sector, sums.count
            )


def _label(by: QuestionGrouping, turn: _Counted, names: Named) -> str:
    sector, name = names.get(turn.code or "") or (None, None)
    match by:
        case QuestionGrouping.SECTOR:
            return turn.sector or sector or UNKNOWN
        case QuestionGrouping.PROCEDURE:
            return f"{turn.code} {name}" if name else UNKNOWN
        case QuestionGrouping.FACET:
            return turn.facet or UNKNOWN
        case QuestionGrouping.CHANNEL:
            return turn.channel
        case QuestionGrouping.OUTCOME:
            return turn.outcome


def _question_row(name: str, counts: Counter[str]) -> QuestionRow:
    known = [field.name for field in fields(QuestionRow)][2:]
    return QuestionRow(name, counts.total(), **{key: counts[key] for key in known})


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found nothing, and how often it was asked in these words."""

    question: str
    times: int


def unanswered_questions(
    session: Session, since: datetime, until: datetime, *, limit: int = 100
) -> list[Unanswered]:
    """Questions without an answer, most frequent first: they show what is missing or unclear."""
    times = func.count()
    query = (
        select(Turn.question, times)
        .where(Turn.at >= since, Turn.at < until, Turn.outcome == "no_match")
        .where(Turn.question != FORGOTTEN)
        .group_by(Turn.question)
        .order_by(times.desc(), Turn.question)
        .limit(limit)
    )
    return [Unanswered(question, count) for question, count in session.execute(query)]
