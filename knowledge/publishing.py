"""The verbs of publishing: draft, publish, withdraw. What was published is never edited.

The caller gives the time; a verb checks everything first and says all that is wrong at once.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from knowledge.editions import mark_of
from knowledge.provinces import plain
from knowledge.records.decision import Decision, DecisionItem
from knowledge.records.draft import Draft
from knowledge.records.kinds import Action, Status
from knowledge.records.procedure import Procedure, Revision

DRAFT_COLUMNS = (
    "name",
    "levels",
    "sector",
    "kind",
    "province",
    "owner",
    "decision_number",
    "decision_date",
    "portal_id",
    "source",
    "source_date",
    "listed_on",
    "agency_codes",
    "is_suspect",
    "content",
)


class CannotPublish(Exception):
    """A revision cannot be published; `reasons` are sentences for staff."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("Chưa thể công bố: " + "; ".join(self.reasons))


def create_draft(session: Session, draft: Draft) -> Revision:
    """The draft as the next revision of its procedure, which is made if it is new."""
    with_code = select(Procedure).where(Procedure.code == draft.code)
    known = session.scalars(with_code.options(selectinload(Procedure.revisions))).all()
    procedure = same_procedure(known, draft)
    if procedure is None:
        procedure = new_procedure(known, draft)
        session.add(procedure)
    revision = add_revision(procedure, draft)
    session.flush()
    return revision


def same_procedure(known: Iterable[Procedure], draft: Draft) -> Procedure | None:
    """The procedure that the draft speaks of, among those that share its code.

    Only two different provinces make two procedures out of one code.
    """
    for procedure in known:
        province = procedure.revisions[-1].province
        if draft.province is None or province is None or province == draft.province:
            return procedure
    return None


def new_procedure(known: Iterable[Procedure], draft: Draft) -> Procedure:
    """A procedure whose slug is its code, or code@owner if another has the code already."""
    owner = plain(draft.owner or draft.province or "khac").replace(" ", "-")
    slug = f"{draft.code}@{owner}"[:120] if list(known) else draft.code
    return Procedure(code=draft.code, slug=slug)


def add_revision(procedure: Procedure, draft: Draft) -> Revision:
    """The draft's facts as the procedure's next revision, not yet published."""
    last = procedure.revisions[-1].number if procedure.revisions else 0
    facts = {column: getattr(draft, column) for column in DRAFT_COLUMNS}
    fingerprint = draft.fingerprint
    revision = Revision(
        number=last + 1,
        status=Status.DRAFT,
        fingerprint=fingerprint,
        mark=mark_of(procedure.slug, fingerprint),
        **facts,
    )
    procedure.revisions.append(revision)
    return revision


def draft_of(revision: Revision) -> Draft:
    """The revision's facts as a draft again: the start of the next wording."""
    facts = {column: getattr(revision, column) for column in DRAFT_COLUMNS}
    return Draft(code=revision.code, **facts)


def publish(
    session: Session,
    revision: Revision,
    *,
    decision: Decision | None,
    effective_from: date,
    now: datetime,
) -> None:
    """Put the revision in force from the day on, and end the one before it on that day."""
    former = current_revision(revision.procedure)
    if reasons := violations(revision, former, decision, effective_from):
        raise CannotPublish(reasons)
    if former is not None:
        former.in_force_to = effective_from
    revision.status = Status.PUBLISHED
    revision.in_force_from = effective_from
    revision.published_at = now
    revision.procedure.withdrawn_on = None
    revision.procedure.successor_code = None
    if decision is not None:
        action = Action.AMENDED if former else Action.NEW
        decision.items.append(DecisionItem(procedure_slug=revision.slug, action=action))
        session.add(decision)
    session.flush()


def record_as_former(revision: Revision, *, until: date, now: datetime) -> None:
    """Keep a revision of which we know only that it is no longer in force."""
    revision.status = Status.PUBLISHED
    revision.in_force_to = until
    revision.published_at = now


def current_revision(procedure: Procedure) -> Revision | None:
    """The published revision that has no end yet."""
    published = [
        revision
        for revision in procedure.revisions
        if revision.status is Status.PUBLISHED and revision.in_force_to is None
    ]
    return published[-1] if published else None


def violations(
    revision: Revision, former: Revision | None, decision: Decision | None, effective_from: date
) -> list[str]:
    """All that keeps the revision from being published, in sentences for staff."""
    found: list[str] = []
    if revision.status is Status.PUBLISHED:
        found.append("bản này đã công bố: hãy lập bản mới thay cho việc công bố lại")
    if revision.status is Status.WITHDRAWN:
        found.append("bản này đã bị rút: hãy lập bản mới")
    if former and former.in_force_from and effective_from < former.in_force_from:
        found.append(
            f"ngày hiệu lực {effective_from:%d/%m/%Y} sớm hơn bản đang hiệu lực "
            f"({former.in_force_from:%d/%m/%Y}): chọn ngày muộn hơn"
        )
    return found + (_lacks_for_decision(revision, decision, effective_from) if decision else [])


def _lacks_for_decision(revision: Revision, decision: Decision, effective_from: date) -> list[str]:
    # What the national portal already shows is taken as it is; what we publish ourselves by a
    # decision must have the parts that the law asks for.
    found = [f"còn thiếu {part}" for part in missing_parts(revision)]
    if decision.effective_from and decision.effective_from != effective_from:
        found.append(
            f"ngày hiệu lực khác với quyết định {decision.number} "
            f"({decision.effective_from:%d/%m/%Y})"
        )
    return found


def missing_parts(revision: Revision) -> list[str]:
    """Which of the seven parts of khoản 2 Điều 8 NĐ 63/2010 the revision does not have."""
    content = revision.content
    limits = [method.time_limit for method in content.methods]
    limits += [case.time_limit for case in content.cases]
    parts = {
        "tên thủ tục": revision.name,
        "trình tự thực hiện": content.steps,
        "cách thức thực hiện": content.methods,
        "thành phần hồ sơ": content.documents,
        "thời hạn giải quyết": any(limits),
        "đối tượng thực hiện": content.applicants,
        "cơ quan thực hiện": content.executing,
    }
    return [part for part, value in parts.items() if not value]


def withdraw_procedure(
    session: Session, procedure: Procedure, *, successor_code: str | None, on: date
) -> None:
    """Take the procedure out of force from the day on; its history stays readable."""
    for revision in procedure.revisions:
        if revision.status is not Status.PUBLISHED:
            continue
        if revision.in_force_to is None or revision.in_force_to > on:
            revision.in_force_to = max(on, revision.in_force_from or on)
    procedure.withdrawn_on = on
    procedure.successor_code = successor_code
    session.flush()
