import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing import Draft, Problem, read
from knowledge.importing.json_files import read_json, records_in
from knowledge.records.content import Content, Fee, FeeKind, LegalBasis, TimeLimit, Unit
from knowledge.records.kinds import Kind
from tests.knowledge.making import (
    PORTAL_ID,
    fee,
    group,
    json_file,
    json_lines,
    list_workbook,
    local_record,
    method,
    normalised,
    paper,
    record,
)


def everything(path: Path, *, legacy: bool = False) -> tuple[list[Draft], list[Problem]]:
    reading = read(path, legacy=legacy)
    return list(reading.drafts), reading.problems


def codes(path: Path) -> list[str]:
    drafts, problems = everything(path)
    assert problems == []
    return [draft.code for draft in drafts]


WRAPPERS = {
    "bare": lambda value: value,
    "answer": lambda value: {"code": "OK", "data": value},
    "saved": lambda value: {"id": value["id"], "code": value["code"], "detail": value},
    "list": lambda value: [value],
    "answered list": lambda value: {"code": "OK", "data": [value]},
}


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_record_is_found_in_any_wrapper(tmp_path: Path, wrap):
    whole = json_file(tmp_path / "any-name", wrap(record()))
    line = json_lines(tmp_path / "lines", wrap(record("1.900002")), wrap(record("1.900003")))
    assert codes(whole) == ["1.900001"]
    assert codes(line) == ["1.900002", "1.900003"]


def test_the_name_of_a_file_does_not_matter(tmp_path: Path):
    lines = json_lines(tmp_path / "a.xlsx", record("1.900001"), record("1.900002"))
    squeezed = tmp_path / "b.html"
    squeezed.write_bytes(gzip.compress(lines.read_bytes()))
    assert codes(lines) == codes(squeezed) == ["1.900001", "1.900002"]


def test_a_byte_order_mark_and_empty_lines_do_no_harm(tmp_path: Path):
    path = tmp_path / "file"
    line = json.dumps(record(), ensure_ascii=False)
    path.write_text(f"\ufeff\n{line}\n\n{line.replace('1.900001', '1.900002')}\n", "utf-8")
    assert codes(path) == ["1.900001", "1.900002"]


def test_a_bad_line_costs_itself_and_is_named(tmp_path: Path):
    path = tmp_path / "crawl.jsonl"
    good = json.dumps(record("1.900003"))
    path.write_text(f'{{"code": bad}}\n{{"cut": \n{good}\n[1, 2]\n', "utf-8")
    drafts, problems = everything(path)
    assert [draft.code for draft in drafts] == ["1.900003"]
    assert [problem.source for problem in problems] == [
        "crawl.jsonl, dòng 1",
        "crawl.jsonl, dòng 2",
        "crawl.jsonl, dòng 4",
    ]
    assert "JSON hỏng ở ký tự 10" in problems[0].says
    assert "không phải bản ghi thủ tục" in problems[2].says


def test_a_broken_document_names_its_line(tmp_path: Path):
    path = tmp_path / "one.json"
    path.write_text('{\n "code": "1.900001",\n "name" oops\n}', "utf-8")
    drafts, problems = everything(path)
    assert drafts == []
    assert [problem.source for problem in problems] == ["one.json, dòng 3"]


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: path.write_bytes(b""), "tệp rỗng"),
        (lambda path: path.write_bytes(b'{"a": "\xff\xfe"}'), "UTF-8"),
        (lambda path: path.write_bytes(gzip.compress(b'{"a": 1}' * 9)[:-9]), "không đọc được"),
        (lambda path: path.write_bytes(b"PK\x03\x04 not a workbook"), "không mở được tệp Excel"),
        (lambda path: path.write_text("xin chào"), "thiếu danh sách"),
        (lambda path: path.write_text("a: [b"), "YAML"),
        (lambda path: path.write_text("<html><p>xin chào"), "trang chi tiết"),
        (lambda path: None, "không đọc được"),
    ],
)
def test_a_file_that_is_no_source_says_what_to_do(tmp_path: Path, write, says: str):
    path = tmp_path / "file"
    write(path)
    drafts, problems = everything(path)
    assert drafts == []
    assert len(problems) == 1
    assert says in problems[0].says
    assert problems[0].source.startswith("file")


@pytest.mark.parametrize("code", ["1.0133611", "1.014955-Xoa", "2.009182739", "", "abc", None, 1])
def test_a_code_that_cannot_be_repaired_is_a_problem(tmp_path: Path, code):
    path = json_lines(tmp_path / "crawl", record(code), record("1.900002"))
    drafts, problems = everything(path)
    assert [draft.code for draft in drafts] == ["1.900002"]
    assert [problem.source for problem in problems] == ["crawl, dòng 1"]


def test_a_code_with_spaces_is_repaired_and_reported(tmp_path: Path):
    drafts, problems = everything(json_file(tmp_path / "f", record(" 1.014325")))
    assert [(draft.code, draft.is_suspect) for draft in drafts] == [("1.014325", True)]
    assert "đã sửa thành 1.014325" in problems[0].says


@pytest.mark.parametrize(
    "code", ["2.002307.000.00.00.H35", "2.002307.H35", "2.002307.01", "2.002307.000.00.00.H55.02"]
)
def test_local_and_service_codes_come_down_to_the_national_one(tmp_path: Path, code: str):
    assert codes(json_file(tmp_path / "f", record(code))) == ["2.002307"]


def test_a_record_that_lacks_its_name_is_a_problem(tmp_path: Path):
    _, problems = everything(json_file(tmp_path / "f", record(name="", categoriesDetails=[])))
    assert [str(problem) for problem in problems] == [
        "f: 1.900001: tên: đang để trống, hãy điền vào",
        "f: 1.900001: lĩnh vực: đang để trống, hãy điền vào",
    ]


