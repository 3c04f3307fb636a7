from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from knowledge.decisions import Item, Paper, carry_out
from knowledge.editions import edition_code, mark_in, revision_of_edition
from knowledge.history import Actor, Refused, history_of
from knowledge.records.content import Content
from knowledge.records.kinds import Action, Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, add_staff, dismiss, find_staff, grant, set_password, signed_in
from knowledge.workflow import approve, edit, give_up, next_wording, send_back, submit, write
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, draft
from tests.publishing.conftest import CONSOLE, HOA, LAN, MINH, NGA

NOBODY = Actor("ai-đó", NOW)


def approved(session: Session, **facts: object) -> Revision:
    revision = write(session, LAN, draft(**facts))
    submit(session, LAN, revision)
    approve(session, MINH, revision)
    return revision


def paper(*items: Item, **facts: object) -> Paper:
    fields = {"number": "9/QĐ-SV", "date": TODAY, "agency": "UBND", "effective_from": TODAY}
    return Paper(**(fields | facts), items=items)  # type: ignore[arg-type]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told:
        act()
    return "\n".join(told.value.reasons)


def test_the_whole_way(staffed: House):
    with staffed.begin() as session:
        revision = approved(session)
        assert (revision.status, revision.author, revision.approver) == (
            Status.APPROVED,
            "lan",
            "minh",
        )
        carry_out(session, HOA, paper(Item("1.900001", Action.NEW)))
        assert (revision.status, revision.in_force_from) == (Status.PUBLISHED, TODAY)
        assert (revision.decision_number, revision.decision_date) == ("9/QĐ-SV", TODAY)
        verbs = [event.verb for event in history_of(session, "procedure:1.900001")]
        assert verbs == ["write", "submit", "approve", "publish"]


def test_nobody_approves_their_own_words(staffed: House):
    with staffed.begin() as session:
        own = write(session, MINH, draft())  # the controller is an editor too, until today
        submit(session, MINH, own)
        assert "không được tự duyệt" in refusal(lambda: approve(session, MINH, own))
        other = write(session, LAN, draft("1.900002"))
        edit(session, MINH, other, draft("1.900002", name="Sửa hộ"), version=0)
        submit(session, LAN, other)
        assert "không được tự duyệt" in refusal(lambda: approve(session, MINH, other))


def test_a_delegation_ends(staffed: House):
    tomorrow = replace(MINH, now=NOW + timedelta(days=1))
    with staffed.begin() as session:
        assert "đã hết hạn ngày 24/11/2026" in refusal(lambda: write(session, tomorrow, draft()))
        write(session, MINH, draft())


def test_staff_who_left_may_do_nothing(staffed: House):
    with staffed.begin() as session:
        dismiss(session, CONSOLE, "lan")
        assert "không có cán bộ «lan»" in refusal(lambda: write(session, LAN, draft()))


def test_a_unit_does_not_take_over_what_is_not_its_own(staffed: House):
    geese = draft(sector="Chăn nuôi ngỗng", owner="Sở Ngỗng")
    with staffed.begin() as session:
        revision = write(session, NGA, geese)
        give_up(session, NGA, revision)
        assert "chỉ biên tập thủ tục của Sở Vịt" in refusal(lambda: write(session, LAN, draft()))
        own = write(session, LAN, draft("1.900002"))
        foreign = draft("1.900002", sector="Chăn nuôi ngỗng", owner="Sở Ngỗng")
        assert "chỉ biên tập" in refusal(lambda: edit(session, LAN, own, foreign, version=0))


def test_one_draft_a_procedure_at_a_time(staffed: House):
    with staffed.begin() as session:
        first = write(session, LAN, draft())
        said = refusal(lambda: write(session, LAN, draft(name="Khác")))
        assert f"đang có bản số {first.id} (bản nháp)" in said


def test_a_second_editor_does_not_overwrite_the_first(staffed: House):
    with staffed.begin() as session:
        revision = write(session, LAN, draft())
        edit(session, LAN, revision, draft(name="Lời của Lan"), version=0)
        said = refusal(lambda: edit(session, MINH, revision, draft(name="Lời khác"), version=0))
        assert "đã được sửa từ lúc bạn mở" in said
        assert (revision.name, revision.version) == ("Lời của Lan", 1)


