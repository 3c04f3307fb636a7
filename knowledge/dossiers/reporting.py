"""The one-stop system's reports 06 about dossiers, and the on-time rate under index 766.

Days are compared, not hours. What is not accepted (states 1 and 3) is counted beside, not within.
"""

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.calendar import the_calendar
from knowledge.records.content import Level, Submission
from knowledge.records.dossier import (
    IS_RUNNING,
    Dossier,
    DossierOrigin,
    DossierTopic,
    DossierUnit,
    State,
)
from knowledge.reports import LEVEL_NAMES, TOTAL

SOON: Final = 2  # working days
MOST_LISTED: Final = 10_000  # longer lists are cut, and say so
_PARTS: Final = re.compile(r"\d+|\D+")
_RUNNING: Final = (State.ACCEPTED, State.IN_PROGRESS)
_SOLVED: Final = (State.DONE, State.HANDED_OVER)


class DossierGrouping(StrEnum):
    """What one row stands for."""

    LEVEL = "level"
    SECTOR = "sector"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class DossierRow:
    """Counts of dossiers of one period."""

    name: str
    carried_over: int = 0  # kỳ trước chuyển qua
    online: int = 0  # tiếp nhận trực tuyến
    direct: int = 0  # tiếp nhận trực tiếp và qua bưu chính
    early: int = 0  # giải quyết trước hạn
    on_day: int = 0  # đúng hạn
    late: int = 0  # quá hạn
    running_in_time: int = 0
    running_late: int = 0
    waiting: int = 0  # chờ bổ sung
    stopped: int = 0  # chờ nghĩa vụ tài chính, dừng xử lý
    returned: int = 0  # rút
    not_accepted: int = 0  # beside the others
    judged: int = 0  # index 766: ended, with a due day
    kept: int = 0  # of those, on time under its rule

    @property
    def received(self) -> int:
        """Carried over and received in the period."""
        return self.carried_over + self.online + self.direct

    @property
    def solved(self) -> int:
        """Solved in the period."""
        return self.early + self.on_day + self.late

    @property
    def on_time_rate(self) -> float | None:
        """Index 766, 2.1: None where nothing can be judged."""
        return round(self.kept / self.judged, 4) if self.judged else None

    def plus(self, other: "DossierRow") -> "DossierRow":
        """The row with the other's counts added."""
        mine, theirs = astuple(self)[1:], astuple(other)[1:]
        return DossierRow(self.name, *(a + b for a, b in zip(mine, theirs, strict=True)))


def dossier_report(
    session: Session, since: date, until: date, by: DossierGrouping | str
) -> list[DossierRow]:
    """Dossiers from `since` until just before `until`: one row a group, then the total."""
    rows: dict[str, DossierRow] = {}
    for name, state, channel, *counts in session.execute(_query(DossierGrouping(by), since, until)):
        label = LEVEL_NAMES[name] if isinstance(name, Level) else str(name)
        tally = Tally(*(int(count or 0) for count in counts))
        counted = _counted(label, state, tally, is_online=channel is Submission.ONLINE)
        rows[label] = rows.get(label, DossierRow(label)).plus(counted)
    total = DossierRow(TOTAL)
    for row in rows.values():
        total = total.plus(row)
    return [*(rows[name] for name in sorted(rows, key=_natural)), total]


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts "Vịt 2" before "Vịt 10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.findall(name)]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the days of dossiers of one state compare; the database counts only these."""

    all: int
    came: int  # received in the period
    early: int  # ended before the end of the period, and before the due day
    no_due: int  # ended, without a due day
    on_day: int
    late: int
    unended: int  # no day of ending is known
    late_now: int  # due, and not ended by then
    late_after: int  # due in the period, ended after it
    kept: int  # ended on time under index 766

    @property
    def ended_after(self) -> int:
        """Ended after the period: within it they were still being worked at."""
        return self.all - self.early - self.no_due - self.on_day - self.late - self.unended


def _counted(name: str, state: State, tally: Tally, *, is_online: bool) -> DossierRow:
    """Into which columns dossiers of a state go."""
    is_judged = state in (*_SOLVED, State.STOPPED, State.REFUSED)
    judged = tally.early + tally.on_day + tally.late if is_judged else 0
    row = DossierRow(name, judged=judged, kept=tally.kept if is_judged else 0)
    if state in (State.SENT, State.REFUSED):
        return replace(row, not_accepted=tally.all)
    row = replace(
        row,
        carried_over=tally.all - tally.came,
        online=tally.came if is_online else 0,
        direct=0 if is_online else tally.came,
    )
    if state in _RUNNING:
        return replace(row, running_late=tally.late_now, running_in_time=tally.all - tally.late_now)
    if state in _SOLVED:
        return replace(
            row,
            early=tally.early + tally.no_due,
            # A solved one whose day of ending its source left out counts as solved on the due day.
            on_day=tally.on_day + tally.unended,
            late=tally.late,
            running_late=tally.late_after,
            running_in_time=tally.ended_after - tally.late_after,
        )
    if state is State.SUPPLEMENT:
        return replace(row, waiting=tally.all)
    if state is State.WITHDRAWN:
        return replace(row, returned=tally.all)
    return replace(row, stopped=tally.all)


