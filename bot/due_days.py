""" "Nếu nộp hôm nay thì khi nào có?": the day of the result, by case and way of submitting."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from bot import phrases
from bot.answers import Text
from bot.wording import say
from knowledge.calendar import VIETNAM, Due, due_on, effective, the_calendar
from knowledge.records.content import Content, TimeLimit, Unit
from knowledge.records.procedure import Revision
from nlp.intents import Facet
from nlp.normalize import fold

Limits = list[tuple[str, TimeLimit]]

_WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAY: Final = re.compile(
    r"\b(?:(?P<ahead>ngay kia|mai|mot)|thu (?P<week>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat)"
    r"|(?:ngay|hom|mung) (?P<day>\d{1,2})(?:[/ ](?:thang )?(?P<month>\d{1,2}))?(?:[/ ](?P<year>\d{4}))?"
    r"|hom nay|bay gio|bgio|(?:sang|trua|chieu) nay|luon|gio)\b"
)
_WEEK: Final = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_AHEAD: Final = {"mai": 1, "mot": 2, "ngay kia": 2}
_HAND_IN: Final = re.compile(r"\b(?:nop|gui|lam|mang|dem)\b")
_WHEN: Final = (
    r"\b(?:khi nao|bao gio|chung nao|luc nao|hom nao|ngay nao|ngay may|thu may|mung may"
    r"|may (?:ngay|hom|bua) nua|bao lau nua)\b"
)
_HAVE: Final = r"\b(?:co|xong|lay|nhan|tra|ve|duoc)\b"
_RESULT: Final = re.compile(rf"{_WHEN}.*{_HAVE}|{_HAVE}.*{_WHEN}|\bkip\b")
_BY_WHEN: Final = re.compile(r"\b(?:phai|han|truoc khi|cham nhat|duoc nop|nop duoc)\b")
# A limit that does not begin with the receipt, and one that may become longer.
_FROM_ELSEWHERE: Final = re.compile(r"^(?:sau khi (?!nhận)|kể từ (?:ngày|khi) (?!nhận|tiếp nhận))")
_MAY_GROW: Final = re.compile(r"xác minh|kéo dài|không tính|thì thêm|không quá|sau khi thông qua")


def asks_day(said: str, facet: Facet | None) -> bool:
    """Whether a message asks on which day the result will be there, not how long it takes."""
    text = fold(said)
    if not _RESULT.search(text) or _BY_WHEN.search(text):
        return False
    return facet is Facet.TIME_LIMIT or bool(_HAND_IN.search(text) and _DAY.search(text))


def due_answer(revision: Revision, said: str, now: datetime) -> Text:
    """When the result is due for a dossier handed in on the day that was said, by case and way."""
    limits = _limits(revision.content)
    if not any(_due(limit, now) for _, limit in limits):
        words = (say("due_words", way=name, limit=phrases.time_limit(lim)) for name, lim in limits)
        return Text(say("due_unknown"), tuple(words))
    received, moment = _received(said, now.astimezone(VIETNAM))
    begins = effective(received, the_calendar())
    rest = [_line(name, limit, received) for name, limit in limits]
    if begins.date() != received.date():
        rest.insert(0, say("due_begins", day=_day(begins.date())))
    return Text(say("due_if_today", received=moment), (*rest, say("due_from_receipt")))


def _received(said: str, now: datetime) -> tuple[datetime, str]:
    """The moment of handing in, and how it is named: now, or the morning of a day to come."""
    day = _named_day(fold(said), now.date())
    if day is None or day <= now.date():
        return now, f"lúc {now:%H:%M} {_day(now.date())}"
    return datetime.combine(day, time(7, 30), VIETNAM), _day(day)


def _named_day(text: str, today: date) -> date | None:
    for found in _DAY.finditer(text):
        if ahead := found["ahead"]:
            return today + timedelta(days=_AHEAD[ahead])
        if week := found["week"]:
            number = int(week) - 2 if week.isdigit() else _WEEK[week]
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
        if found["sunday"]:
            return today + timedelta(days=(6 - today.weekday() - 1) % 7 + 1)
        if found["day"]:
            return _calendar_day(int(found["day"]), found["month"], found["year"], today)
    return None


def _calendar_day(day: int, month: str | None, year: str | None, today: date) -> date | None:
    """The next such day: without a month in this month or the next one that has it."""
    for ahead in range(13):
        at = today.year * 12 + today.month - 1 + ahead
        if month and at % 12 + 1 != int(month):
            continue
        try:
            found = date(int(year) if year else at // 12, at % 12 + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _limits(content: Content) -> Limits:
    """The limits as the answer about the time limit has them: cases rule where they differ."""
    cases = [(case.name, case.time_limit) for case in content.cases if case.time_limit]
    stated = {phrases.time_limit(limit) for _, limit in cases}
    ways = list(_ways(content))
    if len(stated) > 1:
        return [*cases, *(way for way in ways if phrases.time_limit(way[1]) not in stated)]
    return ways or [(say("due_any_way"), limit) for _, limit in cases[:1]]


def _ways(content: Content) -> Iterator[tuple[str, TimeLimit]]:
    limits = {
        phrases.time_limit(m.time_limit): m.time_limit for m in content.methods if m.time_limit
    }
    for names, text in phrases.limits_by_way(content.methods):
        yield names, limits[text]


def _line(name: str, limit: TimeLimit, received: datetime) -> str:
    due = _due(limit, received)
    said = phrases.time_limit(limit)
    if due is None:
        return say("due_words", way=name, limit=said)
    forecast = say("due_forecast") if due.is_forecast else ""
    line = "due_line_earliest" if _MAY_GROW.search(limit.text or "") else "due_line"
    return say(line, way=name, limit=said, at=_at(due, limit), forecast=forecast)


def _due(limit: TimeLimit, received: datetime) -> Due | None:
    return None if _FROM_ELSEWHERE.match(limit.text or "") else due_on(limit, received)


def _at(due: Due, limit: TimeLimit) -> str:
    hour = f"{due.at.astimezone(VIETNAM):%H:%M} " if limit.unit is Unit.HOUR else ""
    return f"{hour}{_day(due.day)}"


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} ngày {day:%d/%m/%Y}"
