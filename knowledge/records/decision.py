"""Decisions of publication (quyết định công bố) and what each does to which procedure."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knowledge.database import Base, key, moment
from knowledge.records.kinds import Action


class Decision(Base):
    """A signed paper that makes procedures new, amended, replaced or abolished."""

    __tablename__ = "decision"

    id: Mapped[key]
    number: Mapped[str] = mapped_column(String(80))  # số, ký hiệu
    date: Mapped[dt.date]  # ngày ban hành
    agency: Mapped[str]  # cơ quan ban hành
    signer: Mapped[str | None]  # người ký
    effective_from: Mapped[dt.date | None]  # ngày có hiệu lực
    basis_effective_from: Mapped[dt.date | None]  # when the legal text behind it takes effect
    recorded_by: Mapped[str | None] = mapped_column(String(60))
    carried_out_at: Mapped[moment | None]  # when its items were published here

    items: Mapped[list["DecisionItem"]] = relationship(
        back_populates="decision", order_by="DecisionItem.id", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("number", "date"),)


class DecisionItem(Base):
    """One row of a decision's list."""

    __tablename__ = "decision_item"

    id: Mapped[key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    procedure_slug: Mapped[str] = mapped_column(String(120), index=True)
    action: Mapped[Action]
    replaces: Mapped[str | None] = mapped_column(String(120))  # slug of the replaced procedure
    successor_code: Mapped[str | None] = mapped_column(String(16))  # of an abolished one
    note: Mapped[str | None]

    decision: Mapped[Decision] = relationship(back_populates="items")
