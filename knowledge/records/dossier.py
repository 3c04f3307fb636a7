"""Dossiers as the one-stop systems state them, and what is kept of those who ask about them.

No name, number, telephone, address or file of a person has a column. Of the owner's ID number and
telephone only a keyed hash of the last four digits is kept, to compare a proof with.
"""

from datetime import date
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knowledge.database import Base, key, moment
from knowledge.records.content import Level, Submission


class State(IntEnum):
    """Trạng thái hồ sơ: the ten national states by their numbers."""

    SENT = 1  # Mới đăng ký
    ACCEPTED = 2  # Được tiếp nhận
    REFUSED = 3  # Không được tiếp nhận
    IN_PROGRESS = 4  # Đang xử lý
    SUPPLEMENT = 5  # Yêu cầu bổ sung giấy tờ
    PAYMENT = 6  # Yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = 7  # Công dân yêu cầu rút hồ sơ
    STOPPED = 8  # Dừng xử lý
    DONE = 9  # Đã xử lý xong
    HANDED_OVER = 10  # Đã trả kết quả

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self in (State.REFUSED, State.WITHDRAWN, State.STOPPED, State.HANDED_OVER)

    @property
    def is_running(self) -> bool:
        """Whether the office works at it, so that its due day counts."""
        return self in (State.SENT, State.ACCEPTED, State.IN_PROGRESS)


# As written in the partial indexes: a query uses one only if it says the same.
IS_RUNNING: Final = text("state IN (2, 4) AND finished_on IS NULL")
HAS_ENDED: Final = text("state IN (3, 7, 8, 9, 10) AND finished_on IS NULL")


class StateNumber(TypeDecorator[State]):
    """A state by its national number."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: State | None, dialect: Dialect) -> int | None:
        """The number."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> State | None:
        """The state."""
        return None if value is None else State(value)


class DossierOrigin(Base):
    """A system that tells us of dossiers; of two that know one, the smaller rank is believed."""

    __tablename__ = "dossier_origin"

    id: Mapped[key]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))  # as citizens read it
    rank: Mapped[int] = mapped_column(SmallInteger, default=10)
    is_copy: Mapped[bool] = mapped_column(default=False)  # synchronised: may turn 5, 6, 8 into 9
    token: Mapped[str | None] = mapped_column(String(64))  # hash of the push token
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)  # our field → column of the file
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)  # its own label → national number


class DossierUnit(Base):
    """Đơn vị xử lý, as its source names it."""

    __tablename__ = "dossier_unit"

    id: Mapped[key]
    name: Mapped[str] = mapped_column(String(300))
    agency: Mapped[str] = mapped_column(String(40))  # the identifier at the head of its codes
    level: Mapped[Level]
    contact: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("agency", "name"),)


class DossierTopic(Base):
    """What dossiers are about: a procedure as its source names it."""

    __tablename__ = "dossier_topic"

    id: Mapped[key]
    code: Mapped[str] = mapped_column(String(40))  # mã TTHC; may be blank
    name: Mapped[str] = mapped_column(String(500))
    sector: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("code", "name", "sector"),)


class Dossier(Base):
    """One dossier as one origin states it; all days are days in Vietnam."""

    __tablename__ = "dossier"

    id: Mapped[key]
    code: Mapped[str] = mapped_column(String(48))
    origin_id: Mapped[int] = mapped_column(ForeignKey("dossier_origin.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("dossier_unit.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("dossier_topic.id"))
    state: Mapped[State] = mapped_column(StateNumber)
    channel: Mapped[Submission | None]  # kênh thực hiện
    received_on: Mapped[date | None]
    due_on: Mapped[date | None]  # ngày hẹn trả; some procedures have none
    finished_on: Mapped[date | None]  # ngày kết thúc xử lý
    returned_on: Mapped[date | None]
    supplement_on: Mapped[date | None]  # the first request for papers
    supplement_by: Mapped[date | None]  # until when the citizen may bring them
    supplements: Mapped[int] = mapped_column(SmallInteger, default=0)
    reason: Mapped[str | None] = mapped_column(Text)  # scrubbed of what names the owner
    papers: Mapped[str | None] = mapped_column(Text)  # giấy tờ cần bổ sung
    amount: Mapped[int | None] = mapped_column(BigInteger)  # đồng to pay
    fetch_at: Mapped[str | None] = mapped_column(Text)  # nơi nhận kết quả
    id_proof: Mapped[str | None] = mapped_column(String(32))
    phone_proof: Mapped[str | None] = mapped_column(String(32))
    changed_at: Mapped[moment]  # when the origin says that it became so
    synced_at: Mapped[moment]  # when we learnt it
    fingerprint: Mapped[str] = mapped_column(String(32))

    origin: Mapped[DossierOrigin] = relationship()
    unit: Mapped[DossierUnit] = relationship()
    topic: Mapped[DossierTopic] = relationship()

    __table_args__ = (
        UniqueConstraint("code", "origin_id"),
        Index("ix_dossier_finished_on", "finished_on"),
        # All that the reports compare, in the order in which they count.
        Index(
            "ix_dossier_counted",
            "unit_id", "topic_id", "state", "channel", "received_on", "due_on", "finished_on",
            "supplements", "supplement_on", "origin_id",
        ),
        Index("ix_dossier_running", "due_on", sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING),
        Index("ix_dossier_ended", "changed_at", sqlite_where=HAS_ENDED, postgresql_where=HAS_ENDED),
    )  # fmt: skip


class DossierConsent(Base):
    """A chat that has read the privacy sentence and agreed."""

    __tablename__ = "dossier_consent"

    chat: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash
    given_at: Mapped[moment]


class DossierTry(Base):
    """One look-up, counted for the limits; keyed hashes only, erased after a while."""

    __tablename__ = "dossier_try"

    id: Mapped[key]
    at: Mapped[moment] = mapped_column(index=True)
    chat: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(32))
    series: Mapped[str] = mapped_column(String(32))  # agency and day: neighbours share it
    is_wrong_proof: Mapped[bool]

    __table_args__ = (
        Index("ix_dossier_try_chat", "chat", "at"),
        Index("ix_dossier_try_code", "code", "at"),
        Index("ix_dossier_try_series", "series", "at"),
        Index("ix_dossier_try_channel", "channel", "at"),
    )


class DossierFollow(Base):
    """A chat that wants to hear of changes; ends with the dossier. Holds the chat's id."""

    __tablename__ = "dossier_follow"

    id: Mapped[key]
    chat: Mapped[str] = mapped_column(String(64), index=True)  # a hash
    channel: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(String(200))  # needed to write to it
    code: Mapped[str] = mapped_column(String(48), index=True)
    told_state: Mapped[State] = mapped_column(StateNumber)
    told_due: Mapped[date | None]  # the due day that a reminder was sent for
    since: Mapped[moment]

    __table_args__ = (UniqueConstraint("chat", "code"),)
