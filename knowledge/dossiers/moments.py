"""Days and times as exports and the national interface write them, in Vietnam's time."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final

from knowledge.calendar import VIETNAM

_COMPACT: Final = re.compile(r"\d{8}(?:\d{4}(?:\d{2})?)?")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_VIETNAMESE: Final = re.compile(
    r"(?:(\d{1,2})[:h](\d{2})(?::\d{2})?\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
    r"(?:\s+(\d{1,2})[:h](\d{2})(?::\d{2})?)?"
)
_FORMATS: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def moment_of(value: Any) -> datetime:
    """The moment that a cell or field names; ValueError if it names none.

    >>> moment_of("20250702091500") == moment_of("02/07/2025 09:15")
    True
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=VIETNAM)
    if isinstance(value, date):
        return datetime.combine(value, time(), VIETNAM)
    return _parsed(str(value))


@lru_cache(maxsize=50_000)  # an export names the same days over and over
def _parsed(written: str) -> datetime:
    text = " ".join(written.split())
    if _COMPACT.fullmatch(text):
        return datetime.strptime(text, _FORMATS[len(text)]).replace(tzinfo=VIETNAM)
    if _ISO.fullmatch(text):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    if found := _VIETNAMESE.fullmatch(text):
        return _from_parts(*found.groups())
    raise ValueError(text)


def _from_parts(*parts: str | None) -> datetime:
    early_hour, early_minute, day, month, year, late_hour, late_minute = parts
    hour, minute = late_hour or early_hour or 0, late_minute or early_minute or 0
    return datetime(
        int(year or 0), int(month or 0), int(day or 0), int(hour), int(minute), tzinfo=VIETNAM
    )
