"""What an import proposes, what it saw, and what a look at a link found."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base, key, moment


class Change(StrEnum):
    """What an import proposes for one procedure."""

    NEW = "new"  # mới
    CHANGED = "changed"  # thay đổi
    GONE = "gone"  # không còn trong nguồn


class Verdict(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OVERTAKEN = "overtaken"  # a later import proposed something else, or nothing


class ImportRun(Base):
    """One import of one set of files; `position` is where to go on after it was killed."""

    __tablename__ = "import_run"

    id: Mapped[key]
    label: Mapped[str]  # names of the files
    digest: Mapped[str] = mapped_column(String(64), index=True)  # of what the files hold
    day: Mapped[date]
    started_at: Mapped[moment]
    finished_at: Mapped[moment | None]
    position: Mapped[int] = mapped_column(default=0)  # items of the files that were worked off
    is_whole: Mapped[bool] = mapped_column(default=False)  # a whole catalogue, so absence counts
    counts: Mapped[dict[str, Any]]
    problems: Mapped[dict[str, Any]]


class Seen(Base):
    """A procedure as an import saw it: what the source lists, and under which id."""

    __tablename__ = "seen"

    id: Mapped[key]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    slug: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(16), index=True)
    portal_id: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("run_id", "slug"),)


class Proposal(Base):
    """One change that an import proposes; staff accept or reject it."""

    __tablename__ = "proposal"

    id: Mapped[key]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    slug: Mapped[str] = mapped_column(String(120), index=True)
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str]
    change: Mapped[Change]
    source_draft: Mapped[str | None] = mapped_column(Text)  # JSON: what the source says
    differences: Mapped[dict[str, Any]]  # in words, and conflicts with what staff corrected
    has_conflict: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.OPEN)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[moment | None]

    __table_args__ = (Index("ix_proposal_verdict", "verdict", "id"),)


class LinkLook(Base):
    """What a person saw on the page behind a procedure's link, or a machine that read it."""

    __tablename__ = "link_look"

    id: Mapped[key]
    slug: Mapped[str] = mapped_column(String(120), index=True)
    url: Mapped[str]
    at: Mapped[moment]
    by: Mapped[str] = mapped_column(String(60))  # a login, or "máy"
    finding: Mapped[str] = mapped_column(String(20))  # a LinkState
    note: Mapped[str | None]
