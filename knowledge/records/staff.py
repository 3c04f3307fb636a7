"""Who works with the knowledge base, what each may do, and what each did."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knowledge.database import Base, key, moment, words


class Duty(StrEnum):
    """What a role allows."""

    EDITOR = "editor"  # biên tập: writes and edits drafts of its unit
    APPROVER = "approver"  # kiểm soát TTHC: approves drafts, accepts proposals of an import
    PUBLISHER = "publisher"  # ban hành: carries out decisions of publication
    ADMIN = "admin"  # quản trị: staff and their roles


class Staff(Base):
    """A member of staff; without a password only the command line knows them."""

    __tablename__ = "staff"

    id: Mapped[key]
    login: Mapped[str] = mapped_column(String(60), unique=True)  # tên đăng nhập
    name: Mapped[str]  # họ tên
    password: Mapped[str | None]  # an argon2 hash
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[moment]

    roles: Mapped[list["Role"]] = relationship(
        back_populates="staff", order_by="Role.id", cascade="all, delete-orphan"
    )


class Role(Base):
    """A duty, for one unit or for the whole house, from a day until a day."""

    __tablename__ = "role"

    id: Mapped[key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    duty: Mapped[Duty]
    unit: Mapped[str | None]  # đơn vị; None: the whole house
    sectors: Mapped[words]  # lĩnh vực that the unit looks after, beside what it publishes itself
    since: Mapped[date]
    until: Mapped[date | None]  # last day of a delegation (ủy quyền); None: no end
    granted_by: Mapped[str] = mapped_column(String(60))

    staff: Mapped[Staff] = relationship(back_populates="roles")


class Event(Base):
    """Something that was done. The database itself refuses to change or erase a row."""

    __tablename__ = "event"

    id: Mapped[key]
    at: Mapped[moment] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(60))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(160))  # as "procedure:1.001193"
    details: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_event_subject", "subject", "id"),)
