"""Exports in every shape, twice; and the reports made of them."""

import json
from datetime import date, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

from knowledge.dossiers.importing import UnreadableFile, import_dossiers
from knowledge.dossiers.origins import keep_settings, origin_named
from knowledge.dossiers.reporting import DossierGrouping, dossier_report, due_soon
from knowledge.dossiers.scrubbing import scrubbed
from knowledge.dossiers.workbook import write_dossiers
from tests.dossiers.conftest import KEYS, OWNER, facts, put
from tests.dossiers.generating import AS_OF, COLUMNS, TODAY, dossier_rows, write_csv

YEAR = (date(2025, 1, 1), TODAY + timedelta(days=1))


def run(factory, path, as_of=AS_OF):
    return import_dossiers(factory, path, KEYS, origin="mot-cua", as_of=as_of)


def test_a_file_read_twice_changes_nothing_the_second_time(any_house, tmp_path):
    path = write_csv(tmp_path / "a.csv", 3000)
    first, second = run(any_house, path), run(any_house, path)
    assert (first.counts.created, first.problems) == (3000, [])
    assert (second.counts.created, second.counts.changed, second.counts.unchanged) == (0, 0, 3000)


def test_a_newer_file_changes_and_an_older_one_does_not(any_house, tmp_path):
    rows = list(dossier_rows(10))
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps([r | {"Trạng thái": "Đang xử lý"} for r in rows]))
    new.write_text(json.dumps([r | {"Trạng thái": "Dừng xử lý"} for r in rows]))
    run(any_house, new)
    late = run(any_house, old, AS_OF - timedelta(days=1))
    assert late.counts.older == 10
    assert run(any_house, old, AS_OF + timedelta(days=1)).counts.changed == 10