_KEYS: Final[dict[DossierGrouping, InstrumentedAttribute[Any]]] = {
    DossierGrouping.LEVEL: DossierUnit.level,
    DossierGrouping.SECTOR: DossierTopic.sector,
    DossierGrouping.UNIT: DossierUnit.name,
}


def _query(by: DossierGrouping, since: date, until: date) -> Select[Any]:
    """Counts in the order of one index, which holds all that is compared; names are joined after."""
    groups = (Dossier.unit_id, Dossier.topic_id, Dossier.state, Dossier.channel)
    names = [field.name for field in fields(Tally)]
    sums = (func.sum(case((when, 1), else_=0)) for when in _comparisons(since, until))
    counts = [func.count(), *sums]
    counted = (
        select(*groups, *(count.label(name) for name, count in zip(names, counts, strict=True)))
        .where(_in_period(since, until), Dossier.origin_id.in_(_counted_origins()))
        .group_by(*groups)
        .subquery()
    )
    key = _KEYS[by]
    return (
        select(
            key, counted.c.state, counted.c.channel, *(func.sum(counted.c[name]) for name in names)
        )
        .select_from(counted)
        .join(DossierUnit, DossierUnit.id == counted.c.unit_id)
        .join(DossierTopic, DossierTopic.id == counted.c.topic_id)
        .group_by(key, counted.c.state, counted.c.channel)
    )


def _counted_origins() -> Select[int]:
    """Copies tell of the same dossiers again, and with fewer states: they are not counted."""
    return select(DossierOrigin.id).where(DossierOrigin.is_copy.is_(False))


def _in_period(since: date, until: date) -> ColumnElement[bool]:
    still_open = or_(Dossier.finished_on.is_(None), Dossier.finished_on >= since)
    return and_(Dossier.received_on < until, still_open)


def _comparisons(since: date, until: date) -> Iterator[ColumnElement[bool]]:
    """In the order of the tally's fields after the first."""
    due, end = Dossier.due_on, Dossier.finished_on
    yield Dossier.received_on >= since
    yield and_(end < until, end < due)
    yield and_(end < until, due.is_(None))
    yield and_(end < until, end == due)
    yield and_(end < until, end > due)
    yield end.is_(None)
    yield and_(due < until, or_(end.is_(None), end > due))
    yield and_(end >= until, due < until)
    # One request for papers ends the clock at that request; more count as late, whatever the days.
    asked = case((Dossier.supplements == 1, Dossier.supplement_on))
    yield and_(end < until, Dossier.supplements <= 1, func.coalesce(asked, end) <= due)


@dataclass(frozen=True, slots=True)
class DueSoon:
    """A dossier that is late or falls due within two working days, for the officer's list."""

    code: str
    unit: str
    procedure: str
    received_on: date | None
    due_on: date
    days_left: int  # working days; below zero: late by so many


def due_soon(
    session: Session, on: date, *, days: int = SOON, is_late: bool = False, most: int = MOST_LISTED
) -> list[DueSoon]:
    """Running dossiers due from today within so many working days, or those already late."""
    last = the_calendar().add_working_days(on, days)
    when = Dossier.due_on < on if is_late else Dossier.due_on.between(on, last)
    query = (
        select(
            Dossier.code, DossierUnit.name, DossierTopic.name, Dossier.received_on, Dossier.due_on
        )
        .join(DossierUnit, DossierUnit.id == Dossier.unit_id)
        .join(DossierTopic, DossierTopic.id == Dossier.topic_id)
        .where(IS_RUNNING, when)
        .where(Dossier.origin_id.in_(_counted_origins()))
        .order_by(Dossier.due_on, Dossier.code)
        .limit(most)
    )
    return list(_due_rows(session, query, on))


def _due_rows(session: Session, query: Any, on: date) -> Iterator[DueSoon]:
    calendar = the_calendar()
    for code, unit, procedure, received_on, due_on in session.execute(query):
        left = calendar.working_days_between(on, due_on)
        late = calendar.working_days_between(due_on, on)
        yield DueSoon(code, unit, procedure, received_on, due_on, left or -late)
