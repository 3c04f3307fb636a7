"""The grammar of dossier codes: an agency, a day of receipt, an ordinal.

It follows QCVN 102:2016 (old identifiers, read right to left), QĐ 20/2020 as amended by QĐ 09/2025
(new ones) and what systems really issue: days of 6 or 8 digits, ordinals of 3 to 7.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise, product
from typing import Final, NamedTuple

PROVINCES: Final = 63  # H01 to H63: those of before the merger of 2025, whose dossiers live on
MOST_OPTIONS: Final = 5
_ORDINAL: Final = range(3, 8)
_DAY: Final = (6, 8)
_LONGEST: Final = 30  # digits after the head: more would be split in too many ways
_OLD: Final = re.compile(r"(\d{3})(\d{2})(\d{2,3})([GH]\d{2})")
_NEW: Final = re.compile(r"([GH]\d{2})(.*)")


class FaultKind(StrEnum):
    """Which part of a code is wrong."""

    PROVINCE = "province"  # H99
    AGENCY = "agency"  # parts run together, no telling where one ends
    MONTH = "month"
    DAY = "day"
    DATE_LENGTH = "date_length"
    NO_DATE = "no_date"
    NO_ORDINAL = "no_ordinal"
    ORDINAL_LENGTH = "ordinal_length"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a code, and the part as typed."""

    kind: FaultKind
    part: str


@dataclass(frozen=True)
class Typed:
    """A code as typed: the agency's beginning, the digits after it, and what parted them.

    `ends` holds the separator before each group: "." or "-" or " ".
    """

    head: str  # "H56" or "0000016H56"
    groups: tuple[str, ...]
    ends: tuple[str, ...]

    @property
    def digits(self) -> str:
        """All digits after the head."""
        return "".join(self.groups)


class Readings(NamedTuple):
    """What a typed code can be; `is_sure` when a single one needs no asking."""

    codes: tuple[str, ...]
    is_sure: bool


def readings(typed: Typed) -> Readings:
    """Every canonical code that the typed one can be, each once; none when it can be none."""
    if agency_heads(typed.head) and len(typed.digits) <= _LONGEST:
        for split in (_as_grouped, _kept_apart, _glued):
            if found := tuple(dict.fromkeys(split(typed))):
                # Against a dash that was typed nothing is certain: even one reading is asked about.
                return Readings(found, len(found) == 1 and split is not _glued)
    return Readings((), is_sure=False)


def agency_heads(head: str) -> tuple[str, ...]:
    """The head with its dots put back; empty when no agency has it.

    >>> agency_heads("0000016H56"), agency_heads("H56"), agency_heads("H99")
    (('000.00.16.H56',), ('H56',), ())
    """
    if (old := _OLD.fullmatch(head)) and is_agency(old[4]):
        return (".".join(old.groups()),)
    return (head,) if _NEW.fullmatch(head) and is_agency(head) else ()


def is_agency(short: str) -> bool:
    """Whether a ministry (G…) or province (H…) can have that identifier."""
    number = int(short[1:3])
    return 1 <= number <= PROVINCES if short[0] == "H" else number >= 1


def day_of(digits: str) -> date | None:
    """The day that 6 or 8 digits name."""
    full = digits if len(digits) == 8 else "20" + digits
    try:
        day = date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None


def date_place(typed: Typed) -> int | None:
    """Which group is the day: the first that has its length and can be one."""
    for place, group in enumerate(typed.groups):
        if len(group) in _DAY and typed.ends[place] != "." and day_of(group):
            return place
    for place, group in enumerate(typed.groups):
        if len(group) in _DAY and day_of(group):
            return place
    return None


def _as_grouped(typed: Typed) -> Iterator[str]:
    """Each group is a part, as it should be; only the agency may have lost its dots."""
    place = date_place(typed)
    if place is None or place + 1 >= len(typed.groups):
        return
    rest = typed.groups[place + 1 :]
    for ordinal in _ordinals(rest, typed.ends[place + 1 :]):
        for agency in _agencies(typed.head, typed.groups[:place]):
            yield f"{agency}-{typed.groups[place]}-{ordinal}"


