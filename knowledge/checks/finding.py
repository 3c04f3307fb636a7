"""What a check is, and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.records.procedure import Revision


class Severity(StrEnum):
    """How much harm a fault does to a citizen who trusts the record."""

    WRONG = "wrong"  # sai: somebody is misled
    MISSING = "missing"  # thiếu: somebody must ask elsewhere
    DOUBTFUL = "doubtful"  # đáng xem: a person should look at it


SEVERITIES = {Severity.WRONG: "sai", Severity.MISSING: "thiếu", Severity.DOUBTFUL: "đáng xem"}


@dataclass(frozen=True, slots=True)
class Around:
    """What a check may know beside the revision itself."""

    on: date
    namesakes: Mapping[tuple[str, str, str], tuple[str, ...]]  # see `across.key_of`


@dataclass(frozen=True, slots=True)
class Check:
    """One question to a revision; it answers with a sentence for each fault."""

    name: str
    severity: Severity
    says: str  # what kind of fault it is, for staff
    mend: str  # what to do about it
    find: Callable[[Revision, Around], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one procedure."""

    check: str
    severity: Severity
    slug: str
    code: str
    name: str
    unit: str
    sector: str
    says: str
    mend: str
