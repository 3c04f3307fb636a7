"""Dossiers that somebody follows and that only a system over HTTP knows: asked anew now and then.

What it says is written into the table as a copy, so that news are made of it like of all others.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.dossiers.facts import Facts
from knowledge.dossiers.origins import origin_named
from knowledge.dossiers.remote import RemoteSource
from knowledge.dossiers.store import Store
from knowledge.records.dossier import Dossier, DossierFollow, DossierOrigin

EVERY: Final = timedelta(hours=1)  # how often one dossier is asked about
_MOST: Final = 20  # a round: the other system has its own citizens

Refresh = Callable[[datetime], int]


class Refresher:
    """Asks about followed dossiers; remembers in memory when it last did."""

    def __init__(self, factory: sessionmaker[Session], remote: Sequence[RemoteSource]) -> None:
        self._factory = factory
        self._remote = tuple(remote)
        self._asked: dict[str, datetime] = {}

    def __call__(self, now: datetime) -> int:
        """One round; how many dossiers were learnt of."""
        if not self._remote:
            return 0
        self._asked = {code: at for code, at in self._asked.items() if now - at < EVERY}
        with self._factory.begin() as session:
            codes = [code for code in session.scalars(_QUERY) if code not in self._asked]
        count = 0
        for code in codes[:_MOST]:
            self._asked[code] = now
            for remote in self._remote:
                if facts := remote.facts(code):
                    self._keep(remote, facts, now)
                    count += 1
                    break
        return count

    def _keep(self, remote: RemoteSource, facts: Facts, now: datetime) -> None:
        with self._factory.begin() as session:
            origin = origin_named(session, _name_of(remote))
            origin.title, origin.rank, origin.is_copy = remote.title, remote.rank, True
            Store(session, origin).write([facts], now)


def _name_of(remote: RemoteSource) -> str:
    return f"{_PREFIX}{remote.rank}"


_PREFIX: Final = "http-"
_KNOWN_OTHERWISE: Final = exists(
    select(Dossier.id)
    .join(DossierOrigin, DossierOrigin.id == Dossier.origin_id)
    .where(Dossier.code == DossierFollow.code, DossierOrigin.name.not_like(f"{_PREFIX}%"))
)
_QUERY: Final = select(DossierFollow.code).distinct().where(~_KNOWN_OTHERWISE)
