"""Time limits of the portal. A number whose unit was lost is no time limit."""

import re
from typing import Final

from knowledge.records.content import TimeLimit, Unit

UNITS: Final = {
    "WORKING_DAY": Unit.WORKING_DAY,
    "DAY": Unit.DAY,
    "HOUR": Unit.HOUR,
    "WORKING_HOUR": Unit.HOUR,
    "MONTH": Unit.MONTH,
    "YEAR": Unit.YEAR,
}
_WORDS: Final = {
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "giờ": Unit.HOUR,
    "giờ làm việc": Unit.HOUR,
    "tháng": Unit.MONTH,
    "năm": Unit.YEAR,
}
_IN_WORDS: Final = re.compile(
    r"^(\d+(?:[.,]\d+)?)\s*(ngày làm việc|giờ làm việc|ngày|giờ|tháng|năm)$"
)
_BARE_NUMBER: Final = re.compile(r"^[\d.,/\s-]*$")
_SEE_NOTE: Final = re.compile(
    r"^(?:theo|xem)(?: phần)? mô tả|^tùy (?:theo )?(?:từng )?trường hợp|^không$"
)
_SPEAKS_OF_TIME: Final = re.compile(
    r"\d+\s*(?:\([^)]*\)\s*)?(?:ngày|giờ|tháng|tuần|năm)\b|\bngay (?:trong|khi|sau)"
    r"|thời hạn|thời gian|trước ngày"
)
_SPEAKS_OF_PLACE: Final = re.compile(r"\bnộp\b|\bgửi\b|cách thức|trực tuyến|trực tiếp|bưu chính")


def time_limit_of(value: float | None, unit: str | None, words: str | None) -> TimeLimit | None:
    """The limit as number and unit, or in words; None for a bare number without a unit."""
    known = UNITS.get(unit or "")
    if known and value and value > 0:
        text = "giờ làm việc" if unit == "WORKING_HOUR" else None
        return TimeLimit(value=value, unit=known, text=text)
    return limit_in_words(words)


def limit_in_words(words: str | None) -> TimeLimit | None:
    """The limit out of a text such as "5 ngày làm việc", else the text itself."""
    if not words or _BARE_NUMBER.match(words) or _SEE_NOTE.match(words.lower()):
        return None
    if found := _IN_WORDS.match(words.lower()):
        number = float(found[1].replace(",", "."))
        text = found[2] if found[2] == "giờ làm việc" else None
        return TimeLimit(value=number, unit=_WORDS[found[2]], text=text) if number > 0 else None
    return TimeLimit(text=words)


def limit_and_note(
    limit: TimeLimit | None, note: str | None
) -> tuple[TimeLimit | None, str | None]:
    """Where the limit stands only in the note beside it, take it from there."""
    if limit is not None or not note or not _SPEAKS_OF_TIME.search(note.lower()):
        return limit, note
    is_also_about_place = _SPEAKS_OF_PLACE.search(note.lower())
    return TimeLimit(text=note), note if is_also_about_place else None
