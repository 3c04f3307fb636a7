"""Messages in and out, kept so that each is answered once, whatever dies in between."""

from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base, key, moment


class Inbox(Base):
    """A message that arrived; channel and event id together name it, so a repeat is noticed."""

    __tablename__ = "inbox"

    id: Mapped[key]
    channel: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(200))
    conversation_id: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[moment]
    handled_at: Mapped[moment | None]

    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index("ix_inbox_waiting", "handled_at", "id"),
    )


class Outbox(Base):
    """A reply to be sent; `failed` tells why it was given up."""

    __tablename__ = "outbox"

    id: Mapped[key]
    channel: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]]
    created_at: Mapped[moment]
    sent_at: Mapped[moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[moment]
    failed: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_outbox_waiting", "sent_at", "next_try_at"),)
