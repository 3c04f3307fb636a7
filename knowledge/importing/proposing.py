"""An import as proposals: nothing changes for citizens until staff accept."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from knowledge.importing.merging import differences
from knowledge.importing.problems import Problem
from knowledge.importing.runs import Run, begin, missing_from
from knowledge.importing.settling import settle
from knowledge.importing.sources import Item, files_under, items_of
from knowledge.importing.store import BATCH, known_procedures
from knowledge.publishing import draft_of, new_procedure, same_procedure
from knowledge.records.draft import Draft
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import Change, ImportRun, Proposal, Verdict

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ProposalReport:
    """What an import proposes."""

    run: int
    new: int
    changed: int
    gone: int
    unchanged: int
    conflicts: int
    is_whole: bool
    resumed_at: int  # items that an earlier, killed run had worked off
    problems: tuple[Problem, ...]


def propose_paths(
    factory: sessionmaker[Session],
    paths: Iterable[Path],
    *,
    today: date,
    now: datetime,
    whole: bool | None = None,
    legacy: bool = False,
    progress: Progress | None = None,
) -> ProposalReport:
    """Read the files and propose; killed, it goes on where it was when it is called again."""
    files = [file for path in paths for file in files_under(Path(path))]
    run = begin(factory, files, day=today, now=now, kind=f"propose:{legacy}")
    resumed_at = run.position
    items = (item for file in files for item in items_of(file, legacy=legacy))
    for batch in _batches(islice(items, resumed_at, None)):
        with factory.begin() as session:
            _propose_batch(session, run, batch)
        if progress:
            progress(run.position, None)
    with factory.begin() as session:
        return _finished(session, run, resumed_at, today=today, now=now, whole=whole)


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _propose_batch(session: Session, run: Run, batch: list[Item]) -> None:
    record = session.get_one(ImportRun, run.id)
    counts = Counter({k: v for k, v in record.counts.items() if k != "sources"})
    problems = [item for item in batch if isinstance(item, Problem)]
    drafts = [item for item in batch if isinstance(item, Draft)]
    known = known_procedures(session, {draft.code for draft in drafts})
    met = []
    for draft in drafts:
        procedure = same_procedure(known[draft.code], draft)
        if procedure is None:
            # Named here, but neither stored nor found by others until staff accept.
            procedure = new_procedure(known[draft.code], draft)
        proposal = _proposal(session, run.id, procedure, draft)
        if procedure.slug not in run.seen:
            counts[proposal.change.value if proposal else "unchanged"] += 1
            counts["conflicts"] += bool(proposal and proposal.has_conflict)
            if proposal:
                session.add(proposal)
        met.append((procedure, draft))
        run.note(session, [(procedure, draft)])
    run.position += len(batch)
    record.position = run.position
    record.counts = dict(counts) | {"sources": sorted(run.sources)}
    told = [*record.problems.get("list", ()), *(list(problem) for problem in problems)]
    record.problems = {"list": told}


def _proposal(session: Session, run: int, procedure: Procedure, draft: Draft) -> Proposal | None:
    """What the draft proposes for its procedure; None if it tells nothing new."""
    facts = {
        "run_id": run,
        "slug": procedure.slug,
        "code": draft.code,
        "name": draft.name,
        "source_draft": draft.model_dump_json(exclude_defaults=True),
    }
    if not procedure.revisions:
        return Proposal(change=Change.NEW, differences={"fields": []}, has_conflict=False, **facts)
    settled = settle(draft, procedure.revisions)
    if settled is None or _was_rejected(session, procedure.slug, draft):
        return None
    told = [str(d) for d in differences(draft_of(settled.latest), settled.draft)]
    conflicts = [str(conflict) for conflict in settled.conflicts]
    if not told and not conflicts:
        return None
    said = {"fields": told, "conflicts": conflicts, "kept": list(settled.kept)}
    return Proposal(change=Change.CHANGED, differences=said, has_conflict=bool(conflicts), **facts)


def _was_rejected(session: Session, slug: str, draft: Draft) -> bool:
    """Whether staff refused just these facts before: they are not asked twice."""
    query = select(Proposal.source_draft).where(
        Proposal.slug == slug, Proposal.verdict == Verdict.REJECTED
    )
    stored = [text for text in session.scalars(query) if text]
    return any(Draft.model_validate_json(t).fingerprint == draft.fingerprint for t in stored)


def _finished(
    session: Session, run: Run, resumed_at: int, *, today: date, now: datetime, whole: bool | None
) -> ProposalReport:
    record = session.get_one(ImportRun, run.id)
    gone = missing_from(session, run, today, whole=whole)
    record.is_whole = gone is not None
    record.finished_at = now
    earlier = (
        update(Proposal)
        .where(Proposal.run_id < run.id, Proposal.verdict == Verdict.OPEN)
        .values(verdict=Verdict.OVERTAKEN, decided_at=now)
    )
    if gone is None:
        mine = select(Proposal.slug).where(Proposal.run_id == run.id)
        earlier = earlier.where(Proposal.slug.in_(mine.scalar_subquery()))
    session.execute(earlier.execution_options(synchronize_session=False))
    session.add_all(_gone(session, run.id, gone or set()))
    counts = {**record.counts, "gone": len(gone or ())}
    record.counts = counts
    names = ("new", "changed", "gone", "unchanged", "conflicts")
    problems = tuple(Problem(*row) for row in record.problems.get("list", ()))
    numbers = {name: int(counts.get(name, 0)) for name in names}
    return ProposalReport(
        run.id, **numbers, is_whole=record.is_whole, resumed_at=resumed_at, problems=problems
    )


def _gone(session: Session, run: int, slugs: set[str]) -> Iterator[Proposal]:
    query = (
        select(Procedure.slug, Procedure.code, Revision.name)
        .join(Revision.procedure)
        .where(Procedure.slug.in_(slugs))
        .order_by(Revision.number)
    )
    names = {slug: (code, name) for slug, code, name in session.execute(query)}
    for slug, (code, name) in sorted(names.items()):
        facts = {"run_id": run, "slug": slug, "code": code, "name": name}
        yield Proposal(change=Change.GONE, differences={}, has_conflict=False, **facts)
