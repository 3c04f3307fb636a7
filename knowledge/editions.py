"""Editions: of the catalogue, changing exactly when what is in force changes; of one revision."""

import hashlib
import re
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from knowledge.records.kinds import Status
from knowledge.records.procedure import Revision

# Crockford's letters: none of them is taken for another one when read aloud or copied.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans("OIL", "011")


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


def standing_of(session: Session, on: date) -> str:
    """The edition together with what is no longer in force: changes when either does."""
    ended = (Revision.status == Status.PUBLISHED, Revision.in_force_to <= on)
    query = select(func.count(), func.sum(Revision.mark)).where(*ended)
    count, total = session.execute(query).one()
    return f"{edition_of(session, on)}:{count}:{int(total or 0)}"


def edition_code(mark: int) -> str:
    """A revision's short code, for a citizen to note and for staff to reopen exactly that wording.

    >>> edition_code(12345678901234)
    'B79-SWW-BZJ'
    """
    letters = [_LETTERS[mark >> shift & 31] for shift in range(40, -1, -5)]
    return "-".join("".join(letters[start : start + 3]) for start in (0, 3, 6))


def mark_in(code: str) -> int | None:
    """The mark that an edition code stands for, however it was typed; None if it is none."""
    letters = re.sub(r"[\s.-]", "", code.upper()).translate(_ALIKE)
    if len(letters) != 9 or any(letter not in _LETTERS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | _LETTERS.index(letter)
    return number


def revision_of_edition(session: Session, code: str) -> Revision | None:
    """The published revision with that edition code; the newest if a wording came back."""
    mark = mark_in(code)
    query = (
        select(Revision)
        .options(joinedload(Revision.procedure))
        .where(Revision.mark == mark, Revision.status == Status.PUBLISHED)
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none() if mark is not None else None