def _ordinals(groups: tuple[str, ...], ends: tuple[str, ...]) -> list[str]:
    """The ordinal; a group after it may belong to it ("000 3") or be a proof ("0003 1234")."""
    first, *others = groups
    is_alone = len(first) in _ORDINAL
    if not others:
        return [first] if is_alone else []
    if ends[1] != " ":
        return []
    joined = first + others[0]
    found = [first] if is_alone and (len(others[0]) == 4 or len(joined) > 7) else []
    if len(joined) in _ORDINAL:
        found.append(joined)
    return found


def _agencies(head: str, groups: tuple[str, ...]) -> Iterator[str]:
    """The agency with its parts; parts that ran together are told apart in every way."""
    starts = agency_heads(head)
    if groups and _OLD.fullmatch(head):
        return
    ways = [tuple(_parts(group)) for group in groups]
    for start in starts:
        for chosen in product(*ways):
            code = ".".join((start, *chosen))
            if code.count(".") <= 4:
                yield code


def _parts(digits: str) -> Iterator[str]:
    """The ways to part digits of an agency: up to three stay one part."""
    if len(digits) <= 3:
        yield digits
        return
    if len(digits) == 4:
        yield f"{digits[:3]}.{digits[3:]}"
    for length in (2, 3):
        if len(rest := digits[length:]) >= 2:
            for tail in _parts(rest):
                yield f"{digits[:length]}.{tail}"


def _kept_apart(typed: Typed) -> Iterator[str]:
    """Day and ordinal ran together; dots and dashes that were typed still part something."""
    yield from _everywhere(typed, keep=".-")
    if len(typed.groups) > 1 and len(typed.groups[-1]) == 4 and typed.ends[-1] == " ":
        shorter = Typed(typed.head, typed.groups[:-1], typed.ends[:-1])
        yield from _everywhere(shorter, keep=".-")


def _glued(typed: Typed) -> Iterator[str]:
    """Separators stand in wrong places: only the digits count."""
    yield from _everywhere(typed, keep="")


def _everywhere(typed: Typed, keep: str) -> Iterator[str]:
    digits, walls = typed.digits, _walls(typed, keep)
    for length, ordinal in product(_DAY, _ORDINAL):
        begin = len(digits) - ordinal - length
        if begin < 0 or not day_of(digits[begin : begin + length]):
            continue
        inside = set(range(begin + 1, len(digits))) - {begin + length}
        if walls & inside:
            continue
        groups = _cut(digits[:begin], sorted(wall for wall in walls if wall < begin))
        for agency in _agencies(typed.head, groups):
            yield f"{agency}-{digits[begin : begin + length]}-{digits[begin + length :]}"


def _walls(typed: Typed, keep: str) -> set[int]:
    """Where the kept separators stand, counted in digits."""
    place, walls = 0, set()
    for group, end in zip(typed.groups, typed.ends, strict=True):
        if end in keep and place:
            walls.add(place)
        place += len(group)
    return walls


def _cut(digits: str, walls: list[int]) -> tuple[str, ...]:
    edges = [0, *walls, len(digits)]
    return tuple(digits[a:b] for a, b in pairwise(edges) if b > a)


def fault_of(typed: Typed) -> Fault | None:
    """What is wrong with a code that has no reading; None when it is hardly a code at all."""
    short = typed.head[-3:]
    long_groups = [group for group in typed.groups if len(group) >= 5]
    if not long_groups:
        has_ordinal = len(typed.groups) >= 2 and typed.ends[-1] == "-"
        return Fault(FaultKind.NO_DATE, typed.head) if has_ordinal else None
    if not is_agency(short):
        return Fault(FaultKind.PROVINCE, short)
    return _day_fault(long_groups[0]) or _ordinal_fault(typed, long_groups[0])


def _day_fault(day: str) -> Fault | None:
    if len(day) not in _DAY:
        return Fault(FaultKind.DATE_LENGTH, day)
    if day_of(day) is not None:
        return None
    if not 1 <= int(day[-4:-2]) <= 12:
        return Fault(FaultKind.MONTH, day[-4:-2])
    return Fault(FaultKind.DAY, f"{day[-2:]}/{day[-4:-2]}")


def _ordinal_fault(typed: Typed, day: str) -> Fault:
    after = typed.groups[typed.groups.index(day) + 1 :]
    if not after:
        return Fault(FaultKind.NO_ORDINAL, day)
    if len(after[0]) not in _ORDINAL:
        return Fault(FaultKind.ORDINAL_LENGTH, after[0])
    return Fault(FaultKind.AGENCY, typed.head)
