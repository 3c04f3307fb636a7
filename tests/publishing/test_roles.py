"""Every verb of the knowledge base: who may do it, who may not. A verb without a row here fails."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

import knowledge
from knowledge.decisions import Item, Paper, carry_out
from knowledge.history import Actor, Refused
from knowledge.importing.store import Orders, store
from knowledge.link_checks import LinkState, looked
from knowledge.proposals import accept, reject
from knowledge.records.kinds import Action, Status
from knowledge.records.procedure import Revision
from knowledge.records.proposal import Change, ImportRun, Proposal
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, add_staff, dismiss, grant, set_password
from knowledge.workflow import approve, edit, give_up, send_back, submit, write
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, draft
from tests.publishing.conftest import CONSOLE, DUCKS, GEESE, HOA, LAN, MINH, NGA

NOBODY = Actor("ai-đó", NOW)
STRANGERS = (NGA, HOA, NOBODY)
HELPERS = {"lacks", "lacks_any", "remember"}  # they look or note; they do nothing
Act = Callable[[Session, Actor, Revision], object]


@dataclass(frozen=True)
class Verb:
    """How to do it with a draft at hand, who may, and who may not."""

    act: Act
    may: Actor
    may_not: tuple[Actor, ...]
    needs: Status = Status.DRAFT


def publishing(code: str = "1.900001") -> Paper:
    return Paper("9/QĐ", TODAY, "UBND", TODAY, (Item(code, Action.NEW),))


def proposed(session: Session) -> Proposal:
    run = ImportRun(label="thử", digest="0", day=TODAY, started_at=NOW, counts={}, problems={})
    run.position, run.is_whole = 0, False
    session.add(run)
    session.flush()
    found = Proposal(run_id=run.id, slug="1.900009", code="1.900009", name="Ngỗng", change=Change.NEW,
                     differences={}, has_conflict=False,
                     source_draft=draft("1.900009").model_dump_json())  # fmt: skip
    session.add(found)
    session.flush()
    return found


OFFICE = (LAN, NGA, HOA, NOBODY)
BOSSES = (LAN, MINH, HOA, NOBODY)
VERBS = {
    "write": Verb(lambda s, a, _: write(s, a, draft("1.900002")), LAN, STRANGERS),
    "edit": Verb(lambda s, a, r: edit(s, a, r, draft(), version=r.version), LAN, STRANGERS),
    "submit": Verb(submit, LAN, STRANGERS),
    "give_up": Verb(give_up, LAN, STRANGERS),
    "approve": Verb(approve, MINH, OFFICE, Status.IN_REVIEW),
    "send_back": Verb(
        lambda s, a, r: send_back(s, a, r, reason="x"), MINH, OFFICE, Status.IN_REVIEW
    ),
    "carry_out": Verb(
        lambda s, a, _: carry_out(s, a, publishing()),
        HOA,
        (LAN, NGA, MINH, NOBODY),
        Status.APPROVED,
    ),
    "accept": Verb(lambda s, a, _: accept(s, a, proposed(s), on=TODAY), MINH, OFFICE),
    "reject": Verb(lambda s, a, _: reject(s, a, proposed(s)), MINH, OFFICE),
    "looked": Verb(lambda s, a, _: looked(s, a, "1.900008", LinkState.OK), LAN, STRANGERS),
    "add_staff": Verb(lambda s, a, _: add_staff(s, a, "mới", "Mới"), CONSOLE, BOSSES),
    "grant": Verb(lambda s, a, _: grant(s, a, "lan", Duty.ADMIN, since=TODAY), CONSOLE, BOSSES),
    "dismiss": Verb(lambda s, a, _: dismiss(s, a, "nga"), CONSOLE, BOSSES),
    "set_password": Verb(
        lambda s, a, _: set_password(s, a, "nga", "một mật khẩu dài"), CONSOLE, BOSSES
    ),
}


def all_verbs() -> Iterator[str]:
    """The public functions of the package that take an actor."""
    for module in pkgutil.walk_packages(knowledge.__path__, "knowledge."):
        if ".migrations" in module.name:
            continue
        found = importlib.import_module(module.name)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            is_own = function.__module__ == module.name and not name.startswith("_")
            if is_own and "actor" in inspect.signature(function).parameters:
                yield name


def test_every_verb_has_a_row():
    assert set(all_verbs()) - HELPERS == set(VERBS)


@pytest.mark.parametrize("name", VERBS)
def test_who_may(staffed: House, name: str):
    verb = VERBS[name]
    store(staffed, [draft("1.900008")], Orders(publish=True, today=TODAY))
    with staffed.begin() as session:
        revision = write(session, LAN, draft())
        if verb.needs is not Status.DRAFT:
            submit(session, LAN, revision)
        if verb.needs is Status.APPROVED:
            approve(session, MINH, revision)
        for actor in verb.may_not:
            with pytest.raises(Refused) as told:
                verb.act(session, actor, revision)
            said = "\n".join(told.value.reasons)
            assert actor.login in said or "tự duyệt" in said
        verb.act(session, verb.may, revision)


def test_a_delegated_publisher_publishes_only_their_own(staffed: House):
    with staffed.begin() as session:
        grant(session, CONSOLE, "nga", Duty.PUBLISHER, GEESE, since=date(2025, 1, 1))
        grant(session, CONSOLE, "lan", Duty.PUBLISHER, DUCKS, since=date(2025, 1, 1))
        revision = write(session, LAN, draft())
        submit(session, LAN, revision)
        approve(session, MINH, revision)
        with pytest.raises(Refused, match="«nga» chỉ công bố thủ tục của Sở Ngỗng"):
            carry_out(session, NGA, publishing())
        carry_out(session, LAN, publishing())
        assert revision.status is Status.PUBLISHED


def test_a_look_at_a_link_ends_with_the_delegation(staffed: House):
    store(staffed, [draft()], Orders(publish=True, today=TODAY))
    with staffed.begin() as session:
        add_staff(session, CONSOLE, "kim", "Kim")
        yesterday = TODAY - timedelta(days=1)
        unit = Scope("Bộ Vịt")
        grant(session, CONSOLE, "kim", Duty.EDITOR, unit, since=yesterday, until=yesterday)
        with pytest.raises(Refused, match="hết hạn"):
            looked(session, Actor("kim", NOW), "1.900001", LinkState.OK)
