"""Decisions of publication: recorded from the signed paper, then carried out as one act.

Basis: NĐ 63/2010/NĐ-CP (amended by 48/2013, 92/2017) and TT 02/2017/TT-VPCP.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editions import mark_of
from knowledge.history import Actor, Refused, remember
from knowledge.publishing import (
    current_revision,
    draft_of,
    missing_parts,
    publish,
    withdraw_procedure,
)
from knowledge.records.decision import Decision, DecisionItem
from knowledge.records.kinds import Action, Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, lacks

ACTION_NAMES: Final = {
    Action.NEW: "mới",
    Action.AMENDED: "sửa đổi",
    Action.REPLACED: "thay thế",
    Action.ABOLISHED: "bãi bỏ",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a decision's list, as staff write it."""

    code: str
    action: Action
    replaces: str | None = None  # code of the replaced procedure
    successor: str | None = None  # code of what stands in for an abolished one
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision as it was signed."""

    number: str
    date: dt.date
    agency: str
    effective_from: dt.date
    items: tuple[Item, ...]
    signer: str | None = None
    basis_effective_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One item with the records that it touches."""

    item: Item
    procedure: Procedure
    revision: Revision | None  # the approved draft, unless the item abolishes
    replaced: Procedure | None


def carry_out(session: Session, actor: Actor, paper: Paper) -> Decision:
    """Publish all that the decision lists, from its effective date on; all of it or nothing."""
    reasons = lacks(session, actor, Duty.PUBLISHER) + _faults(session, paper)
    steps: list[_Step] = []
    for item in paper.items:
        found, faults = _step(session, item, paper)
        reasons += [f"{item.code} ({ACTION_NAMES[item.action]}): {fault}" for fault in faults]
        if found:
            steps.append(found)
            reasons += _not_theirs(session, actor, found)
    if reasons:
        raise Refused(list(dict.fromkeys(reasons)))
    decision = _recorded(session, actor, paper)
    for step in steps:
        _do(session, decision, step, actor)
    facts = {"number": paper.number, "effective_from": paper.effective_from.isoformat()}
    remember(session, actor, "carry_out", f"decision:{paper.number}", **facts)
    session.flush()
    return decision


def _not_theirs(session: Session, actor: Actor, step: _Step) -> list[str]:
    """Why a publisher to whom one department's procedures were delegated may not do this step."""
    touched = [step.revision, current_revision(step.procedure)]
    if step.replaced:
        touched.append(current_revision(step.replaced))
    scopes = (Scope(one.owner, (one.sector,)) for one in touched if one)
    return [r for scope in scopes for r in lacks(session, actor, Duty.PUBLISHER, scope)]


def _faults(session: Session, paper: Paper) -> list[str]:
    """What is wrong with the paper itself."""
    found = []
    if not paper.number.strip() or not paper.agency.strip():
        found.append("quyết định phải có số và cơ quan ban hành")
    if not paper.items:
        found.append("quyết định không có thủ tục nào")
    if paper.effective_from < paper.date:
        found.append("ngày hiệu lực sớm hơn ngày ký quyết định")
    codes = [item.code for item in paper.items]
    found += [f"mã {code} có hai dòng" for code in sorted({c for c in codes if codes.count(c) > 1})]
    known = select(Decision).where(Decision.number == paper.number, Decision.date == paper.date)
    if session.scalars(known).first():
        found.append(f"quyết định {paper.number} ngày {paper.date:%d/%m/%Y} đã thực hiện rồi")
    return found


def _step(session: Session, item: Item, paper: Paper) -> tuple[_Step | None, list[str]]:
    if item.action is Action.ABOLISHED:
        return _abolishing(session, item, paper)
    revision, faults = _approved(session, item.code)
    if revision is None:
        return None, faults
    replaced = None
    current = current_revision(revision.procedure)
    if item.action is Action.NEW and current is not None:
        faults.append("thủ tục đã có bản hiệu lực: việc phải là «sửa đổi»")
    if item.action is Action.AMENDED and current is None:
        faults.append("thủ tục chưa có bản nào hiệu lực: việc phải là «mới»")
    if current and current.in_force_from and paper.effective_from < current.in_force_from:
        faults.append(f"bản hiện nay có hiệu lực muộn hơn, từ {current.in_force_from:%d/%m/%Y}")
    if current and current.number > revision.number:
        faults.append("sau khi soạn bản này thủ tục đã có bản mới hơn: soạn lại từ bản đó")
    if item.action is Action.REPLACED:
        replaced, more = _replaced(session, item)
        faults += more
    faults += [f"còn thiếu {part}" for part in missing_parts(revision)]
    return _Step(item, revision.procedure, revision, replaced), faults


