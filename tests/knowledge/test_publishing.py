from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knowledge.publishing import (
    CannotPublish,
    create_draft,
    draft_of,
    missing_parts,
    publish,
    withdraw_procedure,
)
from knowledge.records.content import Content
from knowledge.records.decision import Decision, DecisionItem
from knowledge.records.kinds import Action, Kind, Status
from knowledge.records.procedure import Procedure
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, content, draft

LATER = TODAY + timedelta(days=30)


def decision(**facts: object) -> Decision:
    fields = {"number": "9/QĐ-BV", "date": TODAY, "agency": "Bộ Vịt", "effective_from": TODAY}
    return Decision(**(fields | facts))


def test_a_draft_makes_its_procedure(any_house: House):
    with any_house.begin() as session:
        revision = create_draft(session, draft())
        assert (revision.number, revision.status, revision.slug) == (1, Status.DRAFT, "1.900001")
        assert revision.in_force_from is None


def test_the_next_draft_is_the_next_revision_of_the_same_procedure(any_house: House):
    with any_house.begin() as session:
        create_draft(session, draft())
        again = create_draft(session, draft(name="Đăng ký nuôi vịt trời"))
        assert again.number == 2
        assert len(session.scalars(select(Procedure)).all()) == 1


def test_two_provinces_with_one_code_are_two_procedures(any_house: House):
    with any_house.begin() as session:
        first = create_draft(
            session, draft(kind=Kind.LOCAL, province="38", owner="UBND tỉnh Thanh Hóa")
        )
        second = create_draft(
            session, draft(kind=Kind.LOCAL, province="08", owner="UBND tỉnh Tuyên Quang")
        )
        again = create_draft(
            session, draft(kind=Kind.LOCAL, province="08", owner="UBND tỉnh Tuyên Quang")
        )
        assert first.slug == "1.900001"
        assert second.slug == again.slug == "1.900001@ubnd-tinh-tuyen-quang"


def test_publishing_ends_the_former_revision_on_the_day(any_house: House):
    with any_house.begin() as session:
        first = create_draft(session, draft())
        publish(session, first, decision=None, effective_from=TODAY, now=NOW)
        second = create_draft(session, draft(name="Đăng ký nuôi ngan"))
        publish(session, second, decision=None, effective_from=LATER, now=NOW)
        assert (first.in_force_from, first.in_force_to) == (TODAY, LATER)
        assert (second.in_force_from, second.in_force_to) == (LATER, None)
        assert first.name == "Đăng ký nuôi vịt"
        assert second.published_at == NOW


def test_all_that_is_wrong_is_said_at_once(house: House):
    with house.begin() as session:
        first = create_draft(session, draft())
        publish(session, first, decision=None, effective_from=TODAY, now=NOW)
        bare = create_draft(session, draft(content=Content(steps=("Nộp.",))))
        with pytest.raises(CannotPublish) as refusal:
            publish(
                session,
                bare,
                decision=decision(effective_from=LATER),
                effective_from=TODAY - timedelta(days=1),
                now=NOW,
            )
        said = "\n".join(refusal.value.reasons)
        assert "còn thiếu thành phần hồ sơ" in said
        assert "còn thiếu thời hạn giải quyết" in said
        assert "còn thiếu trình tự thực hiện" not in said
        assert "sớm hơn bản đang hiệu lực" in said
        assert "khác với quyết định 9/QĐ-BV" in said
        assert (first.in_force_to, bare.status) == (None, Status.DRAFT)


def test_what_is_published_is_not_published_again(house: House):
    with house.begin() as session:
        revision = create_draft(session, draft())
        publish(session, revision, decision=None, effective_from=TODAY, now=NOW)
        with pytest.raises(CannotPublish, match="đã công bố"):
            publish(session, revision, decision=None, effective_from=LATER, now=NOW)


def test_what_the_portal_already_shows_may_lack_parts(house: House):
    with house.begin() as session:
        revision = create_draft(session, draft(content=Content()))
        publish(session, revision, decision=None, effective_from=TODAY, now=NOW)
        assert revision.status is Status.PUBLISHED
        assert missing_parts(revision) == [
            "trình tự thực hiện",
            "cách thức thực hiện",
            "thành phần hồ sơ",
            "thời hạn giải quyết",
            "đối tượng thực hiện",
            "cơ quan thực hiện",
        ]


def test_a_decision_lists_what_it_did(any_house: House):
    with any_house.begin() as session:
        first = create_draft(session, draft())
        publish(session, first, decision=decision(), effective_from=TODAY, now=NOW)
        second = create_draft(session, draft(name="Đăng ký nuôi ngan"))
        later = decision(number="10/QĐ-BV", effective_from=LATER)
        publish(session, second, decision=later, effective_from=LATER, now=NOW)
    with any_house() as session:
        items = session.scalars(select(DecisionItem).order_by(DecisionItem.id)).all()
        assert [(item.procedure_slug, item.action) for item in items] == [
            ("1.900001", Action.NEW),
            ("1.900001", Action.AMENDED),
        ]


def test_withdrawing_keeps_the_history(any_house: House):
    with any_house.begin() as session:
        revision = create_draft(session, draft())
        publish(session, revision, decision=None, effective_from=TODAY, now=NOW)
        withdraw_procedure(session, revision.procedure, successor_code="1.900002", on=LATER)
        assert revision.in_force_to == LATER
        assert revision.status is Status.PUBLISHED
        assert revision.procedure.withdrawn_on == LATER
        assert revision.procedure.successor_code == "1.900002"


def test_withdrawing_takes_back_what_was_to_come(house: House):
    with house.begin() as session:
        revision = create_draft(session, draft())
        publish(session, revision, decision=None, effective_from=LATER, now=NOW)
        withdraw_procedure(session, revision.procedure, successor_code=None, on=TODAY)
        assert revision.in_force_from == revision.in_force_to == LATER


def test_publishing_anew_brings_a_withdrawn_procedure_back(house: House):
    with house.begin() as session:
        first = create_draft(session, draft())
        publish(session, first, decision=None, effective_from=TODAY, now=NOW)
        withdraw_procedure(session, first.procedure, successor_code="1.900002", on=TODAY)
        second = create_draft(session, draft(name="Đăng ký nuôi ngan"))
        publish(session, second, decision=None, effective_from=LATER, now=NOW)
        assert first.procedure.withdrawn_on is None
        assert first.procedure.successor_code is None


def test_a_revision_turns_into_the_draft_that_it_was_made_from(any_house: House):
    made = draft(content=content(everyday_names=("nuôi vịt", "xin nuôi vịt")))
    with any_house.begin() as session:
        create_draft(session, made)
    with any_house() as session:
        stored = session.scalars(select(Procedure)).one().revisions[-1]
        assert draft_of(stored) == made
        assert stored.fingerprint == made.fingerprint
        assert stored.everyday_names == ("nuôi vịt", "xin nuôi vịt")


def test_where_and_when_it_was_read_does_not_count_for_the_fingerprint():
    same = draft(source="Nơi khác", source_date=date(2020, 1, 1))
    assert same.fingerprint == draft().fingerprint
    assert draft(name="Khác").fingerprint != draft().fingerprint
