"""A procedure as a source states it, before it becomes a revision."""

import hashlib
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from knowledge.records.content import Content, Level
from knowledge.records.kinds import Kind

NOT_FACTS: Final = {"source", "source_date", "is_current", "listed_on", "agency_codes"}


class Draft(BaseModel):
    """One procedure read from a source; `fingerprint` tells whether its facts changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: str = Field(pattern=r"^[1-9]\.\d{6}$")
    name: str = Field(min_length=1)
    levels: tuple[Level, ...] = ()
    sector: str = Field(min_length=1)
    kind: Kind = Kind.CENTRAL
    province: str | None = None  # administrative code of the province, for local procedures
    owner: str | None = None  # cơ quan công bố
    decision_number: str | None = None
    decision_date: date | None = None
    portal_id: str | None = None
    source: str
    source_date: date | None = None
    listed_on: date | None = None  # ngày công khai trên Cơ sở dữ liệu quốc gia về TTHC
    agency_codes: tuple[str, ...] = ()  # mã của cơ quan thực hiện, where the source has them
    is_suspect: bool = False  # the source's own code was malformed
    is_current: bool = True  # False: the source itself says that it is no longer in force
    content: Content = Content()

    @property
    def fingerprint(self) -> str:
        """A hash over the facts; where they were read and when does not count."""
        facts = self.model_dump_json(exclude=NOT_FACTS)
        return hashlib.sha256(facts.encode()).hexdigest()