def test_normalised_records(tmp_path: Path):
    drafts, problems = everything(json_lines(tmp_path / "f", normalised()))
    assert problems == []
    draft = drafts[0]
    assert draft.owner == "Bộ Vịt"
    assert str(draft.source_date) == "2026-07-18"
    assert draft.content.steps == ("Bước 1: Nộp tờ khai", "Bước 2: Nhận giấy")
    assert draft.content.legal_bases == (LegalBasis(number="1/2026/QH16", name="Luật Vịt"),)
    assert draft.content.methods[0].fees == (Fee(kind=FeeKind.FEE, amount=20000),)
    assert draft.content.cases[0].time_limit == TimeLimit(value=1, unit=Unit.DAY)


def test_normalised_free_of_charge_is_only_what_the_portals_page_prints(tmp_path: Path):
    channel = {"channel": "trực tiếp", "fee": "Miễn phí", "fees": [], "time_limit": "2 giờ"}
    drafts, _ = everything(json_lines(tmp_path / "f", normalised(channels=[channel])))
    method = drafts[0].content.methods[0]
    assert not method.fees[0].free
    assert method.time_limit == TimeLimit(value=2, unit=Unit.HOUR)


def test_records_out_of_the_catalogue_are_refused_unless_asked_for(tmp_path: Path):
    path = json_lines(tmp_path / "legacy", normalised(state="not_in_2026-07-18_catalogue"))
    drafts, problems = everything(path)
    assert drafts == []
    assert "không còn trong danh mục hiện hành" in problems[0].says
    drafts, problems = everything(path, legacy=True)
    assert [draft.is_current for draft in drafts] == [False]
    assert problems == []


def test_rows_of_the_portals_list(tmp_path: Path):
    row = {
        "id": PORTAL_ID.format(5),
        "name": "Hỗ trợ nuôi vịt",
        "code": "3.900001",
        "categories": ["Chăn nuôi vịt"],
        "departments": ["Sở Vịt"],
        "departmentPromulgate": "UBND Thành phố Huế",
        "formalityTargetType": ["Doanh nghiệp"],
        "type": "SPECIFIC",
    }
    answer = {"code": "OK", "data": {"items": [row], "lastId": "x", "total": 1}}
    drafts, problems = everything(json_file(tmp_path / "f", answer))
    assert problems == []
    assert (drafts[0].kind, drafts[0].province) == (Kind.LOCAL, "46")
    assert drafts[0].content == Content(applicants=("Doanh nghiệp",), executing=("Sở Vịt",))
    assert drafts[0].content.is_list_only


def test_list_export_in_excel(tmp_path: Path):
    path = list_workbook(
        tmp_path / "list",
        ("1.900001", "Nuôi vịt ", "Bộ Vịt", "Sở Vịt\nỦy ban nhân dân cấp xã\n", "Vịt"),
        ("1.900002", "Nuôi ngan", "UBND tỉnh Thanh Hóa", None, "Ngan"),
        ("1.9", "Sai mã", "Bộ Vịt", None, "Vịt"),
        ("1.900003", None, "Bộ Vịt", None, "Vịt"),
        (None, None, None, None, None),
    )
    drafts, problems = everything(path)
    assert [(draft.code, draft.name, draft.kind) for draft in drafts] == [
        ("1.900001", "Nuôi vịt", Kind.CENTRAL),
        ("1.900002", "Nuôi ngan", Kind.LOCAL),
    ]
    assert drafts[0].content.executing == ("Sở Vịt", "Ủy ban nhân dân cấp xã")
    assert drafts[1].province == "38"
    assert [problem.source.split(", ")[-1] for problem in problems] == ["dòng 5", "dòng 6"]


def test_a_workbook_without_the_columns_says_so(tmp_path: Path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Họ", "Tên"])
    book.save(tmp_path / "f")
    assert "không thấy dòng tiêu đề" in everything(tmp_path / "f")[1][0].says


def test_a_folder_gives_all_in_it_and_skips_what_is_no_data(tmp_path: Path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    json_file(tmp_path / "a.json", record("1.900001"))
    json_lines(tmp_path / "deep" / "er" / "b.jsonl", local_record("1.900002", "H56", "Thanh Hóa"))
    (tmp_path / "README.md").write_text("xin chào")
    assert codes(tmp_path) == ["1.900001", "1.900002"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted(record()) + sorted(normalised()))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_no_value_in_a_record_stops_the_import(changes):
    """Whatever stands in a field: the record is read, or it is a problem."""
    from io import StringIO

    for made in (record(**changes), normalised(**changes), {"detail": record(**changes)}):
        text = json.dumps(made)
        items = list(read_json("f", StringIO(text), legacy=True))
        assert items
        assert all(isinstance(item, Draft | Problem) for item in items)


PARTS = {"method": method, "fee": fee, "paper": paper}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_no_value_in_a_part_stops_the_import(part: str, data):
    from io import StringIO

    plain = {"method": method(), "fee": fee(), "paper": paper("Tờ khai")}[part]
    values = VALUES | st.floats() | st.sampled_from([1e308, -1, 10**400])
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(plain)), values, max_size=3))
    made = plain | changes
    whole = {
        "method": record(executionMethods=[made]),
        "fee": record(executionMethods=[method(fees=[made])]),
        "paper": record(executionCases=[group("", made)]),
    }[part]
    items = list(read_json("f", StringIO(json.dumps(whole)), legacy=True))
    assert [type(item) for item in items] == [Draft]


@given(VALUES)
def test_records_are_looked_for_in_any_value(value):
    assert all(not isinstance(found, list) for found in records_in(value))