def _approved(session: Session, code: str) -> tuple[Revision | None, list[str]]:
    query = (
        select(Revision)
        .join(Revision.procedure)
        .where(Procedure.code == code, Revision.status == Status.APPROVED)
    )
    found = session.scalars(query).all()
    if not found:
        return None, ["chưa có bản nháp đã duyệt: soạn, trình và duyệt trước"]
    if len(found) > 1:
        return None, ["hai tỉnh dùng chung mã này và đều có bản đã duyệt: chưa rõ bản nào"]
    return found[0], []


def _replaced(session: Session, item: Item) -> tuple[Procedure | None, list[str]]:
    if item.replaces is None:
        return None, ["việc «thay thế» phải ghi «thay cho» mã nào"]
    if item.replaces == item.code:
        return None, ["một thủ tục không thay thế chính nó: việc là «sửa đổi»"]
    return _in_force(session, item.replaces)


def _in_force(session: Session, code: str) -> tuple[Procedure | None, list[str]]:
    known = session.scalars(select(Procedure).where(Procedure.code == code)).all()
    alive = [one for one in known if current_revision(one) is not None]
    if not alive:
        return None, [f"mã {code} không có bản nào đang hiệu lực để bãi bỏ"]
    if len(alive) > 1:
        return None, [f"mã {code} là của hai tỉnh: ghi rõ bằng tên trong hệ thống"]
    return alive[0], []


def _abolishing(session: Session, item: Item, paper: Paper) -> tuple[_Step | None, list[str]]:
    procedure, faults = _in_force(session, item.code)
    if item.successor and not _will_exist(session, item.successor, paper.items):
        faults.append(f"thủ tục thay bằng {item.successor} không có và cũng không được ban hành")
    return (_Step(item, procedure, None, None) if procedure else None), faults


def _will_exist(session: Session, code: str, items: Iterable[Item]) -> bool:
    if any(item.code == code and item.action is not Action.ABOLISHED for item in items):
        return True
    return not _in_force(session, code)[1]


def _recorded(session: Session, actor: Actor, paper: Paper) -> Decision:
    decision = Decision(
        number=paper.number,
        date=paper.date,
        agency=paper.agency,
        signer=paper.signer,
        effective_from=paper.effective_from,
        basis_effective_from=paper.basis_effective_from,
        recorded_by=actor.login,
        carried_out_at=actor.now,
    )
    session.add(decision)
    return decision


def _do(session: Session, decision: Decision, step: _Step, actor: Actor) -> None:
    assert decision.effective_from is not None
    day = decision.effective_from
    if step.revision is None:
        withdraw_procedure(session, step.procedure, successor_code=step.item.successor, on=day)
    else:
        _name_decision(step.revision, decision)
        publish(session, step.revision, decision=None, effective_from=day, now=actor.now)
    if step.replaced is not None:
        withdraw_procedure(session, step.replaced, successor_code=step.procedure.code, on=day)
    item = DecisionItem(
        procedure_slug=step.procedure.slug,
        action=step.item.action,
        replaces=step.replaced.slug if step.replaced else None,
        successor_code=step.item.successor,
        note=step.item.note,
    )
    decision.items.append(item)
    subject = f"procedure:{step.procedure.slug}"
    facts = {"decision": decision.number, "action": step.item.action.value}
    remember(session, actor, "publish", subject, **facts)


def _name_decision(revision: Revision, decision: Decision) -> None:
    """Citizens read by which decision the wording holds; the fingerprint covers that too."""
    revision.decision_number, revision.decision_date = decision.number, decision.date
    revision.fingerprint = draft_of(revision).fingerprint
    revision.mark = mark_of(revision.slug, revision.fingerprint)
