from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from knowledge.publishing import create_draft, publish, withdraw_procedure
from knowledge.question_reports import (
    QuestionRow,
    Unanswered,
    questions_report,
    unanswered_questions,
)
from knowledge.records.content import Content, Level
from knowledge.records.conversation import Turn
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind
from knowledge.reports import TOTAL, UNKNOWN, ListingRow, listing_report
from knowledge.spreadsheets import write_listing, write_questions
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, draft

LATER = TODAY + timedelta(days=30)


def put(house: House, *drafts: Draft) -> None:
    with house.begin() as session:
        for one in drafts:
            revision = create_draft(session, one)
            publish(session, revision, decision=None, effective_from=TODAY, now=NOW)


@pytest.fixture
def listed(any_house: House) -> House:
    put(
        any_house,
        draft("1.900001", levels=(Level.COMMUNE, Level.PROVINCE)),
        draft("1.900002", sector="Chăn ngan", portal_id=None, content=Content()),
        draft("1.900003", portal_id="not a page", owner=None),
        draft("1.900004", kind=Kind.INTERNAL),
        draft("1.900005", kind=Kind.LOCAL, province="38", levels=()),
        draft("1.900006"),
    )
    with any_house.begin() as session:
        revision = create_draft(session, draft("1.900006"))
        procedure = revision.procedure
        procedure.revisions.remove(revision)
        withdraw_procedure(session, procedure, successor_code=None, on=TODAY)
    return any_house


def report(house: House, by: str, **options: str) -> dict[str, ListingRow]:
    with house() as session:
        return {row.name: row for row in listing_report(session, TODAY, by, **options)}


def test_the_total_counts_each_procedure_once(listed: House):
    expected = ListingRow(
        TOTAL,
        in_force=4,
        direct_link=2,
        dead_link=1,
        complete=3,
        list_only=1,
        internal=1,
        withdrawn=1,
    )
    for by in ("level", "sector", "unit"):
        assert report(listed, by)[TOTAL] == expected


def test_by_level_a_procedure_counts_at_each_of_its_levels(listed: House):
    rows = report(listed, "level")
    assert list(rows) == ["Cấp tỉnh", "Cấp xã", UNKNOWN, TOTAL]
    assert rows["Cấp tỉnh"].in_force == 1
    assert rows["Cấp xã"].in_force == 3
    assert rows[UNKNOWN].in_force == 1


def test_by_sector_and_by_unit(listed: House):
    sectors = report(listed, "sector")
    assert (sectors["Chăn nuôi vịt"].in_force, sectors["Chăn ngan"].in_force) == (3, 1)
    assert (sectors["Chăn nuôi vịt"].withdrawn, sectors["Chăn nuôi vịt"].internal) == (1, 1)
    units = report(listed, "unit")
    assert (units["Bộ Vịt"].in_force, units[UNKNOWN].in_force) == (3, 1)


def test_for_one_province(listed: House):
    assert report(listed, "level", province="08")[TOTAL].in_force == 3
    assert report(listed, "level", province="38")[TOTAL].in_force == 4


def test_an_unknown_grouping_is_refused(listed: House):
    with pytest.raises(ValueError, match="colour"):
        report(listed, "colour")


def test_an_empty_house_has_an_empty_total(house: House):
    assert list(report(house, "sector").values()) == [ListingRow(TOTAL)]


def ask(house: House, outcome: str, code: str | None = None, **facts: object) -> None:
    fields = {
        "at": NOW,
        "channel": "web",
        "conversation": "h",
        "question": "nuôi vịt",
        "outcome": outcome,
        "code": code,
        "elapsed_ms": 1.0,
    }
    with house.begin() as session:
        session.add(Turn(**(fields | facts)))


@pytest.fixture
def asked(any_house: House) -> House:
    put(any_house, draft("1.900001"), draft("1.900002", sector="Chăn ngan"))
    ask(any_house, "answer", "1.900001", facet="fee")
    ask(any_house, "answer", "1.900001", channel="zalo")
    ask(any_house, "clarify", "1.900002")
    ask(any_house, "no_match", question="bán vịt")
    ask(any_house, "no_match", question="bán vịt")
    ask(any_house, "no_match", question="ăn vịt")
    ask(any_house, "small_talk")
    ask(any_house, "answer", "1.900001", at=NOW + timedelta(days=1))
    return any_house


PERIOD = (NOW, NOW + timedelta(days=1))


def test_questions_by_sector(asked: House):
    with asked() as session:
        rows = questions_report(session, *PERIOD, "sector")
    assert rows == [
        QuestionRow(UNKNOWN, 4, no_match=3, small_talk=1),
        QuestionRow("Chăn nuôi vịt", 2, answer=2),
        QuestionRow("Chăn ngan", 1, clarify=1),
        QuestionRow(TOTAL, 7, answer=2, clarify=1, no_match=3, small_talk=1),
    ]
    assert rows[-1].found == 0.5
    assert QuestionRow("x", 1, small_talk=1).found is None


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("outcome", ["no_match", "answer", "clarify", "small_talk", TOTAL]),
        ("channel", ["web", "zalo", TOTAL]),
        ("facet", [UNKNOWN, "fee", TOTAL]),
        (
            "procedure",
            [UNKNOWN, "1.900001 Đăng ký nuôi vịt", "1.900002 Đăng ký nuôi vịt", TOTAL],
        ),
    ],
)
def test_questions_by_other_things(asked: House, by: str, names: list[str]):
    with asked() as session:
        assert [row.name for row in questions_report(session, *PERIOD, by)] == names


def test_questions_without_an_answer(asked: House):
    with asked() as session:
        assert unanswered_questions(session, *PERIOD) == [
            Unanswered("bán vịt", 2),
            Unanswered("ăn vịt", 1),
        ]


def test_the_listing_as_a_workbook(listed: House, tmp_path: Path):
    path = tmp_path / "deep" / "listing.xlsx"
    with listed() as session:
        rows = listing_report(session, TODAY, "level")
    write_listing(path, {"Cấp thực hiện": rows}, on=TODAY)
    sheet = load_workbook(path)["Danh mục"]
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0][0] == "Danh mục thủ tục hành chính ngày 24/11/2026"
    assert cells[2][:3] == ("Cấp thực hiện", "Đang có hiệu lực", "Có đường dẫn trực tiếp")
    assert cells[6][:6] == (TOTAL, 4, 2, 0.5, 1, 3)
    assert sheet["D7"].number_format == "0.00%"
    assert sheet.column_dimensions["A"].width == 48
    assert len(sheet._charts) == 1


def test_the_questions_as_a_workbook(asked: House, tmp_path: Path):
    path = tmp_path / "questions.xlsx"
    with asked() as session:
        rows = questions_report(session, *PERIOD, "sector")
        missed = unanswered_questions(session, *PERIOD)
    write_questions(path, rows, missed, period=PERIOD, by_title="Lĩnh vực")
    book = load_workbook(path)
    assert book.sheetnames == ["Câu hỏi", "Chưa trả lời"]
    assert [row[0] for row in book["Chưa trả lời"].iter_rows(min_row=4, values_only=True)] == [
        "bán vịt",
        "ăn vịt",
    ]


def test_a_text_never_becomes_a_formula(tmp_path: Path):
    path = tmp_path / "f.xlsx"
    write_listing(path, {"Tên": [ListingRow('=HYPERLINK("x")\x07', 1)]}, on=TODAY)
    cell = load_workbook(path)["Danh mục"]["A4"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")
