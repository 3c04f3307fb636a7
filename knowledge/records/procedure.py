"""A procedure and its revisions: what is stored of thủ tục hành chính."""

from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from knowledge.database import Base, key, moment, words
from knowledge.links import deep_link
from knowledge.records.content import Content, Level
from knowledge.records.kinds import Kind, Status


class Procedure(Base):
    """Something that citizens ask the administration for, whatever its wording is today."""

    __tablename__ = "procedure"

    id: Mapped[key]
    code: Mapped[str] = mapped_column(String(16), index=True)  # mã TTHC; two provinces may share it
    slug: Mapped[str] = mapped_column(String(120), unique=True)  # the code, or code@owner
    successor_code: Mapped[str | None] = mapped_column(String(16))  # thủ tục thay thế
    withdrawn_on: Mapped[date | None]  # ngày bãi bỏ, where it is known

    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="procedure", order_by="Revision.number", cascade="all, delete-orphan"
    )


class Revision(Base):
    """One wording of a procedure. A published revision is never edited: staff make the next one."""

    __tablename__ = "revision"

    id: Mapped[key]
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    number: Mapped[int]
    name: Mapped[str]  # tên thủ tục, as the source has it
    levels: Mapped[tuple[Level, ...]]  # cấp thực hiện
    sector: Mapped[str]  # lĩnh vực
    kind: Mapped[Kind]
    province: Mapped[str | None] = mapped_column(String(2))  # administrative code, as "38"
    owner: Mapped[str | None]  # cơ quan công bố
    decision_number: Mapped[str | None]  # số quyết định công bố
    decision_date: Mapped[date | None]
    portal_id: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str]
    source_date: Mapped[date | None]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the draft that it was made from
    mark: Mapped[int] = mapped_column(BigInteger)  # see knowledge/editions.py
    content: Mapped[Content]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]  # the first day on which it is no longer in force
    created_at: Mapped[moment] = mapped_column(default=lambda: datetime.now(UTC))
    published_at: Mapped[moment | None]
    is_suspect: Mapped[bool] = mapped_column(default=False)  # the source's own code was malformed

    # Repeated from the content, so that thousands of listings load without decoding it.
    applicants: Mapped[words]
    executing: Mapped[words]
    everyday_names: Mapped[words]
    keywords: Mapped[words]
    is_list_only: Mapped[bool] = mapped_column(default=False)  # known by name, not yet in full

    version: Mapped[int] = mapped_column(default=0, server_default="0")  # edits of the draft
    author: Mapped[str | None] = mapped_column(String(60))  # login; None: a source, by an import
    approver: Mapped[str | None] = mapped_column(String(60))  # login
    # What the source said, as JSON of a Draft, where local corrections make the revision differ.
    origin: Mapped[str | None] = mapped_column(Text, deferred=True)
    agency_codes: Mapped[words] = mapped_column(server_default="[]")  # of `executing`
    listed_on: Mapped[date | None]  # ngày công khai trên Cơ sở dữ liệu quốc gia về TTHC

    procedure: Mapped[Procedure] = relationship(back_populates="revisions")

    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        Index("ix_revision_in_force", "status", "in_force_from", "in_force_to", "mark"),
        Index("ix_revision_mark", "mark"),
    )

    @validates("content")
    def _repeat(self, _field: str, content: Content) -> Content:
        self.applicants = content.applicants
        self.executing = content.executing
        self.everyday_names = content.everyday_names
        self.keywords = content.keywords
        self.is_list_only = content.is_list_only
        return content

    @property
    def code(self) -> str:
        """Mã TTHC."""
        return self.procedure.code

    @property
    def slug(self) -> str:
        """The name of the procedure within this house."""
        return self.procedure.slug

    @property
    def deep_link(self) -> str:
        """The procedure's own page on the National Portal."""
        return deep_link(self.portal_id, self.code, self.kind)
