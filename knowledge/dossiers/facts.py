"""One dossier as a source states it, and the result of asking where it stands."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Protocol

from knowledge.records.content import Level, Submission
from knowledge.records.dossier import State


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source states of one dossier; nothing in it names a person."""

    code: str
    state: State
    procedure_code: str
    procedure_name: str
    sector: str
    unit: str
    level: Level
    changed_at: datetime
    contact: str | None = None
    channel: Submission | None = None
    received_on: date | None = None
    due_on: date | None = None
    finished_on: date | None = None
    returned_on: date | None = None
    supplement_on: date | None = None
    supplement_by: date | None = None
    supplements: int = 0
    reason: str | None = None
    papers: str | None = None
    amount: int | None = None
    fetch_at: str | None = None
    id_proof: str | None = None
    phone_proof: str | None = None

    @property
    def agency(self) -> str:
        """The identifier at the head of the code."""
        return self.code.partition("-")[0]

    @property
    def fingerprint(self) -> str:
        """A hash over the facts, apart from when they were stated."""
        return hashlib.blake2b(repr(_STATED(self)).encode(), digest_size=16).hexdigest()


_STATED = attrgetter(*(name for name in Facts.__dataclass_fields__ if name != "changed_at"))


@dataclass(frozen=True, slots=True)
class Details:
    """What only the owner may see."""

    reason: str | None = None
    papers: str | None = None
    amount: int | None = None
    fetch_at: str | None = None
    supplement_by: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a dossier stands: what its code alone may show; `details` if the proof was right."""

    code: str
    state: State
    procedure_code: str
    procedure_name: str
    unit: str
    contact: str | None
    received_on: date | None
    due_on: date | None
    finished_on: date | None
    as_of: datetime
    origin: str  # as citizens read it
    is_copy: bool = False
    details: Details | None = None


class Miss(Enum):
    """No status. A wrong proof is NOT_FOUND: the two must not be told apart."""

    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class DossierSource(Protocol):
    """Somewhere to ask where a dossier stands."""

    rank: int  # the smaller, the sooner it is asked and believed

    def lookup(self, code: str, proof: str | None) -> Status | Miss:
        """The status by canonical code; with details if the last four digits are right."""
        ...
