"""Due days against a plain counter that walks day by day, and against days that are known."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar import (
    HOURS,
    VIETNAM,
    add_months,
    add_office_hours,
    after_supplement,
    due_on,
    effective,
    the_calendar,
)
from knowledge.records.content import TimeLimit, Unit

CALENDAR = the_calendar()
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(VIETNAM))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def limit(value: float, unit: Unit, text: str | None = None) -> TimeLimit:
    return TimeLimit(value=value, unit=unit, text=text)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-04-26", True),  # Saturday worked for 2/5
        ("2025-05-02", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-24", False),  # Ngày Văn hóa Việt Nam, from 2026
        ("2025-11-24", True),
        ("2026-01-02", False),
        ("2026-01-10", True),
        ("2026-02-17", False),  # Tết
        ("2024-02-12", False),  # Tết of a year that only the package knows
        ("2026-11-21", False),
        ("2026-11-23", True),
    ],
)
def test_days_that_are_known(day, works):
    assert CALENDAR.is_working(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("received", "value", "unit", "text", "due"),
    [
        ("2025-07-02T09:15", 1, Unit.WORKING_DAY, None, "2025-07-03T17:00"),
        ("2025-07-04T17:30", 1, Unit.WORKING_DAY, None, "2025-07-08T17:00"),  # Friday evening
        ("2026-11-23T09:00", 1, Unit.WORKING_DAY, None, "2026-11-25T17:00"),  # over 24/11
        ("2025-07-02T09:00", 3, Unit.DAY, None, "2025-07-07T17:00"),  # Saturday rolls to Monday
        ("2025-07-02T09:00", 8, Unit.HOUR, "giờ làm việc", "2025-07-03T09:00"),
        ("2025-07-02T11:40", 1, Unit.HOUR, "giờ làm việc", "2025-07-02T14:30"),  # in the break
        ("2025-07-02T06:10", 0.5, Unit.WORKING_DAY, None, "2025-07-02T11:00"),
        ("2025-01-31T09:00", 1, Unit.MONTH, None, "2025-03-03T17:00"),  # Tết: counts from 3/2
        ("2025-03-31T09:00", 1, Unit.MONTH, None, "2025-05-05T17:00"),  # 30/4 to 4/5 are off
        ("2025-07-02T09:00", 1, Unit.YEAR, None, "2026-07-02T17:00"),
    ],
)
def test_limits_that_were_counted_by_hand(received, value, unit, text, due):
    counted = due_on(limit(value, unit, text), at(received))
    assert counted is not None
    assert counted.at == at(due)


def test_a_day_beyond_the_confirmed_year_is_a_forecast():
    sure = due_on(limit(5, Unit.WORKING_DAY), at("2026-11-24T09:00"))
    open_ = due_on(limit(30, Unit.WORKING_DAY), at("2026-11-24T09:00"))
    assert sure is not None
    assert open_ is not None
    assert (sure.is_forecast, open_.is_forecast) == (False, True)


def test_words_alone_give_no_day():
    assert due_on(TimeLimit(text="Trong ngày"), at("2026-11-24T09:00")) is None


def plain_day_count(start: date, count: int, *, only_working: bool) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        if not only_working or CALENDAR.is_working(day):
            count -= 1
    while not CALENDAR.is_working(day):
        day += timedelta(days=1)
    return day


def plain_start(moment: datetime) -> date:
    day = moment.date()
    if CALENDAR.is_working(day) and moment.time() <= HOURS[1][1]:
        return day
    day += timedelta(days=1)
    while not CALENDAR.is_working(day):
        day += timedelta(days=1)
    return day


@settings(deadline=None)
@given(moments, st.integers(1, 120))
def test_working_days_agree_with_a_plain_counter(moment, count):
    due = due_on(limit(count, Unit.WORKING_DAY), moment)
    assert due is not None
    assert due.day == plain_day_count(plain_start(moment), count, only_working=True)


@settings(deadline=None)
@given(moments, st.integers(1, 120))
def test_days_agree_with_a_plain_counter(moment, count):
    due = due_on(limit(count, Unit.DAY), moment)
    assert due is not None
    assert due.day == plain_day_count(plain_start(moment), count, only_working=False)


@settings(deadline=None)
@given(moments, st.integers(1, 40))
def test_office_hours_agree_with_a_minute_by_minute_counter(moment, hours):
    start = effective(moment.replace(second=0, microsecond=0), CALENDAR)
    left, now = hours * 60, start
    while left:
        now += timedelta(minutes=1)
        worked = now - timedelta(minutes=1)
        if CALENDAR.is_working(worked.date()) and any(a <= worked.time() < b for a, b in HOURS):
            left -= 1
    assert add_office_hours(start, hours, CALENDAR) == now


@settings(deadline=None)
@given(moments, st.sampled_from(list(Unit)), st.floats(0.5, 40))
def test_a_due_moment_is_office_time_and_not_before_receipt(moment, unit, value):
    due = due_on(limit(value, unit), moment)
    assert due is not None
    assert due.at >= moment
    assert CALENDAR.is_working(due.day)
    assert any(a <= due.at.time() <= b for a, b in HOURS)


@settings(deadline=None)
@given(moments)
def test_a_longer_limit_is_never_due_earlier(moment):
    dues = [due_on(limit(step / 2, Unit.WORKING_DAY), moment) for step in range(1, 12)]
    assert all(a is not None and b is not None and a.at <= b.at for a, b in pairwise(dues))


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_a_month_later_is_the_same_day_or_the_last(day, count):
    later = add_months(day, count)
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count


@settings(deadline=None)
@given(st.dates(date(2025, 1, 1), date(2026, 11, 1)), st.integers(0, 20), st.integers(0, 20))
def test_a_supplement_moves_the_due_day_by_the_days_it_took(due, asked_after, took):
    asked = due - timedelta(days=asked_after)
    completed = asked + timedelta(days=took)
    count = 0
    day = asked
    while day < completed:
        day += timedelta(days=1)
        count += CALENDAR.is_working(day)
    expected = plain_day_count(due, count - 1, only_working=True) if count > 1 else due
    assert after_supplement(due, asked, completed) == expected
