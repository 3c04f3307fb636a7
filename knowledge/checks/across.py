"""Faults that only show beside other procedures, decisions or days."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from knowledge.calendar import the_calendar
from knowledge.checks.finding import Around
from knowledge.provinces import plain, province_of
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Revision

# Nhóm 1 của QĐ 766/QĐ-TTg: public on the national database within so many working days.
MINISTRY_DAYS, PROVINCE_DAYS = 10, 5
# The portal of 2026 gave older records the day of its own start: before, nothing is known.
FIRST_KNOWN = date(2026, 5, 1)


def key_of(name: str, levels: Iterable[str], province: str | None) -> tuple[str, str, str]:
    """Procedures with the same key can only be told apart by their codes."""
    bare = plain(name).removeprefix("thu tuc ").strip(" .")
    return bare, ",".join(sorted(levels)), province or ""


def same_name(revision: Revision, around: Around) -> Iterator[str]:
    """The same name, level and place under another code: a duplicate, or a name too short."""
    mine = key_of(revision.name, revision.levels, revision.province)
    others = [slug for slug in around.namesakes.get(mine, ()) if slug != revision.slug]
    if others and revision.kind is not Kind.INTERNAL:
        more = f" và {len(others) - 3} mã khác" if len(others) > 3 else ""
        yield f"trùng tên và cấp với {', '.join(others[:3])}{more}"


def published_late(revision: Revision, _around: Around) -> Iterator[str]:
    """Public on the national database later than the rule allows after the decision."""
    if is_listed_in_time(revision) is not False:
        return
    signed, listed = revision.decision_date, revision.listed_on
    allowed = days_allowed(revision.owner)
    if signed and listed:
        last = last_day(signed, allowed)
        yield (
            f"quyết định {revision.decision_number or ''} ngày {signed:%d/%m/%Y}, công khai ngày "
            f"{listed:%d/%m/%Y}; hạn {allowed} ngày làm việc là {last:%d/%m/%Y}"
        )


def is_listed_in_time(revision: Revision) -> bool | None:
    """Whether it was public in time after its decision; None where that is not known."""
    signed, listed = revision.decision_date, revision.listed_on
    if signed is None or listed is None or signed < FIRST_KNOWN:
        return None
    return listed <= last_day(signed, days_allowed(revision.owner))


def days_allowed(owner: str | None) -> int:
    """Working days from the decision to the national database: a province has fewer."""
    return PROVINCE_DAYS if province_of(None, owner) else MINISTRY_DAYS


@lru_cache(maxsize=4096)
def last_day(signed: date, count: int) -> date:
    """The last day in time."""
    return the_calendar().add_working_days(signed, count)
