"""The log of turns grows old: whole months are added up once, then their turns are erased.

The sums are only ever added, so a month's figures are the same before and after.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from knowledge.history import VIETNAM
from knowledge.records.conversation import Turn, TurnMonth
from knowledge.records.kinds import Status
from knowledge.records.procedure import Procedure, Revision

Named = dict[str, tuple[str, str]]
FORGOTTEN: Final = ""  # stands for the words of a citizen who asked to be forgotten


def forget_turns(session: Session, conversation: str) -> None:
    """Erase what was said and whose it was; that something was asked stays in the figures."""
    query = update(Turn).where(Turn.conversation == conversation)
    session.execute(query.values(question=FORGOTTEN, conversation=FORGOTTEN))


def settle_months(session: Session, now: datetime, keep: timedelta) -> int:
    """Add up and erase the turns of the months that ended longer ago; how many were erased."""
    limit = start_of((now - keep).astimezone(VIETNAM).date())
    erased = 0
    while (oldest := session.scalar(select(func.min(Turn.at)).where(Turn.at < limit))) is not None:
        erased += _settle(session, oldest.astimezone(VIETNAM).date().replace(day=1))
    return erased


def _settle(session: Session, month: date) -> int:
    period = Turn.at >= start_of(month), Turn.at < start_of(next_month(month))
    # Locked: another process that does the same waits here, and then finds nothing left.
    query = select(Turn.id, Turn.channel, Turn.outcome, Turn.facet, Turn.code).where(*period)
    rows = session.execute(query.with_for_update()).all()
    named = named_on(session, next_month(month) - timedelta(days=1))
    counts = Counter(tuple(row)[1:] for row in rows)
    for (channel, outcome, facet, code), count in counts.items():
        sector = named[code][0] if code in named else None
        sums = TurnMonth(month=month, channel=channel, outcome=outcome, facet=facet, code=code)
        sums.sector, sums.count = sector, count
        session.add(sums)
    session.flush()
    session.execute(delete(Turn).where(*period))
    return len(rows)


def start_of(day: date) -> datetime:
    """The first moment of the day's month in Vietnam."""
    return datetime.combine(day.replace(day=1), time(), VIETNAM)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def named_on(session: Session, on: date) -> Named:
    """Sector and name of each code as they were published on a day; a later edit changes neither.

    Of a code that was not in force that day: the last wording before, else the first after.
    """
    columns = (Procedure.code, Revision.sector, Revision.name, Revision.in_force_from)
    query = select(*columns).join(Revision.procedure).where(Revision.status == Status.PUBLISHED)
    found: Named = {}
    for code, sector, name, since in session.execute(query.order_by(Revision.number)):
        if code not in found or since is None or since <= on:
            found[code] = (sector, name)
    return found
