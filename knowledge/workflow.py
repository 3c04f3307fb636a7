"""A draft on its way: written, edited, sent to review, approved or sent back. Plain verbs.

Each verb names its actor, checks everything first, and says all that is wrong at once.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from knowledge.editions import mark_of
from knowledge.history import Actor, Refused, remember
from knowledge.publishing import (
    DRAFT_COLUMNS,
    create_draft,
    draft_of,
    missing_parts,
    same_procedure,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, lacks

STATUS_NAMES: Final = {
    Status.DRAFT: "bản nháp",
    Status.IN_REVIEW: "chờ duyệt",
    Status.APPROVED: "đã duyệt",
    Status.PUBLISHED: "đã công bố",
    Status.WITHDRAWN: "đã bỏ",
}
ON_THE_WAY: Final = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)


def write(session: Session, actor: Actor, draft: Draft) -> Revision:
    """A new draft of a procedure, or of its next wording."""
    reasons = lacks(session, actor, Duty.EDITOR, scope_of(draft))
    former = _latest(session, draft)
    if former is not None and former.status in ON_THE_WAY:
        reasons.append(
            f"thủ tục {draft.code} đang có bản số {former.id} ({STATUS_NAMES[former.status]}): "
            "sửa tiếp bản đó"
        )
    if former is not None:
        # A draft must not take another unit's procedure over by naming itself as the owner.
        reasons += [
            r for r in lacks(session, actor, Duty.EDITOR, scope_of(former)) if r not in reasons
        ]
    _stop_at(reasons)
    revision = create_draft(session, draft)
    revision.author = actor.login
    remember(session, actor, "write", subject_of(revision), revision=revision.id)
    return revision


def edit(session: Session, actor: Actor, revision: Revision, draft: Draft, *, version: int) -> None:
    """Replace the facts of a draft, if it is still the one that the editor had before them."""
    _lock(session, revision)
    reasons = _not_in(revision, Status.DRAFT) + lacks(
        session, actor, Duty.EDITOR, scope_of(revision)
    )
    reasons += [r for r in lacks(session, actor, Duty.EDITOR, scope_of(draft)) if r not in reasons]
    if draft.code != revision.code:
        reasons.append(
            f"bản này là của thủ tục {revision.code}, không đổi mã thành {draft.code} được"
        )
    if version != revision.version:
        reasons.append(
            f"bản này đã được sửa từ lúc bạn mở (lần {version}, nay là lần {revision.version}): "
            "mở lại để xem chỗ khác, rồi sửa tiếp"
        )
    _stop_at(reasons)
    for column in DRAFT_COLUMNS:
        setattr(revision, column, getattr(draft, column))
    revision.fingerprint = draft.fingerprint
    revision.mark = mark_of(revision.slug, draft.fingerprint)
    revision.version += 1
    # Whoever changed the words last is their author: they may not approve them either.
    _also_author(revision, actor.login)
    remember(session, actor, "edit", subject_of(revision), revision=revision.id)
    session.flush()


def submit(session: Session, actor: Actor, revision: Revision) -> None:
    """Send a draft to the control office."""
    _lock(session, revision)
    reasons = _not_in(revision, Status.DRAFT)
    reasons += lacks(session, actor, Duty.EDITOR, scope_of(revision))
    reasons += [f"còn thiếu {part}" for part in missing_parts(revision)]
    _move(session, actor, revision, Status.IN_REVIEW, "submit", reasons)


def send_back(session: Session, actor: Actor, revision: Revision, *, reason: str) -> None:
    """Give a draft back to its author, with what is to be mended."""
    _lock(session, revision)
    reasons = _not_in(revision, Status.IN_REVIEW, Status.APPROVED)
    reasons += lacks(session, actor, Duty.APPROVER, scope_of(revision))
    if not reason.strip():
        reasons.append("ghi rõ chỗ cần sửa để người soạn biết")
    _move(session, actor, revision, Status.DRAFT, "send_back", reasons, reason=reason.strip())


def approve(session: Session, actor: Actor, revision: Revision) -> None:
    """Approve a draft; nobody approves their own words."""
    _lock(session, revision)
    reasons = _not_in(revision, Status.IN_REVIEW)
    reasons += lacks(session, actor, Duty.APPROVER, scope_of(revision))
    if actor.login in authors_of(revision):
        reasons.append("người soạn không được tự duyệt: nhờ người khác duyệt")
    _stop_at(reasons)
    revision.approver = actor.login
    _move(session, actor, revision, Status.APPROVED, "approve", [])


def give_up(session: Session, actor: Actor, revision: Revision) -> None:
    """Drop a draft that is not wanted any more; it stays readable."""
    _lock(session, revision)
    reasons = _not_in(revision, *ON_THE_WAY)
    reasons += lacks(session, actor, Duty.EDITOR, scope_of(revision))
    _move(session, actor, revision, Status.WITHDRAWN, "give_up", reasons)


def drafts_on_the_way(session: Session, statuses: Iterable[Status] = ON_THE_WAY) -> list[Revision]:
    """Drafts by status and age."""
    query = (
        select(Revision)
        .options(joinedload(Revision.procedure))
        .where(Revision.status.in_(list(statuses)))
        .order_by(Revision.status, Revision.id)
    )
    return list(session.scalars(query))


def next_wording(session: Session, slug: str) -> Draft | None:
    """The newest wording of a procedure as a draft to start from."""
    query = (
        select(Revision)
        .join(Revision.procedure)
        .where(Procedure.slug == slug, Revision.status == Status.PUBLISHED)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    found = session.scalars(query).one_or_none()
    return draft_of(found) if found else None


def authors_of(revision: Revision) -> list[str]:
    """The logins of all who wrote the words."""
    return (revision.author or "").split(", ") if revision.author else []


def scope_of(facts: Draft | Revision) -> Scope:
    """Whose procedure it is."""
    return Scope(facts.owner, (facts.sector,))


def subject_of(revision: Revision) -> str:
    """The name of the procedure in the history."""
    return f"procedure:{revision.slug}"


def _also_author(revision: Revision, login: str) -> None:
    names = authors_of(revision)
    if login not in names:
        # The column is short: the first author and the latest ones count.
        joined = ", ".join([*names, login])
        revision.author = joined if len(joined) <= 60 else ", ".join([*names[:1], login])


def _latest(session: Session, draft: Draft) -> Revision | None:
    known = session.scalars(select(Procedure).where(Procedure.code == draft.code)).all()
    procedure = same_procedure(known, draft)
    return procedure.revisions[-1] if procedure else None


def _lock(session: Session, revision: Revision) -> None:
    """Read the row as it stands now, and keep others from changing it until the end."""
    session.flush()  # a refresh forgets what was not written yet
    session.refresh(revision, attribute_names=["status", "version", "author"], with_for_update=True)


def _not_in(revision: Revision, *statuses: Status) -> list[str]:
    if revision.status in statuses:
        return []
    wanted = " hoặc ".join(f"«{STATUS_NAMES[status]}»" for status in statuses)
    now = STATUS_NAMES[revision.status]
    return [f"bản số {revision.id} đang ở trạng thái «{now}», việc này cần trạng thái {wanted}"]


def _move(
    session: Session,
    actor: Actor,
    revision: Revision,
    status: Status,
    verb: str,
    reasons: list[str],
    **details: str,
) -> None:
    _stop_at(reasons)
    revision.status = status
    remember(session, actor, verb, subject_of(revision), revision=revision.id, **details)
    session.flush()


def _stop_at(reasons: list[str]) -> None:
    if reasons:
        raise Refused(reasons)
