"""Messages in and out, kept so that each is answered once, whatever dies in between.

A citizen's own id and words stand here only as long as they are needed to answer: they are blanked
when a message has been handled, and a reply is erased when it has been sent.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base, key, moment

_WAITING_IN = text("handled_at IS NULL")
_HANDLED = text("handled_at IS NOT NULL")
_WAITING_OUT = text("state = 'waiting'")
_UNSENT = text("state <> 'waiting'")


class Inbox(Base):
    """A message that arrived; channel and event id together name it, so a repeat is noticed."""

    __tablename__ = "inbox"

    id: Mapped[key]
    channel: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(200))
    correspondent: Mapped[str] = mapped_column(String(64), default="")  # its key
    conversation_id: Mapped[str] = mapped_column(String(200))  # blank once handled
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)  # the platform's own order
    text: Mapped[str] = mapped_column(Text)  # blank once handled
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what else it was; then empty
    received_at: Mapped[moment]
    handled_at: Mapped[moment | None]
    attempts: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index(
            "ix_inbox_waiting",
            "correspondent",
            "sequence",
            "id",
            sqlite_where=_WAITING_IN,
            postgresql_where=_WAITING_IN,
        ),
        Index("ix_inbox_next", "id", sqlite_where=_WAITING_IN, postgresql_where=_WAITING_IN),
        Index(
            "ix_inbox_handled_at",
            "handled_at",
            sqlite_where=_HANDLED,
            postgresql_where=_HANDLED,
        ),
    )


class Parcel(StrEnum):
    """Where a reply stands that has not been sent."""

    WAITING = "waiting"
    PARKED = "parked"  # the platform's window is closed: sent when the citizen writes again
    DEAD = "dead"  # given up; staff see it


def is_waiting(state: ColumnElement[Parcel]) -> ColumnElement[bool]:
    """Whether a reply is still to be sent.

    Written out and not as a parameter: a plan that is made once for all values could not use the
    indexes of what waits.
    """
    return state == literal_column(f"'{Parcel.WAITING.value}'")


class Outbox(Base):
    """One request to a platform that is still to be made; erased once it has been made."""

    __tablename__ = "outbox"

    id: Mapped[key]
    channel: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    state: Mapped[Parcel] = mapped_column(default=Parcel.WAITING)
    asked_at: Mapped[moment]  # when the citizen said what this answers
    created_at: Mapped[moment]
    next_try_at: Mapped[moment]
    claimed_until: Mapped[moment | None]  # a sender is at work, or has died at it
    attempts: Mapped[int] = mapped_column(default=0)
    failed: Mapped[str | None] = mapped_column(String(40))  # why: a name in the bot's wording

    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "conversation_id",
            "id",
            sqlite_where=_WAITING_OUT,
            postgresql_where=_WAITING_OUT,
        ),
        Index(
            "ix_outbox_next",
            "channel",
            "id",
            sqlite_where=_WAITING_OUT,
            postgresql_where=_WAITING_OUT,
        ),
        Index(
            "ix_outbox_unsent", "state", sqlite_where=_UNSENT, postgresql_where=_UNSENT
        ),  # those of staff's care
    )


class Correspondent(Base):
    """What a channel has to remember of one conversation; whoever locks it handles it alone."""

    __tablename__ = "correspondent"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash of the conversation id
    channel: Mapped[str] = mapped_column(String(40))
    tag: Mapped[str] = mapped_column(String(8), default="")  # of the newest reply
    # When lost, if unreachable. No index: it changes with each message, and only purges ask.
    heard_at: Mapped[moment]
    is_unreachable: Mapped[bool] = mapped_column(default=False)  # nothing is sent until they write


class ChannelState(Base):
    """What all processes have to know of one channel."""

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    paused_until: Mapped[moment | None]  # the platform asked for silence
    poller: Mapped[str | None] = mapped_column(String(40))  # the process that fetches updates
    poller_until: Mapped[moment | None]


class ZaloToken(Base):
    """The tokens of one Official Account; the refresh token can be used only once."""

    __tablename__ = "zalo_token"

    app_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    access_token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str] = mapped_column(Text)
    seed: Mapped[str] = mapped_column(String(64))  # a hash of the token in the settings
    expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    refresher: Mapped[str | None] = mapped_column(String(40))
    refresher_until: Mapped[moment | None]
    failed: Mapped[str | None] = mapped_column(String(40))
