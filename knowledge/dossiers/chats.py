"""What is kept of chats: consent, followed dossiers; and how all of it is erased."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.calendar import VIETNAM, the_calendar
from knowledge.dossiers.limits import blank_tries, erase_old_tries
from knowledge.records.dossier import (
    HAS_ENDED,
    Dossier,
    DossierConsent,
    DossierFollow,
    DossierOrigin,
    State,
)

MOST_FOLLOWED: Final = 10
QUIET_FROM: Final = time(21)
QUIET_TO: Final = time(7)
KEEP_ENDED: Final = timedelta(days=365)  # dossiers that ended before that are erased


class Following(StrEnum):
    """What became of the wish to follow."""

    STARTED = "started"
    ALREADY = "already"
    TOO_MANY = "too_many"
    ENDED = "ended"  # the dossier has ended: nothing more will happen


@dataclass(frozen=True)
class News:
    """Something to tell a chat of a dossier; `is_last` when the dossier has ended."""

    channel: str
    conversation_id: str
    code: str
    state: State
    due_on: date | None
    is_reminder: bool
    is_last: bool


def has_consented(session: Session, chat: str) -> bool:
    """Whether the chat has agreed to look-ups."""
    return session.get(DossierConsent, chat) is not None


def note_consent(session: Session, chat: str, now: datetime) -> None:
    """Remember that the chat agreed."""
    session.merge(DossierConsent(chat=chat, given_at=now))


def follow(session: Session, wish: DossierFollow) -> Following:
    """Follow a dossier, at most so many a chat."""
    if wish.told_state.is_final:
        return Following.ENDED
    mine = select(DossierFollow.code).where(DossierFollow.chat == wish.chat)
    codes = list(session.scalars(mine))
    if wish.code in codes:
        return Following.ALREADY
    if len(codes) >= MOST_FOLLOWED:
        return Following.TOO_MANY
    session.add(wish)
    return Following.STARTED


def unfollow(session: Session, chat: str, code: str | None = None) -> int:
    """End one followed dossier, or all of a chat; how many were ended."""
    query = delete(DossierFollow).where(DossierFollow.chat == chat)
    if code:
        query = query.where(DossierFollow.code == code)
    return len(session.scalars(query.returning(DossierFollow.id)).all())


def followed(session: Session, chat: str) -> list[str]:
    """The codes that a chat follows."""
    query = select(DossierFollow.code).filter_by(chat=chat).order_by(DossierFollow.id)
    return list(session.scalars(query))


def forget_chat(session: Session, chat: str, asker: str) -> None:
    """Erase all that is kept of a chat; `asker` is its name in the counted look-ups."""
    unfollow(session, chat)
    session.execute(delete(DossierConsent).where(DossierConsent.chat == chat))
    blank_tries(session, asker)


def is_quiet(now: datetime) -> bool:
    """Whether citizens are asleep: nothing is sent then."""
    hour = now.astimezone(VIETNAM).time()
    return hour >= QUIET_FROM or hour < QUIET_TO


def take_news(session: Session, channels: Iterable[str], now: datetime) -> Iterator[News]:
    """What followers were not told yet; taking it marks it told. Nothing in quiet hours."""
    if is_quiet(now):
        return
    tomorrow = the_calendar().add_working_days(now.astimezone(VIETNAM).date(), 1)
    rank = func.row_number().over(
        partition_by=DossierFollow.id, order_by=(DossierOrigin.rank, DossierOrigin.id)
    )
    best = (
        select(DossierFollow.id, Dossier.state, Dossier.due_on, rank.label("place"))
        .join(Dossier, Dossier.code == DossierFollow.code)
        .join(DossierOrigin, DossierOrigin.id == Dossier.origin_id)
        .subquery()
    )
    query = (
        select(DossierFollow, best.c.state, best.c.due_on)
        .join(best, best.c.id == DossierFollow.id)
        .where(best.c.place == 1, DossierFollow.channel.in_(list(channels)))
        .with_for_update(of=DossierFollow, skip_locked=True)
    )
    for wish, state, due_on in session.execute(query):
        has_changed = state is not wish.told_state
        is_near = state.is_running and due_on == tomorrow and wish.told_due != due_on
        if not (has_changed or is_near):
            continue
        yield News(
            wish.channel,
            wish.conversation_id,
            wish.code,
            state,
            due_on,
            not has_changed,
            state.is_final,
        )
        wish.told_state = state
        wish.told_due = due_on if is_near else wish.told_due
        if state.is_final:
            session.delete(wish)


def carry_out_retention(session: Session, now: datetime, keep: timedelta = KEEP_ENDED) -> int:
    """Erase dossiers that ended long ago and old counts; how many dossiers were erased."""
    erase_old_tries(session, now)
    ended = [state for state in State if state.is_final or state is State.DONE]
    first = delete(Dossier).where(Dossier.finished_on < oldest_kept(now, keep))
    undated = delete(Dossier).where(HAS_ENDED, Dossier.changed_at < now - keep)
    count = 0
    for query in (first.where(Dossier.state.in_(ended)), undated):
        gone = session.execute(query.execution_options(synchronize_session=False))
        count += int(getattr(gone, "rowcount", 0))
    return count


def oldest_kept(now: datetime, keep: timedelta) -> date:
    """Dossiers that ended before that day are erased."""
    return (now - keep).astimezone(VIETNAM).date()
