"""What is known of each procedure's link, from its form up to a person's look at the page.

An HTTP 200 proves nothing behind the portal's bot wall, so machines alone never make a link "ok":
(a) the form is of a dead era, (b) the last whole import knows the code under another id or not at
all, (c) the address fails, (d) the wall answered, (e) somebody has read the title on the page.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.catalogue import EVERY_PROVINCE
from knowledge.editions import in_force_on
from knowledge.history import Actor, Refused, remember
from knowledge.importing.runs import last_whole_run
from knowledge.links import LinkEra, classify, deep_link, is_challenge
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import LinkLook, Seen
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, lacks_any


class LinkState(StrEnum):
    """How far a link is known to be right."""

    OK = "ok"
    UNVERIFIED = "unverified"
    BY_CODE = "by_code"
    MOVED = "moved"
    UNLISTED = "unlisted"
    SUSPECT = "suspect"
    WALL = "wall"
    DEAD = "dead"


STATE_NAMES: Final = {
    LinkState.OK: "Đúng trang, đã có người xem",
    LinkState.UNVERIFIED: "Dẫn thẳng, chưa ai xem",
    LinkState.BY_CODE: "Chỉ đến trang tìm theo mã",
    LinkState.MOVED: "Cổng đã đổi mã trang: cần sửa",
    LinkState.UNLISTED: "Không có trong lần nhập gần nhất",
    LinkState.SUSPECT: "Nghi hỏng (không kết nối được)",
    LinkState.WALL: "Máy không kiểm được: cần người mở xem",
    LinkState.DEAD: "Dạng địa chỉ đã chết",
}
MACHINE: Final = "máy"


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """One procedure's link, and the link that should replace it where one is known."""

    slug: str
    code: str
    name: str
    unit: str
    url: str
    state: LinkState
    proposed: str | None = None
    looked_at: datetime | None = None


def check_links(session: Session, on: date, *, province: str = EVERY_PROVINCE) -> list[LinkFinding]:
    """The state of every public link in force, by form, by the last import, by looks."""
    run = last_whole_run(session)
    seen = _seen(session, run.id) if run else None
    looks = _looks(session)
    columns = (
        Procedure.slug, Procedure.code, Revision.name, Revision.owner, Revision.portal_id,
        Revision.kind,
    )  # fmt: skip
    query = select(*columns).join(Revision.procedure).where(in_force_on(on))
    query = query.where(Revision.kind != Kind.INTERNAL).order_by(Procedure.slug)
    if province != EVERY_PROVINCE:
        query = query.where(Revision.province.is_(None) | (Revision.province == province))
    return [_finding(_Row(*row), seen, looks) for row in session.execute(query)]


class _Row(NamedTuple):
    slug: str
    code: str
    name: str
    owner: str | None
    portal_id: str | None
    kind: Kind


def _finding(
    row: _Row, seen: dict[str, str | None] | None, looks: dict[str, LinkLook]
) -> LinkFinding:
    slug, code, name, owner, portal_id, kind = row
    url = deep_link(portal_id, code, kind)
    look = looks.get(slug)
    proposed = None
    if classify(url) is not LinkEra.CURRENT:
        state = LinkState.DEAD
    elif seen is not None and slug not in seen:
        state = LinkState.UNLISTED
    elif seen is not None and seen[slug] and seen[slug] != portal_id:
        state, proposed = LinkState.MOVED, deep_link(seen[slug], code, kind)
    elif not portal_id:
        state = LinkState.BY_CODE
    else:
        state = LinkState(look.finding) if look and look.url == url else LinkState.UNVERIFIED
    looked_at = look.at if look and look.url == url else None
    return LinkFinding(slug, code, name, owner or "(chưa rõ)", url, state, proposed, looked_at)


def _seen(session: Session, run: int) -> dict[str, str | None]:
    query = select(Seen.slug, Seen.portal_id).where(Seen.run_id == run)
    return {row.slug: row.portal_id for row in session.execute(query)}


def _looks(session: Session) -> dict[str, LinkLook]:
    newest = select(func.max(LinkLook.id)).group_by(LinkLook.slug)
    query = select(LinkLook).where(LinkLook.id.in_(newest))
    return {look.slug: look for look in session.scalars(query)}


def looked(session: Session, actor: Actor, code: str, state: LinkState, note: str = "") -> None:
    """Record what a person saw on the page today; those who edit or approve it may."""
    query = (
        select(Revision)
        .join(Revision.procedure)
        .where(Procedure.slug == code, in_force_on(actor.day))
    )
    revision = session.scalars(query).first()
    if revision is None:
        raise Refused([f"không có thủ tục {code} đang hiệu lực"])
    scope = Scope(revision.owner, (revision.sector,))
    if reasons := lacks_any(session, actor, (Duty.EDITOR, Duty.APPROVER), scope):
        raise Refused(reasons)
    look = LinkLook(slug=code, url=revision.deep_link, at=actor.now, by=actor.login)
    look.finding, look.note = state.value, note or None
    session.add(look)
    remember(session, actor, "look_at_link", f"procedure:{code}", finding=state.value)


def state_of_answer(status: int, body: str, *, code: str, name: str) -> LinkState:
    """What an answer over the network tells: least of all its number."""
    if is_challenge(body):
        return LinkState.WALL
    if status >= 400:
        return LinkState.SUSPECT
    text = body.lower()
    if code in text or name.lower() in text:
        return LinkState.OK
    return LinkState.WALL  # a single-page application shows nothing without its script


def visit(
    session: Session,
    findings: Iterable[LinkFinding],
    fetch: Callable[[str], tuple[int, str] | None],
    *,
    now: datetime,
) -> Counter[LinkState]:
    """Try addresses over the network; `fetch` gives status and text, or None if nothing answers."""
    counts: Counter[LinkState] = Counter()
    for finding in findings:
        answer = fetch(finding.url)
        state = (
            LinkState.SUSPECT
            if answer is None
            else state_of_answer(*answer, code=finding.code, name=finding.name)
        )
        look = LinkLook(slug=finding.slug, url=finding.url, at=now, by=MACHINE, finding=state.value)
        session.add(look)
        counts[state] += 1
    return counts


def by_unit(findings: Iterable[LinkFinding]) -> dict[str, Counter[LinkState]]:
    """Counts of states for each publishing agency."""
    counts: defaultdict[str, Counter[LinkState]] = defaultdict(Counter)
    for finding in findings:
        counts[finding.unit][finding.state] += 1
    return dict(sorted(counts.items()))
