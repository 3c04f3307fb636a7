"""The one-stop system's reports 06 about dossiers, and the on-time rate under index 766.

Days are compared, not hours. What is not accepted (states 1 and 3) is counted beside, not within.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.calendar import the_calendar
from knowledge.records.content import Level, Submission
from knowledge.records.dossier import Dossier, DossierOrigin, DossierTopic, DossierUnit, State
from knowledge.reports import LEVEL_NAMES, TOTAL

SOON: Final = 2  # working days
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
    key = _KEYS[DossierGrouping(by)]
    rows: dict[str, DossierRow] = {}
    for name, *counts in session.execute(_query(key, since, until)):
        label = LEVEL_NAMES[name] if isinstance(name, Level) else str(name)
        rows[label] = DossierRow(label, *(int(count or 0) for count in counts))
    total = DossierRow(TOTAL)
    for row in rows.values():
        total = total.plus(row)
    return [*(rows[name] for name in sorted(rows)), total]


_KEYS: Final[dict[DossierGrouping, InstrumentedAttribute[Any]]] = {
    DossierGrouping.LEVEL: DossierUnit.level,
    DossierGrouping.SECTOR: DossierTopic.sector,
    DossierGrouping.UNIT: DossierUnit.name,
}


def _query(key: InstrumentedAttribute[Any], since: date, until: date) -> Select[Any]:
    """Counts a unit and topic first: names are joined to a few thousand groups, not to each row."""
    names = [field.name for field in fields(DossierRow)[1:]]
    sums = [func.sum(case((when, 1), else_=0)) for when in _conditions(since, until)]
    labelled = [total.label(name) for name, total in zip(names, sums, strict=True)]
    counted = (
        select(Dossier.unit_id, Dossier.topic_id, *labelled)
        .where(_in_period(since, until), Dossier.origin_id.in_(_counted_origins()))
        .group_by(Dossier.unit_id, Dossier.topic_id)
        .subquery()
    )
    return (
        select(key, *(func.sum(counted.c[name]) for name in names))
        .select_from(counted)
        .join(DossierUnit, DossierUnit.id == counted.c.unit_id)
        .join(DossierTopic, DossierTopic.id == counted.c.topic_id)
        .group_by(key)
    )


def _counted_origins() -> Select[int]:
    """Copies tell of the same dossiers again, and with fewer states: they are not counted."""
    return select(DossierOrigin.id).where(DossierOrigin.is_copy.is_(False))


def _in_period(since: date, until: date) -> ColumnElement[bool]:
    ended_before = and_(Dossier.finished_on.is_not(None), Dossier.finished_on < since)
    return and_(Dossier.received_on < until, ~ended_before)


def _conditions(since: date, until: date) -> Sequence[ColumnElement[bool]]:
    """In the order of the row's fields."""
    state, due, end = Dossier.state, Dossier.due_on, Dossier.finished_on
    came = Dossier.received_on >= since
    accepted = state.not_in((State.SENT, State.REFUSED))
    is_online = Dossier.channel == Submission.ONLINE
    # A solved one whose day of ending its source left out counts as solved on the due day.
    has_ended = and_(state.in_(_SOLVED), or_(end.is_(None), end < until))
    is_running = or_(state.in_(_RUNNING), and_(state.in_(_SOLVED), end >= until))
    late_now = and_(due.is_not(None), due < until, or_(end.is_(None), end > due))
    return (
        and_(accepted, Dossier.received_on < since),
        and_(accepted, came, is_online),
        and_(accepted, came, or_(Dossier.channel.is_(None), ~is_online)),
        and_(has_ended, end.is_not(None), or_(due.is_(None), end < due)),
        and_(has_ended, or_(end.is_(None), end == due)),
        and_(has_ended, end > due),
        and_(is_running, ~late_now),
        and_(is_running, late_now),
        state == State.SUPPLEMENT,
        state.in_((State.PAYMENT, State.STOPPED)),
        state == State.WITHDRAWN,
        ~accepted,
        _is_judged(until),
        and_(_is_judged(until), _is_kept()),
    )


def _end_766() -> ColumnElement[Any]:
    """One request for papers ends the clock at that request."""
    return case((Dossier.supplements == 1, Dossier.supplement_on), else_=Dossier.finished_on)


def _is_judged(until: date) -> ColumnElement[bool]:
    ends = and_(Dossier.finished_on.is_not(None), Dossier.finished_on < until)
    states = (*_SOLVED, State.STOPPED, State.REFUSED)
    return and_(Dossier.state.in_(states), ends, Dossier.due_on.is_not(None))


def _is_kept() -> ColumnElement[bool]:
    """More than one request for papers counts as late, whatever the days."""
    end = func.coalesce(_end_766(), Dossier.finished_on)
    return and_(Dossier.supplements <= 1, end <= Dossier.due_on)


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
    session: Session, on: date, *, days: int = SOON, is_late: bool = False, most: int = 1000
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
        .where(Dossier.state.in_(_RUNNING), Dossier.finished_on.is_(None), when)
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
