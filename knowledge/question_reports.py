"""Figures about what citizens asked, from the append-only log of masked turns."""

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.records.conversation import Turn
from knowledge.records.procedure import Procedure, Revision
from knowledge.reports import TOTAL, UNKNOWN


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
    """What was asked from `since` until just before `until`, most asked first, then the total."""
    grouping = QuestionGrouping(by)
    key = {
        QuestionGrouping.FACET: Turn.facet,
        QuestionGrouping.CHANNEL: Turn.channel,
        QuestionGrouping.OUTCOME: Turn.outcome,
    }.get(grouping, Turn.code)
    query = (
        select(key, Turn.outcome, func.count())
        .where(Turn.at >= since, Turn.at < until)
        .group_by(key, Turn.outcome)
    )
    labels = _labels(session, grouping)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for value, outcome, count in session.execute(query):
        label = labels.get(value or "", UNKNOWN) if labels is not None else value
        counts[label or UNKNOWN][outcome] += count
        counts[TOTAL][outcome] += count
    total = _question_row(TOTAL, counts.pop(TOTAL, Counter()))
    rows = [_question_row(name, tally) for name, tally in counts.items()]
    return [*sorted(rows, key=lambda row: (-row.asked, row.name)), total]


def _labels(session: Session, by: QuestionGrouping) -> dict[str, str] | None:
    """What a procedure's code is to be called in the rows, where rows are made from codes."""
    if by not in (QuestionGrouping.SECTOR, QuestionGrouping.PROCEDURE):
        return None
    query = select(Procedure.code, Revision.sector, Revision.name).join(Revision.procedure)
    rows = session.execute(query.order_by(Revision.number)).all()
    if by is QuestionGrouping.SECTOR:
        return {code: sector for code, sector, _ in rows}
    return {code: f"{code} {name}" for code, _, name in rows}


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
        .group_by(Turn.question)
        .order_by(times.desc(), Turn.question)
        .limit(limit)
    )
    return [Unanswered(question, count) for question, count in session.execute(query)]
