from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.catalogue import load_catalogue
from knowledge.database import connect, sessions, upgrade
from knowledge.importing import ImportReport, import_paths
from knowledge.importing.store import Orders, store
from knowledge.publishing import create_draft
from knowledge.records.kinds import Kind, Status
from knowledge.records.procedure import Procedure, Revision
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import (
    PORTAL_ID,
    content,
    draft,
    json_file,
    json_lines,
    list_workbook,
    local_record,
    normalised,
    record,
)

TOMORROW = TODAY + timedelta(days=1)


def bring(house: House, *paths: Path, on: date = TODAY, publish: bool = True) -> ImportReport:
    return import_paths(house, paths, publish=publish, today=on)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.published


def revisions(house: House, code: str = "1.900001") -> list[Revision]:
    with house() as session:
        query = select(Revision).join(Procedure).where(Procedure.code == code)
        return list(session.scalars(query.order_by(Revision.id)))


def test_a_second_run_finds_all_unchanged(any_house: House, tmp_path: Path):
    path = json_lines(
        tmp_path / "f",
        *(record(f"1.9{number:05}") for number in range(650)),  # three batches
        local_record("1.990001", "H56", "UBND tỉnh Thanh Hóa"),
        local_record(" 1.990001", "H60", "UBND tỉnh Tuyên Quang"),
        record("1.0133611"),
    )
    first, second = bring(any_house, path), bring(any_house, path, on=TOMORROW)
    assert counts(first) == (652, 0, 0, 652)
    assert counts(second) == (0, 0, 652, 0)
    assert len(first.problems) == len(second.problems) == 2
    catalogue = load_catalogue(any_house, on=TOMORROW)
    assert len(catalogue.listings) == 652
    assert [one.slug for one in catalogue.by_code("1.990001")] == [
        "1.990001",
        "1.990001@ubnd-tinh-tuyen-quang",
    ]


def test_a_change_becomes_the_next_revision(any_house: House, tmp_path: Path):
    path = json_file(tmp_path / "f", record())
    bring(any_house, path)
    json_file(path, record(name="Đăng ký nuôi ngan"))
    assert counts(bring(any_house, path, on=TOMORROW)) == (0, 1, 0, 1)
    first, second = revisions(any_house)
    assert (first.in_force_from, first.in_force_to) == (TODAY, TOMORROW)
    assert (second.in_force_from, second.in_force_to) == (TOMORROW, None)


def test_a_change_on_the_same_day_replaces_at_once(house: House, tmp_path: Path):
    path = json_file(tmp_path / "f", record())
    bring(house, path)
    bring(house, json_file(path, record(name="Đăng ký nuôi ngan")))
    assert load_catalogue(house, on=TODAY).listings["1.900001"].name == "Đăng ký nuôi ngan"


def test_without_publishing_there_are_only_drafts(any_house: House, tmp_path: Path):
    path = json_file(tmp_path / "f", record())
    assert counts(bring(any_house, path, publish=False)) == (1, 0, 0, 0)
    assert load_catalogue(any_house, on=TODAY).listings == {}
    assert counts(bring(any_house, path)) == (0, 0, 1, 1)
    assert list(load_catalogue(any_house, on=TODAY).listings) == ["1.900001"]


def test_everyday_names_survive_what_the_portal_sends(any_house: House, tmp_path: Path):
    own = draft(content=content(everyday_names=("nuôi vịt", "xin nuôi vịt")))
    store(any_house, [own], Orders(publish=True, today=TODAY))
    path = json_file(tmp_path / "f", record())
    assert counts(bring(any_house, path, on=TOMORROW)) == (0, 1, 0, 1)
    assert counts(bring(any_house, path, on=TOMORROW)) == (0, 0, 1, 0)
    catalogue = load_catalogue(any_house, on=TOMORROW)
    assert catalogue.listings["1.900001"].everyday_names == ("nuôi vịt", "xin nuôi vịt")
    assert catalogue.revision("1.900001").content.steps == ("Nộp tờ khai rồi nhận giấy.",)


def test_a_list_never_overwrites_a_fuller_record(any_house: House, tmp_path: Path):
    full = json_file(tmp_path / "full", record())
    listed = list_workbook(
        tmp_path / "list",
        ("1.900001", "Tên trong danh sách", "Bộ Vịt", "Sở Vịt", "Vịt"),
        ("1.900002", "Nuôi ngan", "Bộ Vịt", "Sở Vịt", "Vịt"),
    )
    bring(any_house, full)
    assert counts(bring(any_house, listed)) == (1, 0, 1, 1)
    catalogue = load_catalogue(any_house, on=TODAY)
    assert catalogue.listings["1.900001"].name == "Thủ tục đăng ký nuôi vịt"
    assert revisions(any_house, "1.900002")[0].is_list_only
    bring(any_house, json_file(full, record("1.900002")))
    assert [one.is_list_only for one in revisions(any_house, "1.900002")] == [True, False]
    assert counts(bring(any_house, listed)) == (0, 0, 2, 0)


