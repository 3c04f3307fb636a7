"""How each channel does: what staff may see of it, without seeing anybody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.records.delivery import ChannelState, Correspondent, Inbox, Outbox, Parcel


@dataclass
class State:
    """One channel."""

    channel: str
    heard_at: datetime | None = None
    to_answer: int = 0
    to_send: int = 0
    unsent: int = 0  # given up, or parked until the citizen writes
    lost: int = 0  # citizens who cannot be reached until they write again
    paused_until: datetime | None = None  # the platform asked for silence


def channel_states(session: Session, now: datetime) -> list[State]:
    """Every channel that has been used, by name."""
    found: defaultdict[str, State] = defaultdict(lambda: State(""))
    heard = select(
        Inbox.channel, func.max(Inbox.received_at), func.count().filter(Inbox.handled_at.is_(None))
    )
    for name, at, waiting in session.execute(heard.group_by(Inbox.channel)):
        found[name].heard_at, found[name].to_answer = at, waiting
    is_waiting = Outbox.state == Parcel.WAITING
    boxed = select(Outbox.channel, func.count().filter(is_waiting), func.count())
    for name, waiting, boxes in session.execute(boxed.group_by(Outbox.channel)):
        found[name].to_send, found[name].unsent = waiting, boxes - waiting
    lost = select(Correspondent.channel, func.count()).where(Correspondent.is_unreachable)
    for name, count in session.execute(lost.group_by(Correspondent.channel)):
        found[name].lost = count
    for paused in session.scalars(select(ChannelState).where(ChannelState.paused_until > now)):
        found[paused.channel].paused_until = paused.paused_until
    for name, state in found.items():
        state.channel = name
    return [found[name] for name in sorted(found)]
