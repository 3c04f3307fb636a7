"""The edition: a short text that changes exactly when what is in force changes."""

import hashlib
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from knowledge.records.kinds import Status
from knowledge.records.procedure import Revision


def mark_of(slug: str, fingerprint: str) -> int:
    """A number that stands for one wording of one procedure; the database can add them up.

    44 bits: a sum over half a million still fits into the database's whole numbers.
    """
    digest = hashlib.blake2b(f"{slug}\n{fingerprint}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 20


def in_force_on(on: date) -> ColumnElement[bool]:
    """The condition that a revision is in force on the day."""
    return and_(
        Revision.status == Status.PUBLISHED,
        or_(Revision.in_force_from.is_(None), Revision.in_force_from <= on),
        or_(Revision.in_force_to.is_(None), Revision.in_force_to > on),
    )


def edition_of(session: Session, on: date) -> str:
    """A hash over all that is in force on the day, by one small query over an index."""
    query = select(func.count(), func.sum(Revision.mark)).where(in_force_on(on))
    count, total = session.execute(query).one()
    return hashlib.sha256(f"{count}:{int(total or 0)}".encode()).hexdigest()[:16]
