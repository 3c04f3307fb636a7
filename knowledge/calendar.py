"""Working days of Vietnam's offices, and when a dossier is due.

The rules are those of the one-stop system: counting starts on the day after receipt; what comes
in after hours counts as the next morning; a due day that is a day off moves on to a working one.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from knowledge.records.content import TimeLimit, Unit

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
ONE_DAY: Final = timedelta(days=1)
HOURS: Final = ((time(7), time(11, 30)), (time(13, 30), time(17)))  # 8 hours a working day
CLOSING: Final = HOURS[-1][1]
_HOURS_A_DAY: Final = 8
_LONGEST: Final = 40_000  # days: a limit beyond a century is an error of its source


@dataclass(frozen=True)
class Due:
    """When a result is promised; `is_forecast`: holidays on the way are not yet official."""

    at: datetime
    is_forecast: bool

    @property
    def day(self) -> date:
        """The day in Vietnam."""
        return self.at.date()


class Calendar:
    """Which days are worked. `table` holds the exceptions that somebody has checked, by day."""

    def __init__(self, table: Mapping[date, bool], confirmed_until: date) -> None:
        self._table = dict(table)
        self._known_years = {day.year for day in table}
        self.confirmed_until = confirmed_until

    def is_working(self, day: date) -> bool:
        """Whether offices work: the table first, then the package, then the day of the week."""
        if (stated := self._table.get(day)) is not None:
            return stated
        if day.year not in self._known_years:
            off, made_up = _by_package(day.year)
            if day in off or day in made_up:
                return day in made_up
        return day.weekday() < 5

    def next_working(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after a day."""
        for _ in range(count):
            day = self.next_working(day + ONE_DAY)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and including `last`; 0 if none do."""
        return sum(self.is_working(day) for day in _days_after(first, last))

    def is_forecast(self, day: date) -> bool:
        """Whether days off up to that day are not all announced yet."""
        return day > self.confirmed_until


def _days_after(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days):
        yield first + timedelta(days=number + 1)


@cache
def _by_package(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = holidays.country_holidays("VN", years=[year])
    off = frozenset(day for day in known if day.year == year)
    return off, frozenset(getattr(known, "weekend_workdays", ()))


@cache
def the_calendar() -> Calendar:
    """The calendar with the table `knowledge/data/holidays.tsv` above the package."""
    lines = files("knowledge").joinpath("data/holidays.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line[:1].isdigit()]
    table = {date.fromisoformat(row[0]): row[1] == "làm" for row in rows}
    forecast = {date.fromisoformat(row[0]).year for row in rows if row[3] == "dự kiến"}
    years = sorted({day.year for day in table} - forecast)
    return Calendar(table, date(years[-1], 12, 31))


def due_on(limit: TimeLimit, received: datetime, calendar: Calendar | None = None) -> Due | None:
    """When a dossier received then is due; None for a limit that is only words."""
    calendar = calendar or the_calendar()
    if limit.value is None or limit.unit is None or limit.value > _LONGEST:
        return None
    start = effective(received, calendar)
    at = _count(limit.value, limit.unit, start, calendar, is_office_time=_in_hours(limit))
    return Due(at, calendar.is_forecast(at.date()))


def _in_hours(limit: TimeLimit) -> bool:
    return "giờ làm việc" in (limit.text or "")


def _count(
    value: float, unit: Unit, start: datetime, calendar: Calendar, *, is_office_time: bool
) -> datetime:
    match unit:
        case Unit.HOUR if is_office_time:
            return add_office_hours(start, value, calendar)
        case Unit.HOUR:
            return effective(start + timedelta(hours=value), calendar)
        case Unit.WORKING_DAY:
            return _working_days(value, start, calendar)
        case Unit.DAY:
            day = start.date() + timedelta(days=_whole(value))
        case Unit.MONTH:
            day = add_months(start.date(), _whole(value))
        case Unit.YEAR:
            day = add_months(start.date(), _whole(value * 12))
    return _closing(calendar.next_working(day))


def _whole(value: float) -> int:
    """Part of a day or month counts as a whole one: never promise too early."""
    return int(value) + (value % 1 > 0)


def _working_days(value: float, start: datetime, calendar: Calendar) -> datetime:
    whole, part = int(value), value % 1
    if not part:
        return _closing(calendar.add_working_days(start.date(), whole))
    if not whole:
        return add_office_hours(start, part * _HOURS_A_DAY, calendar)
    following = calendar.add_working_days(start.date(), whole + 1)
    return add_office_hours(_at(following, HOURS[0][0]), part * _HOURS_A_DAY, calendar)


def effective(moment: datetime, calendar: Calendar) -> datetime:
    """The moment from which counting starts: moved on to office hours of a working day."""
    local = moment.astimezone(VIETNAM)
    if calendar.is_working(local.date()):
        for opens, closes in HOURS:
            if local.time() <= closes:
                return max(local, _at(local.date(), opens))
    return _at(calendar.next_working(local.date() + ONE_DAY), HOURS[0][0])


def add_office_hours(start: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment after so many hours of work, from a moment within office hours."""
    left, now = timedelta(hours=hours), effective(start, calendar)
    while True:
        closes = next(end for _, end in HOURS if now.time() <= end)
        room = _at(now.date(), closes) - now
        if left <= room:
            return now + left
        left -= room
        now = effective(_at(now.date(), closes) + timedelta(seconds=1), calendar)


def add_months(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after_supplement(
    due: date, asked: date, completed: date, calendar: Calendar | None = None
) -> date:
    """The due day once papers were asked for and came: the working days taken, less one, later."""
    calendar = calendar or the_calendar()
    stopped = calendar.working_days_between(asked, completed) - 1
    return calendar.add_working_days(due, stopped) if stopped > 0 else due


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, VIETNAM)


def _closing(day: date) -> datetime:
    return _at(day, CLOSING)