def test_a_page_that_names_no_publisher_keeps_whose_procedure_it_is(house: House):
    ours = draft(kind=Kind.LOCAL, province="38", owner="UBND tỉnh Thanh Hóa")
    orders = Orders(publish=True, today=TODAY)
    store(house, [ours], orders)
    page = draft(owner=None, decision_date=None, content=content(steps=("Khác hẳn.",)))
    assert counts(store(house, [page], orders)) == (0, 1, 0, 1)
    assert counts(store(house, [page], orders)) == (0, 0, 1, 0)
    latest = revisions(house)[-1]
    assert (latest.kind, latest.province, latest.owner) == (
        Kind.LOCAL,
        "38",
        "UBND tỉnh Thanh Hóa",
    )
    assert latest.decision_date == ours.decision_date


def test_an_older_file_read_again_is_no_news(house: House):
    orders = Orders(publish=True, today=TODAY)
    old = draft(source_date=date(2026, 1, 1))
    new = draft(source_date=date(2026, 6, 1), name="Đăng ký nuôi ngan")
    store(house, [old, new], orders)
    assert counts(store(house, [old, new], orders)) == (0, 0, 2, 0)
    assert load_catalogue(house, on=TODAY).listings["1.900001"].name == "Đăng ký nuôi ngan"


def test_a_wording_that_its_owner_takes_back_is_news(house: House):
    orders = Orders(publish=True, today=TODAY)
    for name in ("Nuôi vịt", "Nuôi ngan", "Nuôi vịt"):
        assert store(house, [draft(name=name)], orders).unchanged == 0
    assert len(revisions(house)) == 3


def test_former_procedures_are_known_as_withdrawn(any_house: House, tmp_path: Path):
    path = json_lines(tmp_path / "f", normalised(state="not_in_2026-07-18_catalogue"))
    refused = bring(any_house, path)
    assert counts(refused) == (0, 0, 0, 0)
    assert len(refused.problems) == 1
    for run, expected in ((1, (1, 0, 0, 1)), (2, (0, 0, 1, 0))):
        report = import_paths(any_house, [path], publish=True, today=TODAY, legacy=True)
        assert counts(report) == expected, run
    catalogue = load_catalogue(any_house, on=TODAY)
    assert catalogue.listings == {}
    withdrawn = catalogue.withdrawn("1.900001")
    assert withdrawn is not None
    assert (withdrawn.name, withdrawn.on) == ("Thủ tục đăng ký nuôi vịt", None)


def test_a_former_record_does_not_touch_what_is_in_force(house: House, tmp_path: Path):
    bring(house, json_file(tmp_path / "now", record()))
    path = json_lines(tmp_path / "f", normalised(state="not_in_2026-07-18_catalogue"))
    report = import_paths(house, [path], publish=True, today=TODAY, legacy=True)
    assert counts(report) == (0, 0, 1, 0)
    assert len(load_catalogue(house, on=TODAY).listings) == 1


def test_a_former_procedure_that_comes_back_is_in_force(house: House, tmp_path: Path):
    path = json_lines(tmp_path / "f", normalised(state="not_in_2026-07-18_catalogue"))
    import_paths(house, [path], publish=True, today=TODAY, legacy=True)
    bring(house, json_file(tmp_path / "now", record()))
    catalogue = load_catalogue(house, on=TODAY)
    assert list(catalogue.listings) == ["1.900001"]
    assert catalogue.withdrawn("1.900001") is None


@pytest.mark.postgres
def test_a_record_that_the_database_refuses_costs_only_itself(postgres_url: str):
    engine = connect(postgres_url)
    upgrade(engine)
    drafts = [draft("1.900001"), draft("1.900002", portal_id="x" * 65), draft("1.900003")]
    report = store(sessions(engine), drafts, Orders(publish=True, today=TODAY))
    engine.dispose()
    assert counts(report) == (2, 0, 0, 2)
    assert [problem.record for problem in report.problems] == ["1.900002"]
    assert "cơ sở dữ liệu không nhận" in report.problems[0].says


def test_a_draft_of_staff_is_not_published_by_an_import_of_something_else(
    house: House, tmp_path: Path
):
    path = json_file(tmp_path / "f", record())
    bring(house, path)
    with house.begin() as session:
        create_draft(session, draft(name="Bản nháp của cán bộ"))
    listed = list_workbook(tmp_path / "l", ("1.900001", "Tên", "Bộ Vịt", "Sở Vịt", "Vịt"))
    assert counts(bring(house, listed)) == (0, 0, 1, 0)
    assert revisions(house)[-1].status is Status.DRAFT


def test_progress_is_told(house: House, tmp_path: Path):
    told: list[tuple[int, int | None]] = []
    path = json_lines(tmp_path / "f", *(record(f"1.9{number:05}") for number in range(301)))
    import_paths(
        house,
        [path],
        publish=True,
        today=TODAY,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(300, None), (301, None)]


def test_a_changed_portal_id_is_a_change(house: House, tmp_path: Path):
    path = json_file(tmp_path / "f", record())
    bring(house, path)
    bring(house, json_file(path, record(id=PORTAL_ID.format(2))))
    assert load_catalogue(house, on=TODAY).listings["1.900001"].deep_link.endswith("02")
