"""Group 1 of the index of QĐ 766/QĐ-TTg: publication in time, in full. Its rules, and no points.

A procedure that stands in several decisions counts once; late in any of them, it is late. A figure
without a denominator is not scored. Two decimals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from knowledge.calendar import the_calendar
from knowledge.catalogue import EVERY_PROVINCE
from knowledge.checks.across import days_allowed, is_listed_in_time, last_day
from knowledge.editions import in_force_on
from knowledge.history import VIETNAM
from knowledge.provinces import province_of
from knowledge.publishing import missing_parts
from knowledge.records.decision import Decision, DecisionItem
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Revision

# Ban hành quyết định công bố trước ngày văn bản có hiệu lực: so many working days.
MINISTRY_BEFORE, PROVINCE_BEFORE = 20, 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the index: how many procedures of how many."""

    number: str
    title: str
    reached: int
    of: int
    late: tuple[str, ...] = ()  # those that did not reach it, for staff to look at

    @property
    def percent(self) -> float | None:
        """Two decimals; None: nothing to score."""
        return round(100 * self.reached / self.of, 2) if self.of else None


TITLES: Final = {
    "1.1": "Thủ tục được công bố đúng hạn trước khi văn bản có hiệu lực",
    "1.2": "Thủ tục được công khai đúng hạn trên Cơ sở dữ liệu quốc gia",
    "1.3": "Thủ tục được công khai đủ bộ phận tạo thành",
}


def group_one(
    session: Session, since: date, until: date, *, province: str = EVERY_PROVINCE
) -> list[Figure]:
    """The three figures over decisions signed from `since` to `until`; 1.3 is as of `until`."""
    items = _items(session, since, until)
    revisions = list(_revisions(session, until, province))
    before = _once((item.procedure_slug, _is_announced_in_time(item)) for item in items)
    listed = _once(
        [(item.procedure_slug, _is_carried_out_in_time(item)) for item in items]
        + [(r.slug, is_listed_in_time(r)) for r in revisions if _in_period(r, since, until)]
    )
    parts = {revision.slug: not missing_parts(revision) for revision in revisions}
    return [_figure("1.1", before), _figure("1.2", listed), _figure("1.3", parts)]


def _items(session: Session, since: date, until: date) -> list[DecisionItem]:
    query = (
        select(DecisionItem)
        .join(DecisionItem.decision)
        .options(joinedload(DecisionItem.decision))
        .where(Decision.date >= since, Decision.date <= until)
    )
    return list(session.scalars(query))


def _revisions(session: Session, on: date, province: str) -> Iterable[Revision]:
    query = select(Revision).options(joinedload(Revision.procedure)).where(in_force_on(on))
    query = query.where(Revision.kind != Kind.INTERNAL)
    if province != EVERY_PROVINCE:
        query = query.where(Revision.province == province)
    for (revision,) in session.execute(query.execution_options(yield_per=200)):
        yield revision


def _is_announced_in_time(item: DecisionItem) -> bool | None:
    decision = item.decision
    if decision.basis_effective_from is None:
        return None
    days = PROVINCE_BEFORE if province_of(None, decision.agency) else MINISTRY_BEFORE
    between = the_calendar().working_days_between(decision.date, decision.basis_effective_from)
    return between >= days


def _is_carried_out_in_time(item: DecisionItem) -> bool | None:
    decision = item.decision
    if decision.carried_out_at is None:
        return None
    done = decision.carried_out_at.astimezone(VIETNAM).date()
    return done <= last_day(decision.date, days_allowed(decision.agency))


def _in_period(revision: Revision, since: date, until: date) -> bool:
    signed = revision.decision_date
    return signed is not None and since <= signed <= until


def _once(told: Iterable[tuple[str, bool | None]]) -> dict[str, bool]:
    """One answer a procedure: late in any decision, late."""
    found: dict[str, bool] = {}
    for slug, in_time in told:
        if in_time is not None:
            found[slug] = found.get(slug, True) and in_time
    return found


def _figure(number: str, answers: dict[str, bool]) -> Figure:
    late = tuple(sorted(slug for slug, reached in answers.items() if not reached))
    return Figure(number, TITLES[number], sum(answers.values()), len(answers), late)
