"""Figures about the listing, as rows that a table can show."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from knowledge.catalogue import EVERY_PROVINCE
from knowledge.checks.across import is_listed_in_time
from knowledge.editions import in_force_on
from knowledge.importing.runs import last_whole_run
from knowledge.links import LinkEra, classify
from knowledge.provinces import plain
from knowledge.publishing import missing_parts
from knowledge.records.content import Level
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind, Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import Change, LinkLook, Proposal, Seen

TOTAL: Final = "Tổng cộng"
UNKNOWN: Final = "(chưa rõ)"

LEVEL_NAMES: Final = {
    Level.MINISTRY: "Cấp bộ",
    Level.PROVINCE: "Cấp tỉnh",
    Level.COMMUNE: "Cấp xã",
    Level.OTHER: "Cơ quan khác",
}


class Grouping(StrEnum):
    """What one row of the listing report stands for."""

    LEVEL = "level"  # cấp thực hiện; a procedure of two levels counts in both rows
    SECTOR = "sector"  # lĩnh vực
    UNIT = "unit"  # cơ quan công bố


@dataclass(frozen=True, slots=True)
class ListingRow:
    """Counts of procedures; each count names its own denominator: those in force."""

    name: str
    in_force: int = 0  # public ones
    direct_link: int = 0  # of those, with the id of their own page on the portal
    dead_link: int = 0  # of those, with a link whose form no longer answers
    complete: int = 0  # of those, with all seven parts of khoản 2 Điều 8 NĐ 63/2010
    list_only: int = 0  # of those, known by name only
    internal: int = 0  # between agencies, not shown to citizens, not counted before
    withdrawn: int = 0
    # Against the last import of a whole catalogue; 0 while there was none.
    listed: int = 0  # in force here, and in that catalogue
    surplus: int = 0  # in force here, not in that catalogue
    missing: int = 0  # in that catalogue, not in force here
    # Decision to national database within the days of QĐ 766/QĐ-TTg, where both days are known.
    timed: int = 0
    in_time: int = 0
    looked_at: int = 0  # with a link that a person has seen
    oldest_look: date | None = None

    def plus(self, other: "ListingRow") -> "ListingRow":
        """The row with the other's counts added; the oldest look of both."""
        mine, theirs = astuple(self)[1:-1], astuple(other)[1:-1]
        looks = [day for day in (self.oldest_look, other.oldest_look) if day]
        sums = (a + b for a, b in zip(mine, theirs, strict=True))
        return replace(ListingRow(self.name, *sums), oldest_look=min(looks, default=None))


def listing_report(
    session: Session, on: date, by: Grouping | str, *, province: str = EVERY_PROVINCE
) -> list[ListingRow]:
    """The listing on a day: one row a level, sector or unit, then the total, each counted once."""
    rows: dict[str, ListingRow] = {}
    total = ListingRow(TOTAL)
    grouping = Grouping(by)
    beside = Beside.load(session)
    for revision in _listed(session, on, province):
        counts = _counts(revision, on, beside)
        total = total.plus(counts)
        for name in _groups(revision, grouping):
            rows[name] = rows.get(name, ListingRow(name)).plus(counts)
    for draft in _missing(session, on, province):
        total = total.plus(ListingRow("", missing=1))
        for name in _groups(draft, grouping):
            rows[name] = rows.get(name, ListingRow(name)).plus(ListingRow("", missing=1))
    by_letter = sorted(rows, key=lambda name: (plain(name), name))
    order = list(LEVEL_NAMES.values()) if grouping is Grouping.LEVEL else by_letter
    names = [name for name in order if name in rows] + [n for n in rows if n not in order]
    return [*(rows[name] for name in names), total]


def names_of(session: Session, slugs: set[str], on: date) -> dict[str, tuple[str, str]]:
    """Name and unit of procedures in force, for lists that staff read."""
    query = select(Procedure.slug, Revision.name, Revision.owner).join(Revision.procedure)
    rows = session.execute(query.where(in_force_on(on)))
    return {slug: (name, owner or UNKNOWN) for slug, name, owner in rows if slug in slugs}


