"""The procedures in force on a day, loaded once, read-only, shared by all threads."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from threading import Lock
from types import MappingProxyType
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from knowledge.database import read_only
from knowledge.editions import edition_of, in_force_on, revision_of_edition, standing_of
from knowledge.links import deep_link
from knowledge.records.content import Content, Level
from knowledge.records.kinds import Kind, Status
from knowledge.records.procedure import Procedure, Revision

__all__ = ["Catalogue", "Listing", "Withdrawn", "edition_of", "load_catalogue", "standing_of"]

EVERY_PROVINCE: Final = "all"
_KEPT_REVISIONS: Final = 2_000  # of some 30 kB each; reading one anew takes 1.5 ms


_IN_FULL: Final = (
    select(Revision)
    .options(joinedload(Revision.procedure))
    .where(Revision.id == bindparam("wanted"))
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is needed of a procedure to find it and to name it."""

    slug: str
    code: str
    revision_id: int
    name: str
    levels: tuple[Level, ...]
    sector: str
    kind: Kind
    province: str | None
    owner: str | None
    portal_id: str | None
    applicants: tuple[str, ...]
    executing: tuple[str, ...]
    everyday_names: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def deep_link(self) -> str:
        """The procedure's own page on the National Portal."""
        return deep_link(self.portal_id, self.code, self.kind)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A procedure that was in force once and is no longer."""

    code: str
    name: str
    successor_code: str | None
    on: date | None


class Catalogue:
    """What citizens may be told on the day it was loaded for."""

    def __init__(
        self,
        factory: sessionmaker[Session],
        edition: str,
        listings: Mapping[str, Listing],
        internal: frozenset[str],
        withdrawn: Mapping[str, Withdrawn],
    ) -> None:
        self.edition = edition
        self.standing = edition  # with what is no longer in force; see `standing_of`
        self.day = date.max  # what is in force on this day
        self.listings = MappingProxyType(dict(listings))
        self._factory = factory
        self._internal = internal
        self._withdrawn = withdrawn
        self._by_code: dict[str, tuple[Listing, ...]] = {}
        for listing in listings.values():
            self._by_code[listing.code] = (*self._by_code.get(listing.code, ()), listing)
        self._kept: OrderedDict[str, Revision] = OrderedDict()
        self._lock = Lock()

    def by_code(self, code: str) -> tuple[Listing, ...]:
        """The public procedures with the code: usually one, two where provinces share it."""
        return self._by_code.get(code, ())

    def is_internal(self, code: str) -> bool:
        """True for a procedure between agencies, which citizens are not shown."""
        return code in self._internal

    def withdrawn(self, code: str) -> Withdrawn | None:
        """What is known of a code that is no longer in force."""
        return self._withdrawn.get(code)

    def revision(self, slug: str) -> Revision:
        """The revision in force, in full and free of any session; KeyError if not listed."""
        with self._lock:
            if slug in self._kept:
                self._kept.move_to_end(slug)
                return self._kept[slug]
        revision = self._load(self.listings[slug].revision_id)
        with self._lock:
            self._kept[slug] = revision
            while len(self._kept) > _KEPT_REVISIONS:
                self._kept.popitem(last=False)
        return revision

    def of_edition(self, code: str) -> Revision | None:
        """The public revision with that edition code, in force or not, free of any session."""
        with read_only(self._factory) as session:
            revision = revision_of_edition(session, code)
            session.expunge_all()
        return revision if revision and revision.kind is not Kind.INTERNAL else None

    def _load(self, revision_id: int) -> Revision:
        with read_only(self._factory) as session:
            revision = session.scalars(_IN_FULL, {"wanted": revision_id}).one()
            session.expunge_all()
            return revision

    def bodies(self) -> Iterator[tuple[str, str]]:
        """Slug and searchable text of every listing, a few in memory at a time."""
        slugs = {listing.revision_id: slug for slug, listing in self.listings.items()}
        ids = list(slugs)
        for start in range(0, len(ids), 200):
            query = select(Revision.id, Revision.content).where(
                Revision.id.in_(ids[start : start + 200])
            )
            with read_only(self._factory) as session:
                rows = session.execute(query).all()
            for revision_id, content in rows:
                yield slugs[revision_id], body_of(content)

    def texts(self, slug: str) -> str:
        """The searchable text of one listing."""
        return body_of(self.revision(slug).content)


def body_of(content: Content) -> str:
    """The parts of a record in which a citizen's words may be found, one a line."""
    lines = [case.name for case in content.cases]
    lines += [document.name for document in content.documents]
    lines += [*content.results, *content.steps, *content.executing, *content.competent]
    return "\n".join(lines)


def load_catalogue(
    session_factory: sessionmaker[Session], *, on: date, province: str = EVERY_PROVINCE
) -> Catalogue:
    """The catalogue of a day, for one province (its own and the central ones) or for all."""
    with read_only(session_factory) as session:
        edition, standing = edition_of(session, on), standing_of(session, on)
        listings = _in_force(session, on)
        withdrawn = _withdrawn(session, on)
    internal = frozenset(row.code for row in listings if row.kind is Kind.INTERNAL)
    public = {
        row.slug: row
        for row in listings
        if row.kind is not Kind.INTERNAL
        and (province == EVERY_PROVINCE or row.province in (None, province))
    }
    internal -= {row.code for row in public.values()}
    catalogue = Catalogue(session_factory, edition, public, internal, withdrawn)
    catalogue.standing, catalogue.day = standing, on
    for slug in islice(public, 1):
        catalogue.revision(slug)  # so that the first citizen does not wait for the first query
    return catalogue


def first_day(session_factory: sessionmaker[Session]) -> date | None:
    """The first day on which anything was in force, as far as the house knows."""
    with read_only(session_factory) as session:
        query = select(func.min(Revision.in_force_from)).where(
            Revision.status == Status.PUBLISHED,
            Revision.in_force_to.is_distinct_from(Revision.in_force_from),
        )
        return session.scalar(query)


def _in_force(session: Session, on: date) -> list[Listing]:
    columns = (
        Procedure.slug,
        Procedure.code,
        Revision.id.label("revision_id"),
        Revision.name,
        Revision.levels,
        Revision.sector,
        Revision.kind,
        Revision.province,
        Revision.owner,
        Revision.portal_id,
        Revision.applicants,
        Revision.executing,
        Revision.everyday_names,
        Revision.keywords,
    )
    query = (
        select(*columns).join(Revision.procedure).where(in_force_on(on)).order_by(Procedure.slug)
    )
    return [Listing(**row._asdict()) for row in session.execute(query)]


def _withdrawn(session: Session, on: date) -> dict[str, Withdrawn]:
    still_in_force = select(Revision.procedure_id).where(in_force_on(on))
    query = (
        select(Procedure.code, Revision.name, Procedure.successor_code, Procedure.withdrawn_on)
        .join(Revision.procedure)
        .where(Revision.status == Status.PUBLISHED, Revision.in_force_to <= on)
        .where(Procedure.id.not_in(still_in_force))
        .order_by(Revision.number)
    )
    rows = [Withdrawn(*row) for row in session.execute(query)]
    alive = set(session.scalars(select(Procedure.code).where(Procedure.id.in_(still_in_force))))
    return {row.code: row for row in rows if row.code not in alive}
