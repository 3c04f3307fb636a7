import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from knowledge.catalogue_book import write_catalogue
from knowledge.exporting import as_line, as_linked_data, revisions_in_force
from knowledge.importing import read
from knowledge.importing.store import Orders, store
from knowledge.importing.template import FIELDS, write_template
from knowledge.records.content import (
    Case,
    Content,
    Document,
    Fee,
    Form,
    LegalBasis,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import draft

words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)
some = st.lists(words, max_size=3, unique=True).map(tuple)
maybe = st.none() | words
limits = st.builds(
    TimeLimit, value=st.integers(1, 99).map(float), unit=st.sampled_from(Unit), text=maybe
)
fees = st.builds(Fee, amount=st.integers(1, 10**7), text=maybe) | st.builds(Fee, free=st.just(True))
methods = st.builds(
    Method,
    submission=st.sampled_from(Submission),
    time_limit=st.none() | limits,
    fees=st.lists(fees, max_size=2).map(tuple),
    note=maybe,
)
forms = st.lists(st.builds(Form, name=words, file_id=maybe), max_size=2).map(tuple)
counts = st.none() | st.integers(0, 9)
papers = st.builds(Document, name=words, originals=counts, copies=counts, forms=forms)
contents = st.builds(
    Content,
    applicants=some,
    executing=some,
    methods=st.lists(methods, max_size=3).map(tuple),
    cases=st.lists(st.builds(Case, name=words, service_codes=some), max_size=2).map(tuple),
    documents=st.lists(papers, max_size=3).map(tuple),
    steps=some,
    legal_bases=st.lists(st.builds(LegalBasis, number=maybe, name=words), max_size=2).map(tuple),
    everyday_names=some,
    full_online=st.booleans(),
)
drafts = st.builds(
    Draft,
    code=st.from_regex(r"[1-9]\.[0-9]{6}", fullmatch=True),
    name=words,
    levels=st.lists(st.sampled_from(Level), unique=True).map(tuple),
    sector=words,
    kind=st.sampled_from(Kind),
    owner=maybe,
    decision_number=maybe,
    decision_date=st.none() | st.dates(),
    source=words,
    source_date=st.none() | st.dates(),
    content=contents,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(made=drafts)
def test_our_own_export_is_imported_without_loss(made: Draft, tmp_path: Path):
    from knowledge.publishing import add_revision, new_procedure

    procedure = new_procedure([], made)
    revision = add_revision(procedure, made)
    path = tmp_path / "export.jsonl"
    path.write_text(as_line(revision) + "\n", "utf-8")
    reading = read(path)
    assert list(reading.drafts) == [made]
    assert reading.problems == []


def test_a_whole_house_travels(house: House, tmp_path: Path):
    store(house, [draft(), draft("1.900002", kind=Kind.INTERNAL)], Orders(True, TODAY))
    with house() as session:
        lines = [as_line(one) for one in revisions_in_force(session, TODAY)]
        linked = [as_linked_data(one) for one in revisions_in_force(session, TODAY)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    assert [one.code for one in read(path).drafts] == ["1.900001", "1.900002"]
    assert linked[0]["identifier"] == "1.900001"
    assert linked[0]["cv:processingTime"] == ["3 ngày làm việc"]
    json.dumps(linked)


ROW = {
    "mã": "1.900001",
    "tên": "Đăng ký nuôi vịt",
    "lĩnh vực": "Chăn nuôi vịt",
    "cấp": "xã\ntỉnh",
    "loại": "địa phương",
    "tỉnh": "38",
    "cơ quan": "UBND tỉnh Thanh Hóa",
    "số": "9/QĐ-UBND",
    "ngày": "2026-11-20",
    "đối tượng": "Công dân Việt Nam",
    "cơ quan thực hiện": "UBND cấp xã",
    "các bước": "Nộp tờ khai\nNhận giấy",
    "nộp 1": "trực tiếp",
    "thời hạn 1": "3 ngày làm việc",
    "phí 1": "20.000 đồng",
    "giấy tờ": "Tờ khai | 1 | 0\nẢnh con vịt",
    "căn cứ": "1/2026/QH16 | Luật Vịt",
    "tên thường gọi": "nuôi vịt",
}


def filled(path: Path, *rows: dict[str, Any]) -> Path:
    write_template(path)
    book = load_workbook(path)
    sheet = book["Thủ tục"]
    for number, row in enumerate(rows, start=4):
        for place, field in enumerate(FIELDS, start=1):
            sheet.cell(number, place, row.get(field.key))
    book.save(path)
    return path


def test_a_filled_in_form_is_read(tmp_path: Path):
    reading = read(filled(tmp_path / "f.xlsx", ROW))
    (one,) = reading.drafts
    assert reading.problems == []
    assert (one.kind, one.province, one.levels) == (
        Kind.LOCAL,
        "38",
        (Level.COMMUNE, Level.PROVINCE),
    )
    assert one.content.methods[0].fees[0].amount == 20000
    assert [(d.name, d.originals) for d in one.content.documents] == [
        ("Tờ khai", 1),
        ("Ảnh con vịt", None),
    ]
    assert one.content.legal_bases[0] == LegalBasis(number="1/2026/QH16", name="Luật Vịt")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"mã": "19"}, "không đúng dạng"),
        ({"thời hạn 1": "ba ngày"}, "ghi như «7 ngày làm việc»"),
        ({"phí 1": "hai chục"}, "ghi như «20.000 đồng»"),
        ({"cấp": "huyện"}, "chỉ nhận bộ, tỉnh, xã, khác"),
        ({"giấy tờ": "a | b | c | d"}, "số bản chính | số bản sao"),
        ({"tên": None}, "thiếu «tên»"),
        ({"ngày": "20/11"}, "ghi như 2026-07-18"),
    ],
)
def test_what_is_wrong_in_a_form_names_its_row(tmp_path: Path, facts: dict[str, Any], says: str):
    reading = read(filled(tmp_path / "f.xlsx", ROW, ROW | facts))
    assert len(list(reading.drafts)) == 1
    assert says in reading.problems[0].says
    assert reading.problems[0].source.endswith("dòng 5")


def test_an_empty_form_says_nothing(tmp_path: Path):
    reading = read(filled(tmp_path / "f.xlsx"))
    assert (list(reading.drafts), reading.problems) == ([], [])


def test_the_catalogue_in_excel_reads_back_as_a_list(any_house: House, tmp_path: Path):
    drafts = [draft(), draft("1.900002", kind=Kind.INTERNAL), draft("1.900003", name="=1+1")]
    store(any_house, drafts, Orders(publish=True, today=TODAY))
    path = tmp_path / "a.xlsx"
    with any_house() as session:
        assert write_catalogue(path, revisions_in_force(session, TODAY), on=TODAY) == 2
    reading = read(path)
    found = {one.code: one for one in reading.drafts}
    assert reading.problems == []
    assert {code: one.name for code, one in found.items()} == {
        "1.900001": "Đăng ký nuôi vịt",
        "1.900003": "=1+1",
    }
    assert found["1.900001"].content.executing == ("Ủy ban nhân dân cấp xã",)