@dataclass(frozen=True, slots=True)
class Beside:
    """What the counts need beside the revisions: the last whole import, and looks at links."""

    seen: frozenset[str] | None
    looks: dict[str, tuple[str, date]]

    @classmethod
    def load(cls, session: Session) -> "Beside":
        """Read both."""
        run = last_whole_run(session)
        seen = None
        if run is not None:
            slugs = session.scalars(select(Seen.slug).where(Seen.run_id == run.id))
            seen = frozenset(slugs)
        query = select(LinkLook).where(LinkLook.by != "máy").order_by(LinkLook.id)
        looks = {one.slug: (one.url, one.at.date()) for one in session.scalars(query)}
        return cls(seen, looks)


def _missing(session: Session, on: date, province: str) -> Iterator[Draft]:
    """What the last whole import lists and the house does not have in force."""
    run = last_whole_run(session)
    if run is None:
        return
    here = select(Procedure.slug).join(Revision.procedure, isouter=False).where(in_force_on(on))
    query = (
        select(Proposal.source_draft)
        .where(Proposal.run_id == run.id, Proposal.change == Change.NEW)
        .where(Proposal.slug.not_in(here))
    )
    for text in session.scalars(query):
        draft = Draft.model_validate_json(text or "{}")
        is_ours = province == EVERY_PROVINCE or draft.province in (None, province)
        if draft.kind is not Kind.INTERNAL and is_ours:
            yield draft


def _listed(session: Session, on: date, province: str) -> Iterator[Revision]:
    """Revisions in force, and the last one of each procedure that is not in force any more."""
    still = select(Revision.procedure_id).where(in_force_on(on))
    former = (
        select(func.max(Revision.id))
        .where(Revision.status == Status.PUBLISHED, Revision.in_force_to <= on)
        .where(Revision.procedure_id.not_in(still))
        .group_by(Revision.procedure_id)
    )
    for condition in (in_force_on(on), Revision.id.in_(former)):
        query = select(Revision).options(joinedload(Revision.procedure)).where(condition)
        if province != EVERY_PROVINCE:
            query = query.where(Revision.province.is_(None) | (Revision.province == province))
        yield from _streamed(session, query)


def _streamed(session: Session, query: Select[Revision]) -> Iterator[Revision]:
    for (revision,) in session.execute(query.execution_options(yield_per=200)):
        yield revision
        session.expunge(revision)


def _counts(revision: Revision, on: date, beside: Beside) -> ListingRow:
    if revision.in_force_to is not None and revision.in_force_to <= on:
        return ListingRow("", withdrawn=1)
    if revision.kind is Kind.INTERNAL:
        return ListingRow("", internal=1)
    era = classify(revision.deep_link)
    return ListingRow(
        "",
        in_force=1,
        direct_link=int(bool(revision.portal_id) and era is LinkEra.CURRENT),
        dead_link=int(era is not LinkEra.CURRENT),
        complete=int(not missing_parts(revision)),
        list_only=int(revision.is_list_only),
        **_compared(revision, beside),
        **_timed(revision),
        **_looked_at(revision, beside),
    )


def _compared(revision: Revision, beside: Beside) -> dict[str, Any]:
    if beside.seen is None:
        return {}
    is_listed = revision.slug in beside.seen
    return {"listed": int(is_listed), "surplus": int(not is_listed)}


def _timed(revision: Revision) -> dict[str, Any]:
    in_time = is_listed_in_time(revision)
    return {} if in_time is None else {"timed": 1, "in_time": int(in_time)}


def _looked_at(revision: Revision, beside: Beside) -> dict[str, Any]:
    url, day = beside.looks.get(revision.slug, (None, None))
    return {"looked_at": 1, "oldest_look": day} if url == revision.deep_link else {}


def _groups(revision: Revision | Draft, by: Grouping) -> list[str]:
    match by:
        case Grouping.LEVEL:
            return [LEVEL_NAMES[level] for level in revision.levels] or [UNKNOWN]
        case Grouping.SECTOR:
            return [revision.sector]
        case Grouping.UNIT:
            return [revision.owner or UNKNOWN]
