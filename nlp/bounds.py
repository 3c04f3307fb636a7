"""Amounts that a text tells and the ranges that a procedure's name sets: ages, m3, tons, years of service.

"3.000 m3/ngày" belongs to the permit "dưới 5.000 m3/ngày đêm" and not to the one "từ 5.000 m3 trở lên".
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from nlp.normalize import fold

_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9,
}  # fmt: skip
_ONE = "|".join(_DIGITS)
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>hai|ba|bon|nam|sau|bay|tam|chin) )?muoi(?: (?P<ones>{_ONE}))?(?= (?!muoi))"
    rf"|\b(?P<short>sau|bay|tam|chin) (?P<last>{_ONE})(?= tuoi\b)"
)
_UNITS = {
    "tuổi": r"tuoi", "tháng tuổi": r"thang tuoi", "m3": r"m3|khoi|met khoi", "tấn": r"tan",
    "kva": r"kva", "cv": r"cv|ma luc", "mét": r"met(?! khoi)|m", "%": r"%|phan tram",
    "năm": r"nam(?! \d{4}| sinh| nay)",
}  # fmt: skip
_UNIT = "|".join(f"(?P<u{place}>{unit})" for place, unit in enumerate(_UNITS.values()))
_BELOW = r"duoi|nho hon|it hon|chua den|chua du"  # the end itself is not meant
_ABOVE = r"tren|lon hon|hon"
_UP_TO = r"den|khong qua|toi da|nho hon hoac bang"
_END = re.compile(
    rf"(?<![\w.,])(?:(?P<from>tu du|tu)|(?P<above>{_ABOVE})|(?P<to>{_UP_TO})|(?P<below>(?:den )?(?:{_BELOW})))? ?"
    rf"(?<![\w.,])(?P<number>\d[\d.,]*) ?(?:(?:{_UNIT})(?!\w)|(?= den ))(?: ngay(?: dem)?)?"
    r"(?: (?:(?P<up>tro len|do len)|(?P<down>tro xuong)))?"
)
_DATE = re.compile(r"\b(?:thang|ngay) \d{1,2} nam\b")


class Amount(NamedTuple):
    """What may be meant: every number of a unit between two, the ends included or not."""

    unit: str
    low: float
    high: float
    has_low: bool = True
    has_high: bool = True

    def meets(self, other: "Amount") -> bool:
        """Whether some number lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low < high
        return all(
            (amount.low < low or amount.has_low) and (amount.high > high or amount.has_high)
            for amount in (self, other)
        )


@lru_cache(maxsize=8192)
def amounts(text: str) -> tuple[Amount, ...]:
    """The amounts and ranges of a normalised text, in its order.

    >>> amounts("giếng khoan 3.000 m3/ngày")
    (Amount(unit='m3', low=3000.0, high=3000.0, has_low=True, has_high=True),)
    >>> amounts("bà tôi bảy mươi sáu tuổi")[0].low
    76.0
    """
    found: list[Amount] = []
    open_end: re.Match[str] | None = None  # a "từ …" that a "đến …" may follow at once
    for match in _END.finditer(with_digits(_DATE.sub("", fold(text)))):
        unit = next((name for place, name in enumerate(_UNITS) if match[f"u{place}"]), "")
        start = open_end if open_end and match.start() <= open_end.end() + 1 else None
        if start and (match["to"] or match["below"]):
            if found and found[-1].high == math.inf and _opens(start):
                found.pop()
            found.append(_read(match, unit, start))
        elif unit:
            found.append(_read(match, unit))
        open_end = match if match["from"] or match["above"] else None
    return tuple(found)


def admits(name: str, said: tuple[Amount, ...]) -> bool:
    """Whether a procedure of that name is for such amounts; one that sets no range is for all.

    >>> admits("khai thác nước quy mô dưới 5.000 m3/ngày đêm", amounts("khai thác 3.000 khối"))
    True
    >>> admits("khai thác nước quy mô từ 5.000 m3 trở lên", amounts("khai thác 3.000 khối"))
    False
    """
    ranges = [own for own in amounts(name) if own.low != own.high]
    for unit in {amount.unit for amount in said}:
        own = [amount for amount in ranges if amount.unit == unit]
        mine = [amount for amount in said if amount.unit == unit]
        if own and not any(one.meets(other) for one in own for other in mine):
            return False
    return True


def with_digits(folded: str) -> str:
    """A folded text with its numbers from ten to ninety-nine in digits.

    >>> with_digits("tam muoi hai tuoi, muoi lam nam, bay lam tuoi")
    '82 tuoi, 15 nam, 75 tuoi'
    """
    return (
        _SPELLED.sub(_in_digits, f"{folded} ")[:-1]
        if "muoi" in folded or "tuoi" in folded
        else folded
    )


def _in_digits(match: re.Match[str]) -> str:
    if match["short"]:
        return str(10 * _DIGITS[match["short"]] + _DIGITS[match["last"]])
    return str(10 * _DIGITS.get(match["tens"] or "mot", 1) + _DIGITS.get(match["ones"] or "", 0))


def _opens(match: re.Match[str]) -> bool:
    """Whether the lower end was told with a unit, and thus already counted."""
    return any(match[f"u{place}"] for place in range(len(_UNITS)))


def _read(match: re.Match[str], unit: str, start: re.Match[str] | None = None) -> Amount:
    """The amount of one match, or of two that name the ends of a range."""
    number = _number(match["number"])
    low, high, has_low, has_high = number, number, True, True
    if match["to"] or match["below"] or match["down"]:
        low, has_high = -math.inf, not match["below"]
        if start:
            low, has_low = _number(start["number"]), not start["above"]
    elif match["from"] or match["above"] or match["up"]:
        high, has_low = math.inf, not match["above"] or bool(match["up"])
    if unit == "tháng tuổi":
        return Amount("tuổi", low / 12, high / 12, has_low, has_high)
    return Amount(unit, low, high, has_low, has_high)


def _number(text: str) -> float:
    """A number as Vietnamese write it: points between thousands, a comma before the fraction."""
    text = text.strip(".,")
    whole, comma, fraction = text.partition(",")
    if not comma and re.fullmatch(r"\d{1,3}\.\d{1,2}", text):
        return float(text)
    return float(f"{re.sub(r'[.,]', '', whole)}.{re.sub(r'[.,]', '', fraction) or 0}")
