"""Writes facts of one origin into the table: re-runnable, and an older state never wins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from knowledge.dossiers.facts import Facts
from knowledge.dossiers.labels import progress
from knowledge.records.dossier import Dossier, DossierOrigin, DossierTopic, DossierUnit, State

_TABLE: Final[Any] = Dossier.__table__  # rows in bulk need none of the ORM's bookkeeping
BATCH: Final = 500  # SQLite takes a limited number of values in one statement
_KEPT: Final = (
    "code", "state", "channel", "received_on", "due_on", "finished_on", "returned_on",
    "supplement_on", "supplement_by", "supplements", "reason", "papers", "amount", "fetch_at",
    "id_proof", "phone_proof", "changed_at",
)  # fmt: skip
_FACTS: Final = attrgetter(*_KEPT)


@dataclass
class Counts:
    """What became of the facts."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0  # left out: what we have is newer
    expired: int = 0  # left out: ended longer ago than is kept


@dataclass
class Store:
    """Writes for one origin; remembers the ids of units and topics while it lives."""

    session: Session
    origin: DossierOrigin
    counts: Counts = field(default_factory=Counts)
    oldest: date | None = None  # what ended before would be erased at once
    _units: dict[tuple[str, str], int] = field(default_factory=dict)
    _topics: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def write(self, facts: Iterable[Facts], now: datetime) -> None:
        """Create, change or leave each dossier; the last facts of a code in a batch count."""
        self._take_turns()
        for batch in _batches(facts):
            self._write_batch(self._newest(batch), now)

    def take_stock(self) -> None:
        """Let PostgreSQL see that a table has grown: it would go on reading it whole for each batch."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(text("ANALYZE dossier"))

    def _newest(self, batch: Sequence[Facts]) -> list[Facts]:
        best: dict[str, Facts] = {}
        for item in batch:
            known = best.get(item.code)
            if known is None or _order(item.changed_at, item) >= _order(known.changed_at, known):
                self.counts.older += known is not None
                best[item.code] = item
            else:
                self.counts.older += 1
        return list(best.values())

    def _write_batch(self, batch: list[Facts], now: datetime) -> None:
        known = self._known([item.code for item in batch])
        created: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        confirmed: list[int] = []
        for item in batch:
            row = known.get(item.code)
            if self._is_expired(item):
                self.counts.expired += 1
            elif row is None:
                created.append(self._values(item, now))
            elif row.fingerprint == item.fingerprint:
                confirmed.append(row.id)
            elif _order(item.changed_at, item) < (row.changed_at, progress(row.state)):
                self.counts.older += 1
            else:
                changed.append({"id": row.id, **self._values(item, now)})
        self._apply(created, changed, confirmed, now)

    def _apply(
        self,
        created: list[dict[str, Any]],
        changed: list[dict[str, Any]],
        confirmed: list[int],
        now: datetime,
    ) -> None:
        if created:
            self.session.execute(insert(_TABLE), created)
        if changed:
            self.session.execute(update(Dossier), changed)
        if confirmed:
            still = update(Dossier).where(Dossier.id.in_(confirmed)).values(synced_at=now)
            self.session.execute(still.execution_options(synchronize_session=False))
        self.counts.created += len(created)
        self.counts.changed += len(changed)
        self.counts.unchanged += len(confirmed)

    def _is_expired(self, item: Facts) -> bool:
        if self.oldest is None or item.finished_on is None or item.finished_on >= self.oldest:
            return False
        return item.state.is_final or item.state is State.DONE

    def _known(self, codes: list[str]) -> dict[str, Any]:
        query = select(
            Dossier.code, Dossier.id, Dossier.state, Dossier.changed_at, Dossier.fingerprint
        ).where(Dossier.origin_id == self.origin.id, Dossier.code.in_(codes))
        return {row.code: row for row in self.session.execute(query)}

    def _values(self, item: Facts, now: datetime) -> dict[str, Any]:
        return dict(zip(_KEPT, _FACTS(item), strict=True)) | {
            "origin_id": self.origin.id,
            "unit_id": self._unit(item),
            "topic_id": self._topic(item),
            "synced_at": now,
            "fingerprint": item.fingerprint,
        }

    def _unit(self, item: Facts) -> int:
        name = (item.agency, item.unit)
        if name not in self._units:
            query = select(DossierUnit).filter_by(agency=item.agency, name=item.unit)
            unit = self.session.scalar(query) or DossierUnit(agency=item.agency, name=item.unit)
            unit.level = item.level
            unit.contact = item.contact or unit.contact
            self.session.add(unit)
            self.session.flush()
            self._units[name] = unit.id
        return self._units[name]

    def _topic(self, item: Facts) -> int:
        name = (item.procedure_code, item.procedure_name, item.sector)
        if name not in self._topics:
            named = dict(zip(("code", "name", "sector"), name, strict=True))
            topic = self.session.scalar(select(DossierTopic).filter_by(**named))
            if topic is None:
                topic = DossierTopic(**named)
                self.session.add(topic)
                self.session.flush()
            self._topics[name] = topic.id
        return self._topics[name]

    def _take_turns(self) -> None:
        """Two writers of one origin go one after the other; SQLite has one writer anyway."""
        if self.session.get_bind().dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(7350005, :origin)")
            self.session.execute(lock, {"origin": self.origin.id})


def _order(moment: datetime, item: Facts) -> tuple[datetime, int]:
    return moment, progress(item.state)


def _batches(facts: Iterable[Facts]) -> Iterator[list[Facts]]:
    rest = iter(facts)
    while batch := list(islice(rest, BATCH)):
        yield batch
