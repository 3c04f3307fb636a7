"""What staff do with the proposals of an import: read, accept, reject; all, some, or none."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from knowledge.history import Actor, Refused, remember
from knowledge.importing.settling import Settled, settle, written
from knowledge.publishing import (
    CannotPublish,
    add_revision,
    draft_of,
    new_procedure,
    publish,
    record_as_former,
    same_procedure,
    withdraw_procedure,
)
from knowledge.records.draft import Draft
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import Change, Proposal, Verdict
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, lacks
from knowledge.workflow import scope_of


def open_proposals(
    session: Session,
    *,
    codes: Sequence[str] = (),
    change: Change | None = None,
    conflicts_only: bool = False,
) -> list[Proposal]:
    """The proposals that wait for staff, oldest first."""
    query = select(Proposal).where(Proposal.verdict == Verdict.OPEN).order_by(Proposal.id)
    if codes:
        query = query.where(Proposal.code.in_(codes) | Proposal.slug.in_(codes))
    if change:
        query = query.where(Proposal.change == change)
    if conflicts_only:
        query = query.where(Proposal.has_conflict)
    return list(session.scalars(query))


def accept(
    session: Session, actor: Actor, proposal: Proposal, *, on: date, take_source: bool = False
) -> None:
    """Put what the source says in force from the day on; our corrections stay unless refused."""
    reasons = _not_open(proposal)
    procedure, draft = _subject(session, proposal)
    reasons += lacks(session, actor, Duty.APPROVER, _scope(procedure, draft))
    if reasons:
        raise Refused(reasons)
    try:
        if draft is None:
            assert procedure is not None
            withdraw_procedure(session, procedure, successor_code=None, on=on)
        else:
            _take(session, actor, draft, procedure, on=on, take_source=take_source)
    except CannotPublish as refusal:
        raise Refused([f"{proposal.code}: {reason}" for reason in refusal.reasons]) from None
    _decide(session, actor, proposal, Verdict.ACCEPTED, take_source=take_source)


def reject(session: Session, actor: Actor, proposal: Proposal, *, reason: str = "") -> None:
    """Leave things as they are; the same facts are not proposed again."""
    procedure, draft = _subject(session, proposal)
    reasons = _not_open(proposal) + lacks(session, actor, Duty.APPROVER, _scope(procedure, draft))
    if reasons:
        raise Refused(reasons)
    _decide(session, actor, proposal, Verdict.REJECTED, reason=reason)


def _not_open(proposal: Proposal) -> list[str]:
    if proposal.verdict is Verdict.OPEN:
        return []
    return [
        f"đề nghị về {proposal.code} đã có người quyết: {proposal.decided_by or 'lần nhập sau'}"
    ]


def _subject(session: Session, proposal: Proposal) -> tuple[Procedure | None, Draft | None]:
    query = select(Procedure).where(Procedure.code == proposal.code).with_for_update()
    known = session.scalars(query.options(selectinload(Procedure.revisions))).all()
    if proposal.source_draft is None:
        return next((one for one in known if one.slug == proposal.slug), None), None
    draft = Draft.model_validate_json(proposal.source_draft)
    return same_procedure(known, draft), draft


def _scope(procedure: Procedure | None, draft: Draft | None) -> Scope | None:
    if procedure is not None and procedure.revisions:
        return scope_of(procedure.revisions[-1])
    return scope_of(draft) if draft else None


def _take(
    session: Session,
    actor: Actor,
    draft: Draft,
    procedure: Procedure | None,
    *,
    on: date,
    take_source: bool,
) -> None:
    if procedure is None:
        known = session.scalars(select(Procedure).where(Procedure.code == draft.code)).all()
        procedure = new_procedure(known, draft)
        session.add(procedure)
    settled = _settled(draft, procedure, take_source=take_source)
    if settled is None:
        return  # what was proposed has come about in the meantime
    if procedure.revisions and not _is_news(settled):
        settled.latest.origin = written(settled.origin)
        return
    revision = add_revision(procedure, settled.draft)
    revision.approver = actor.login
    revision.origin = written(settled.origin)
    if draft.is_current:
        publish(session, revision, decision=None, effective_from=on, now=actor.now)
    else:
        record_as_former(revision, until=draft.source_date or on, now=actor.now)


def _settled(draft: Draft, procedure: Procedure, *, take_source: bool) -> Settled | None:
    if not procedure.revisions:
        return Settled(draft, Revision())
    if take_source:
        return Settled(draft, procedure.revisions[-1])
    return settle(draft, procedure.revisions)


def _is_news(settled: Settled) -> bool:
    return settled.draft.fingerprint != draft_of(settled.latest).fingerprint


def _decide(
    session: Session, actor: Actor, proposal: Proposal, verdict: Verdict, **details: str | bool
) -> None:
    proposal.verdict = verdict
    proposal.decided_by = actor.login
    proposal.decided_at = actor.now
    subject = f"procedure:{proposal.slug}"
    change = proposal.change.value
    remember(session, actor, f"{verdict.value}_proposal", subject, change=change, **details)
    session.flush()