def test_two_editors_at_the_same_moment(staffed: House):
    with staffed.begin() as session:
        number = write(session, LAN, draft()).id
    gate, outcomes = Barrier(2), []

    def save(name: str) -> None:
        with staffed() as session:
            revision = session.get_one(Revision, number)
            session.rollback()
            gate.wait()
            try:
                edit(session, LAN, revision, draft(name=name), version=0)
                session.commit()
                outcomes.append(name)
            except Refused:
                outcomes.append("refused")

    threads = [Thread(target=save, args=(name,)) for name in ("một", "hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with staffed() as session:
        kept = session.get_one(Revision, number)
        assert kept.version == 1
        assert sorted(outcomes) == sorted([kept.name, "refused"])


def test_a_draft_sent_back_is_edited_again(staffed: House):
    with staffed.begin() as session:
        revision = write(session, LAN, draft())
        submit(session, LAN, revision)
        said = refusal(lambda: edit(session, LAN, revision, draft(), version=0))
        assert "«chờ duyệt», việc này cần trạng thái «bản nháp»" in said
        assert "ghi rõ chỗ cần sửa" in refusal(
            lambda: send_back(session, MINH, revision, reason=" ")
        )
        send_back(session, MINH, revision, reason="thiếu phí")
        edit(session, LAN, revision, draft(name="Đã sửa"), version=0)
        details = [e.details for e in history_of(session, "procedure:1.900001")]
        assert {"revision": revision.id, "reason": "thiếu phí"} in details


def test_an_incomplete_draft_is_not_sent_to_review(staffed: House):
    with staffed.begin() as session:
        revision = write(session, LAN, draft(content=Content(steps=("Nộp.",))))
        said = refusal(lambda: submit(session, NGA, revision))
        assert "còn thiếu thành phần hồ sơ" in said
        assert "còn thiếu cơ quan thực hiện" in said
        assert "chỉ biên tập thủ tục của Sở Ngỗng" in said


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE revision SET name = 'khác'",
        "UPDATE revision SET content = '{}'",
        "UPDATE revision SET status = 'draft'",
        "DELETE FROM revision",
        "UPDATE event SET who = 'khác'",
        "DELETE FROM event",
    ],
)
def test_the_database_itself_keeps_what_was_published(staffed: House, tamper: str):
    with staffed.begin() as session:
        approved(session)
        carry_out(session, HOA, paper(Item("1.900001", Action.NEW)))
    with pytest.raises(DBAPIError, match="never changed or erased"), staffed.begin() as session:
        session.execute(text(tamper))


def test_an_edition_code_reopens_exactly_that_wording(staffed: House):
    with staffed.begin() as session:
        first = approved(session)
        carry_out(session, HOA, paper(Item("1.900001", Action.NEW)))
        second = approved(session, name="Đăng ký nuôi ngan")
        carry_out(session, HOA, paper(Item("1.900001", Action.AMENDED), number="10/QĐ-SV"))
        codes = [edition_code(one.mark) for one in (first, second)]
        assert len(set(codes)) == 2
        for code, one in zip(codes, (first, second), strict=True):
            typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
            assert revision_of_edition(session, typed) is one
            assert mark_in(code) == one.mark
        assert revision_of_edition(session, "không phải") is None


def test_the_next_wording_starts_from_the_present_one(staffed: House):
    with staffed.begin() as session:
        assert next_wording(session, "1.900001") is None
        approved(session)
        carry_out(session, HOA, paper(Item("1.900001", Action.NEW)))
        assert next_wording(session, "1.900001").name == draft().name


def test_passwords(staffed: House):
    with staffed.begin() as session:
        assert "ít nhất 10" in refusal(lambda: set_password(session, LAN, "lan", "ngắn"))
        assert "quản trị" in refusal(lambda: set_password(session, NGA, "lan", "một mật khẩu dài"))
        assert signed_in(session, "lan", "một mật khẩu dài") is None
        set_password(session, LAN, "lan", "một mật khẩu dài")
        assert signed_in(session, "lan", "một mật khẩu dài") is find_staff(session, "lan")
        assert signed_in(session, "lan", "sai mật khẩu rồi") is None
        assert signed_in(session, "không có", "không ai dùng mật khẩu này") is None
        assert find_staff(session, "lan").password.startswith("$argon2id$")
        dismiss(session, CONSOLE, "lan")
        assert signed_in(session, "lan", "một mật khẩu dài") is None


def test_a_role_names_its_unit_and_a_sane_end(staffed: House):
    with staffed.begin() as session:
        said = refusal(
            lambda: grant(
                session,
                CONSOLE,
                "ai",
                Duty.EDITOR,
                Scope(None, ("Vịt",)),
                since=TODAY,
                until=TODAY - timedelta(days=1),
            )
        )
        assert all(part in said for part in ("không có cán bộ", "sớm hơn", "phải ghi đơn vị"))
        assert "đã có" in refusal(lambda: add_staff(session, CONSOLE, "lan", "Lan"))


def test_what_was_dropped_stays_readable(staffed: House):
    with staffed.begin() as session:
        revision = write(session, LAN, draft())
        give_up(session, LAN, revision)
        again = write(session, LAN, draft(name="Lần nữa"))
        assert (again.number, len(session.scalars(select(Procedure)).all())) == (2, 1)
