"""What is kept of conversations: their state for a while, and turns without any person in them."""

from datetime import date
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base, key, moment


class Conversation(Base):
    """Where one conversation stands; forgotten after a while."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    state: Mapped[dict[str, Any]]
    updated_at: Mapped[moment]  # no index: it changes with each message, and only purges ask


class Turn(Base):
    """One question and what became of it; the caller has masked the question."""

    __tablename__ = "turn"

    id: Mapped[key]
    at: Mapped[moment] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(40))
    conversation: Mapped[str] = mapped_column(String(64))  # a hash: enough to count, not to find
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    facet: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(16))
    score: Mapped[float | None]
    elapsed_ms: Mapped[float]


class TurnMonth(Base):
    """What the turns of a whole month came to, kept when they are erased; rows are only added."""

    __tablename__ = "turn_month"

    id: Mapped[key]
    month: Mapped[date] = mapped_column(index=True)  # its first day
    channel: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    facet: Mapped[str | None] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(16))
    sector: Mapped[str | None]  # as it was published at the end of the month
    count: Mapped[int]
