"""One import as a record: what it read, how far it came, and which procedures it saw."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editions import in_force_on
from knowledge.records.draft import Draft
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import ImportRun, Seen

WHOLE_FROM: Final = 0.9  # an import that names so much of what is in force is a whole catalogue
FEW: Final = 20  # below that many nothing is concluded


class Run:
    """A run at work; what it saw is known without asking the database for each record."""

    def __init__(self, run: ImportRun, seen: set[str], sources: set[str]) -> None:
        self.id = run.id
        self.position = run.position
        self.seen = seen
        self.sources = sources

    def note(self, session: Session, met: Sequence[tuple[Procedure, Draft]]) -> None:
        """Remember the procedures of one batch, in the batch's own transaction."""
        for procedure, draft in met:
            self.sources.add(draft.source)
            if procedure.slug in self.seen or not draft.is_current:
                continue
            self.seen.add(procedure.slug)
            session.add(
                Seen(
                    run_id=self.id,
                    slug=procedure.slug,
                    code=procedure.code,
                    portal_id=draft.portal_id,
                )
            )


def digest_of(files: Iterable[Path]) -> str:
    """A hash over what the files hold; a folder given again is the same import."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0")
        if file.is_file():
            with file.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def begin(
    factory: sessionmaker[Session], files: Sequence[Path], *, day: date, now: datetime, kind: str
) -> Run:
    """A new run, or the one that was killed while it read the same files."""
    digest = hashlib.sha256(f"{kind}:{digest_of(files)}".encode()).hexdigest()
    label = ", ".join(file.name for file in files[:5]) + (" …" if len(files) > 5 else "")
    with factory.begin() as session:
        unfinished = select(ImportRun).where(
            ImportRun.digest == digest, ImportRun.finished_at.is_(None)
        )
        run = session.scalars(unfinished.order_by(ImportRun.id.desc()).limit(1)).one_or_none()
        if run is None:
            run = ImportRun(
                label=label, digest=digest, day=day, started_at=now, counts={}, problems={}
            )
            run.position, run.is_whole = 0, False
            session.add(run)
            session.flush()
        slugs = set(session.scalars(select(Seen.slug).where(Seen.run_id == run.id)))
        return Run(run, slugs, set(run.counts.get("sources", ())))


def missing_from(session: Session, run: Run, on: date, *, whole: bool | None) -> set[str] | None:
    """Slugs in force of the run's sources that it did not see; None if it was only a part."""
    query = select(Procedure.slug, Revision.source).join(Revision.procedure).where(in_force_on(on))
    families = {family_of(source) for source in run.sources}
    ours = {slug for slug, source in session.execute(query) if family_of(source) in families}
    share = len(ours & run.seen) / len(ours) if ours else 0.0
    is_whole = whole if whole is not None else len(ours) >= FEW and share >= WHOLE_FROM
    return ours - run.seen if is_whole else None


def family_of(source: str) -> str:
    """Where a source comes from, whatever its form: its name without what stands in brackets."""
    return source.split("(", maxsplit=1)[0].strip()


def last_whole_run(session: Session) -> ImportRun | None:
    """The last finished import of a whole catalogue."""
    query = select(ImportRun).where(ImportRun.is_whole, ImportRun.finished_at.is_not(None))
    return session.scalars(query.order_by(ImportRun.id.desc()).limit(1)).one_or_none()
