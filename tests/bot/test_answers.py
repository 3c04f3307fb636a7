"""Answers: every facet has one, unknown is said as unknown, pages keep the limits of all channels."""

from datetime import date

import pytest

from bot import answers, phrases
from bot.wording import SENTENCES, say
from knowledge.records.content import (
    Case,
    Content,
    Document,
    Fee,
    FeeKind,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)  # fmt: skip
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Procedure, Revision
from nlp.intents import Facet


def revision(**parts) -> Revision:
    made = Revision(
        name="Thủ tục cấp giấy thử", levels=(Level.COMMUNE,), sector="Thử", kind=Kind.CENTRAL,
        province=None, decision_number="1/QĐ-UB", decision_date=date(2026, 7, 1), portal_id=None,
        source="thử", source_date=date(2026, 7, 18), mark=9753, content=Content(**parts),
    )  # fmt: skip
    made.procedure = Procedure(code="1.999999", slug="1.999999")
    return made


def told(facet: Facet, **parts) -> str:
    text = answers.ANSWERS[facet](revision(**parts))
    return "\n".join((text.first, *text.rest))


def test_every_facet_has_an_answer():
    assert answers.ANSWERS.keys() == set(Facet)


@pytest.mark.parametrize("facet", [f for f in Facet if f is not Facet.OVERVIEW])
def test_an_empty_record_is_said_as_unknown(facet):
    text = told(facet)
    assert "Hồ sơ công bố không" in text
    assert "0 đồng" not in text
    assert "iễn phí" not in text or "không dám" in text


def test_free_only_where_the_source_says_so():
    free = Method(submission=Submission.ONLINE, fees=(Fee(kind=FeeKind.CHARGE, free=True),))
    paid = Method(submission=Submission.IN_PERSON, fees=(Fee(kind=FeeKind.CHARGE, amount=20000),))
    assert told(Facet.FEE, methods=(free, paid)).splitlines()[1:] == [
        "• Trực tuyến: Lệ phí: Miễn phí",
        "• Trực tiếp: Lệ phí: 20.000 đồng",
    ]


def test_the_asked_fact_stands_in_the_first_line():
    limit = TimeLimit(value=7, unit=Unit.WORKING_DAY)
    text = told(Facet.TIME_LIMIT, methods=(Method(submission=Submission.ONLINE, time_limit=limit),))
    assert text.splitlines()[0] == "Thời hạn giải quyết: 7 ngày làm việc."


def test_different_limits_of_cases_are_all_shown():
    cases = tuple(
        Case(name=name, time_limit=TimeLimit(value=value, unit=Unit.WORKING_DAY))
        for name, value in (("Xã thường", 4), ("Xã miền núi", 14))
    )
    text = told(Facet.TIME_LIMIT, cases=cases)
    assert "Xã thường: 4 ngày làm việc" in text
    assert "Xã miền núi: 14 ngày làm việc" in text


def test_papers_are_grouped_and_counted():
    papers = (
        Document(name="Tờ khai", originals=1),
        Document(name="Hộ chiếu", shown_only=True),
        Document(name="Giấy ủy quyền", case="Nhờ người khác", copies=2),
    )
    text = told(Facet.DOCUMENTS, documents=papers, cases=(Case(name="Nhờ người khác"),))
    lines = text.splitlines()
    assert lines[1:3] == [say("documents_everybody"), "• Tờ khai (1 bản chính)"]
    assert "• Giấy ủy quyền (2 bản sao)" in lines
    assert say("documents_case", case="nhờ người khác") in lines


def test_the_footer_names_code_decision_and_date_and_the_link_stands_alone():
    lines = answers.footer(revision()).splitlines()
    dates = "theo 1/QĐ-UB ngày 01/07/2026 · số liệu ngày 18/07/2026"
    assert lines[0] == f"Mã 1.999999 · {dates} · bản 000-000-9GS"
    assert lines[-1].startswith("https://dichvucong.gov.vn/")
    assert " " not in lines[-1]


@pytest.mark.parametrize("count", [0, 1, 20, 55, 200])
def test_pages_are_at_most_two_and_short_enough(count):
    papers = tuple(Document(name=f"Giấy số {n} " + "rất dài " * 12) for n in range(count))
    made = revision(documents=papers, steps=tuple("bước " * 30 for _ in range(count)))
    for facet in Facet:
        shown = answers.pages(answers.ANSWERS[facet](made), made, shows_name=True)
        assert 1 <= len(shown) <= answers.MOST_MESSAGES
        assert all(len(page) <= answers.LIMIT for page in shown)
        assert shown[-1].splitlines()[-1] == made.deep_link


def test_every_builtin_procedure_answers_every_facet(shelf):
    for slug in shelf.catalogue.listings:
        own = shelf.revision(slug)
        for facet in Facet:
            for page in answers.pages(answers.ANSWERS[facet](own), own, shows_name=True):
                assert len(page) <= answers.LIMIT
                assert "None" not in page


def test_money_and_names_read_well():
    assert phrases.money(1250000) == "1.250.000 đồng"
    assert phrases.display_name("Thủ tục đăng ký khai sinh.") == "Đăng ký khai sinh"
    assert phrases.shorten("một hai ba bốn", 10) == "một hai…"


def test_every_sentence_can_be_said():
    gaps = dict.fromkeys(
        ("code", "name", "day", "link", "last", "count", "case", "table", "address", "agencies",
         "levels", "methods", "sentence", "applicants", "decision", "number", "province", "edition"), "x",
    )  # fmt: skip
    for name in SENTENCES:
        if name.startswith(
            ("footer", "documents", "fee", "where", "online", "clarify", "no_match")
        ):
            assert "{" not in say(name, **gaps)