def test_excel_with_titles_above_the_header_is_read(any_house, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH HỒ SƠ"])
    sheet.append([])
    sheet.append(list(COLUMNS))
    for row in dossier_rows(50):
        sheet.append([row[name] for name in COLUMNS])
    book.save(tmp_path / "a.xlsx")
    report = run(any_house, tmp_path / "a.xlsx")
    assert (report.counts.created, report.problems) == (50, [])


def test_a_saved_mapping_is_used_by_the_next_file(any_house, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Số biên nhận;Tình trạng;Ngày nhận\nH56.14-240823-0001;Đang xử lý;23/08/2024\n")
    with pytest.raises(UnreadableFile, match="Mã hồ sơ"):
        run(any_house, path)
    with any_house.begin() as session:
        keep_settings(origin_named(session, "mot-cua"), columns={"code": "Số biên nhận"})
    assert run(any_house, path).counts.created == 1


def test_bad_rows_are_named_without_what_stands_in_them(any_house, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(
        "Mã hồ sơ,Trạng thái,Ngày nhận\n038099004321,Đang xử lý,\nH56.14-240823-0001,Lạ,\n"
        "H56.14-240823-0002,Đang xử lý,31/02/2024\nH56.14-240823-0003,Đang xử lý,23/08/2024\n"
    )
    report = run(any_house, path)
    assert report.counts.created == 1
    assert [item.source for item in report.problems] == ["dòng 2", "dòng 3", "dòng 4"]
    assert "038099004321" not in str(report.problems)


@pytest.mark.parametrize("name", ["a.pdf", "a.xlsx", "a.json"])
def test_a_file_that_is_none_is_refused_in_words(any_house, tmp_path, name):
    (tmp_path / name).write_text("không phải")
    with pytest.raises(UnreadableFile):
        run(any_house, tmp_path / name)


def test_nothing_of_the_owner_is_in_the_table(any_house, tmp_path):
    put(any_house, facts(papers=f"{OWNER['owner']} thiếu ảnh, gọi {OWNER['phone']}"))
    with any_house() as session:
        stored = str([tuple(row) for row in session.execute(text("SELECT * FROM dossier"))])
    for value in OWNER.values():
        assert value.lower() not in stored.lower()
    assert "thiếu ảnh" in stored


def test_what_would_be_erased_at_once_is_left_out_and_counted(house, tmp_path):
    path = write_csv(tmp_path / "a.csv", 60, seed=3)
    report = import_dossiers(
        house, path, KEYS, origin="mot-cua", as_of=AS_OF, oldest=date(2026, 11, 26)
    )
    assert report.counts.expired > 10
    assert report.counts.created == 60 - report.counts.expired


def test_names_are_taken_out_whole_and_in_any_case():
    assert scrubbed("lê thị vịt trời nộp", ["LÊ THỊ VỊT TRỜI"]) == "(ẩn) nộp"
    assert scrubbed("Vịtamin", ["Vịt"]) == "Vịtamin"


@pytest.mark.parametrize("by", list(DossierGrouping))
def test_the_report_adds_up_and_agrees_with_a_plain_count(any_house, tmp_path, by):
    run(any_house, write_csv(tmp_path / "a.csv", 2500, seed=4))
    with any_house() as session:
        *rows, total = dossier_report(session, *YEAR, by)
    for row in (*rows, total):
        left = row.running_in_time + row.running_late + row.waiting + row.stopped + row.returned
        assert row.received == row.solved + left
    for name in ("online", "late", "waiting", "kept", "judged"):
        assert sum(getattr(row, name) for row in rows) == getattr(total, name)
    assert total.late == plain_count(2500, 4)


def plain_count(count, seed):
    """Solved late, counted one by one from the rows themselves."""
    late = 0
    for row in dossier_rows(count, seed=seed):
        is_solved = row["Trạng thái"] in ("Đã xử lý xong", "Đã trả kết quả")
        if is_solved and row["Ngày hẹn trả"]:
            late += day_of(row["Ngày kết thúc xử lý"]) > day_of(row["Ngày hẹn trả"])
    return late


def day_of(cell):
    day, month, year = cell.split()[0].split("/")
    return date(int(year), int(month), int(day))


def test_index_766_counts_a_second_request_for_papers_as_late(house):
    solved = {"state": "Đã xử lý xong", "due": "20/11/2026", "finished": "25/11/2026"}
    put(
        house,
        facts("H56.14-261110-0001", **solved, supplements="2", supplement="11/11/2026"),
        facts("H56.14-261110-0002", **solved, supplements="1", supplement="11/11/2026"),
        facts("H56.14-261110-0003", **solved),
        facts("H56.14-261110-0004", **(solved | {"finished": "20/11/2026"})),
    )
    with house() as session:
        total = dossier_report(session, *YEAR, "level")[-1]
    assert (total.judged, total.kept, total.on_time_rate) == (4, 2, 0.5)


def test_what_is_due_soon_and_what_is_late_is_listed(house):
    put(
        house,
        facts("H56.14-261110-0001", due="26/11/2026"),
        facts("H56.14-261110-0002", due="23/11/2026"),
        facts("H56.14-261110-0003", due="10/12/2026"),
    )
    with house() as session:
        soon, late = due_soon(session, TODAY), due_soon(session, TODAY, is_late=True)
    assert [(item.code[-4:], item.days_left) for item in soon] == [("0001", 1)]
    assert [(item.code[-4:], item.days_left) for item in late] == [("0002", -1)]


def test_the_workbook_has_its_three_pages(house, tmp_path):
    put(house, facts())
    with house() as session:
        rows = dossier_report(session, *YEAR, "unit")
        lists = due_soon(session, TODAY), due_soon(session, TODAY, is_late=True)
    write_dossiers(tmp_path / "r.xlsx", rows, lists, period=YEAR, by_title="Đơn vị")
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["Báo cáo 06", "Sắp đến hạn", "Quá hạn"]
    assert book["Báo cáo 06"]["A4"].value == "Ủy ban nhân dân xã Ao Vịt"
