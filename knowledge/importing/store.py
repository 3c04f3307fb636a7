"""Storing what was read: new, changed or unchanged, a few hundred records a transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, defer, selectinload, sessionmaker

from knowledge.importing.problems import Problem
from knowledge.importing.runs import begin, missing_from
from knowledge.importing.settling import Settled, completed_from, settle, written
from knowledge.importing.sources import Item, files_under, items_of
from knowledge.publishing import (
    CannotPublish,
    add_revision,
    new_procedure,
    publish,
    record_as_former,
    same_procedure,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import ImportRun

BATCH: Final = 300
VIETNAM: Final = timezone(timedelta(hours=7))

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    created: int = 0  # procedures that were not known
    changed: int = 0  # procedures with a new revision
    unchanged: int = 0
    published: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def records(self) -> int:
        """How many records were read without a fault."""
        return self.created + self.changed + self.unchanged


@dataclass(slots=True)
class Tally:
    """The report while it is being made."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    published: int = 0
    conflicts: list[Problem] = field(default_factory=list)

    def note_conflicts(self, draft: Draft, settled: Settled) -> None:
        """Tell where both the source and staff changed something: ours stayed."""
        for conflict in settled.conflicts:
            says = f"giữ bản đã sửa ở đây; nguồn nay ghi khác: {conflict}"
            self.conflicts.append(Problem(draft.source, draft.code, says))

    def add(self, other: "Tally") -> None:
        """Take over the counts of a batch that was stored."""
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.published += other.published
        self.conflicts += other.conflicts


Settle = Callable[[Draft, Procedure], Settled | None]
Note = Callable[[Session, list[tuple[Procedure, Draft]]], None]


def settled_by_source(draft: Draft, procedure: Procedure) -> Settled | None:
    """The draft with what its source cannot know, or None if it tells nothing new."""
    return settle(draft, procedure.revisions)


@dataclass(frozen=True, slots=True)
class Orders:
    """How drafts are to be stored, and what one means for a procedure that is known already."""

    publish: bool
    today: date
    settle: Settle = settled_by_source
    note: Note | None = None  # told of each batch, within its transaction

    @property
    def now(self) -> datetime:
        """The start of the day in Vietnam: an import knows its day, not its hour."""
        return datetime.combine(self.today, time(), VIETNAM)


def import_paths(
    session_factory: sessionmaker[Session],
    paths: Iterable[Path],
    *,
    publish: bool,
    today: date,
    progress: Progress | None = None,
    legacy: bool = False,
) -> ImportReport:
    """Read the files and folders and store what is new; a second run finds all unchanged."""
    files = [file for path in paths for file in files_under(Path(path))]
    items = (item for file in files for item in items_of(file, legacy=legacy))
    orders = Orders(publish, today)
    run = begin(
        session_factory, files, day=today, now=orders.now, kind=f"import:{publish}:{legacy}"
    )
    report = store(session_factory, items, replace(orders, note=run.note), progress)
    with session_factory.begin() as session:
        record = session.get_one(ImportRun, run.id)
        record.is_whole = missing_from(session, run, today, whole=None) is not None
        record.finished_at = orders.now
        record.counts = {"sources": sorted(run.sources), "read": report.records}
    return report


def store(
    session_factory: sessionmaker[Session],
    items: Iterable[Item],
    orders: Orders,
    progress: Progress | None = None,
) -> ImportReport:
    """Store drafts as they come; a bad record is a problem and costs only itself."""
    total = Tally()
    problems: list[Problem] = []
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        problems += [item for item in batch if isinstance(item, Problem)]
        drafts = [item for item in batch if isinstance(item, Draft)]
        problems += _store_batch(session_factory, drafts, orders, total)
        if progress:
            progress(total.created + total.changed + total.unchanged + len(problems), None)
    return ImportReport(
        created=total.created,
        changed=total.changed,
        unchanged=total.unchanged,
        published=total.published,
        problems=(*problems, *total.conflicts),
    )


def _store_batch(
    factory: sessionmaker[Session], drafts: list[Draft], orders: Orders, total: Tally
) -> list[Problem]:
    try:
        return _store_together(factory, drafts, orders, total)
    except DBAPIError:
        # One of them cannot be stored. One at a time, the others still can.
        return list(_store_singly(factory, drafts, orders, total))


def _store_together(
    factory: sessionmaker[Session], drafts: list[Draft], orders: Orders, total: Tally
) -> list[Problem]:
    tally = Tally()
    problems: list[Problem] = []
    with factory.begin() as session:
        known = known_procedures(session, {draft.code for draft in drafts})
        met = []
        for draft in drafts:
            try:
                procedure = _store_one(session, known[draft.code], draft, orders, tally)
                met.append((procedure, draft))
            except CannotPublish as refusal:
                problems.append(Problem(draft.source, draft.code, str(refusal)))
        if orders.note:
            orders.note(session, met)
    total.add(tally)
    return problems


def _store_singly(
    factory: sessionmaker[Session], drafts: list[Draft], orders: Orders, total: Tally
) -> Iterator[Problem]:
    for draft in drafts:
        try:
            yield from _store_together(factory, [draft], orders, total)
        except DBAPIError as error:
            says = f"cơ sở dữ liệu không nhận bản ghi này: {error.orig}"
            yield Problem(draft.source, draft.code, says)


def known_procedures(session: Session, codes: set[str]) -> defaultdict[str, list[Procedure]]:
    """The procedures with these codes, their revisions without the heavy content."""
    without_content = selectinload(Procedure.revisions).options(defer(Revision.content))
    query = select(Procedure).where(Procedure.code.in_(codes)).options(without_content)
    known: defaultdict[str, list[Procedure]] = defaultdict(list)
    for procedure in session.scalars(query.order_by(Procedure.id)):
        known[procedure.code].append(procedure)
    return known


def _store_one(
    session: Session, known: list[Procedure], draft: Draft, orders: Orders, tally: Tally
) -> Procedure:
    procedure = same_procedure(known, draft)
    if procedure is None:
        procedure = new_procedure(known, draft)
        session.add(procedure)
        known.append(procedure)
        revision = add_revision(procedure, draft)
        tally.created += 1
    elif settled := orders.settle(draft, procedure):
        if settled.conflicts or settled.kept:
            tally.note_conflicts(draft, settled)
        if settled.draft.fingerprint == settled.latest.fingerprint:
            settled.latest.origin = written(settled.origin)  # the next import starts from here
            tally.unchanged += 1
            return procedure
        revision = add_revision(procedure, settled.draft)
        revision.origin = written(settled.origin)
        tally.changed += 1
    else:
        tally.unchanged += 1
        revision = procedure.revisions[-1]
        # The same record, imported before without publishing it, is published now.
        if completed_from(draft, revision).fingerprint != revision.fingerprint:
            return procedure
    if orders.publish and revision.status is Status.DRAFT and revision.author is None:
        _put_in_force(session, revision, draft, orders)
        tally.published += 1
    return procedure


def _put_in_force(session: Session, revision: Revision, draft: Draft, orders: Orders) -> None:
    if draft.is_current:
        publish(session, revision, decision=None, effective_from=orders.today, now=orders.now)
    else:
        until = draft.source_date or orders.today
        record_as_former(revision, until=until, now=orders.now)
