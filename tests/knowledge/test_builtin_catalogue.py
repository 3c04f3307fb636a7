from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.builtin_catalogue import FOLDER, seed
from knowledge.catalogue import load_catalogue
from knowledge.importing import import_paths
from knowledge.importing.own_files import read_own_file
from knowledge.publishing import create_draft, withdraw_procedure
from knowledge.records.draft import Draft
from knowledge.records.kinds import Status
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import draft, json_file, record

FILES = sorted(FOLDER.glob("*.yaml"))
TOMORROW = TODAY + timedelta(days=1)
DUCK = """
lĩnh vực: Chăn nuôi vịt
nguồn: Trại thử
ngày số liệu: 2026-07-18
thủ tục:
  - mã: 1.900001
    tên: Đăng ký nuôi vịt
    tên thường gọi: [nuôi vịt, xin nuôi vịt]
    các bước: [Nộp, Nhận]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "builtin"
    made.mkdir()
    (made / "vit.yaml").write_text(DUCK, "utf-8")
    return made


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "vit.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_an_empty_house_can_answer_after_seeding(any_house: House, folder: Path):
    report = seed(any_house, today=TODAY, folder=folder)
    assert (report.created, report.published, report.problems) == (1, 1, ())
    listing = load_catalogue(any_house, on=TODAY).listings["1.900001"]
    assert listing.everyday_names == ("nuôi vịt", "xin nuôi vịt")


def test_seeding_again_does_nothing(house: House, folder: Path):
    seed(house, today=TODAY, folder=folder)
    report = seed(house, today=TODAY, folder=folder)
    assert (report.records, report.published) == (0, 0)


def test_a_new_version_of_a_file_replaces_the_old_one(house: House, folder: Path):
    seed(house, today=TODAY, folder=folder)
    edit(folder, "Đăng ký nuôi vịt", "Đăng ký nuôi ngan")
    report = seed(house, today=TOMORROW, folder=folder)
    assert (report.changed, report.published) == (1, 1)
    assert load_catalogue(house, on=TOMORROW).listings["1.900001"].name == "Đăng ký nuôi ngan"


def test_what_the_portal_sent_is_newer_than_our_files(house: House, folder: Path, tmp_path: Path):
    seed(house, today=TODAY, folder=folder)
    import_paths(house, [json_file(tmp_path / "f", record())], publish=True, today=TODAY)
    edit(folder, "Đăng ký nuôi vịt", "Đăng ký nuôi ngan")
    assert seed(house, today=TODAY, folder=folder).changed == 0
    listing = load_catalogue(house, on=TODAY).listings["1.900001"]
    assert listing.name == "Thủ tục đăng ký nuôi vịt"
    assert listing.everyday_names == ("nuôi vịt", "xin nuôi vịt")


def test_everyday_names_reach_what_was_imported_before(
    any_house: House, folder: Path, tmp_path: Path
):
    path = json_file(tmp_path / "f", record())
    import_paths(any_house, [path], publish=True, today=TODAY)
    assert seed(any_house, today=TODAY, folder=folder).changed == 1
    listing = load_catalogue(any_house, on=TODAY).listings["1.900001"]
    assert listing.name == "Thủ tục đăng ký nuôi vịt"
    assert listing.everyday_names == ("nuôi vịt", "xin nuôi vịt")
    again = import_paths(any_house, [path], publish=True, today=TODAY)
    assert (again.changed, again.unchanged) == (0, 1)


def test_what_staff_withdrew_does_not_come_back(house: House, folder: Path):
    seed(house, today=TODAY, folder=folder)
    with house.begin() as session:
        revision = create_draft(session, draft())
        procedure = revision.procedure
        procedure.revisions.remove(revision)
        withdraw_procedure(session, procedure, successor_code=None, on=TODAY)
    edit(folder, "Đăng ký nuôi vịt", "Đăng ký nuôi ngan")
    assert seed(house, today=TODAY, folder=folder).changed == 0
    assert load_catalogue(house, on=TODAY).listings == {}


def test_a_draft_that_staff_work_on_is_left_alone(house: House, folder: Path):
    seed(house, today=TODAY, folder=folder)
    with house.begin() as session:
        mine = create_draft(session, draft(name="Bản của cán bộ"))
    edit(folder, "Đăng ký nuôi vịt", "Đăng ký nuôi ngan")
    report = seed(house, today=TODAY, folder=folder)
    assert (report.changed, report.published) == (0, 0)
    assert mine.status is Status.DRAFT


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_built_in_file_is_readable_and_complete(path: Path):
    drafts, problems = read_own_file(path)
    assert [str(problem) for problem in problems] == []
    for one in drafts:
        names = one.content.everyday_names
        assert 5 <= len(names) <= 20, (one.code, len(names))
        assert len({name.lower() for name in names}) == len(names), one.code
        assert one.source_date, one.code
        assert one.decision_number, one.code
        assert one.portal_id, one.code
        assert one.levels, one.code


def drafts_of_all_files() -> list[Draft]:
    return [draft for path in FILES for draft in read_own_file(path)[0]]


def test_a_code_stands_in_one_place_of_the_built_in_catalogue():
    codes = Counter(draft.code for draft in drafts_of_all_files())
    assert [code for code, times in codes.items() if times > 1] == []


def test_an_everyday_name_means_one_procedure():
    meant = Counter(
        name.lower() for draft in drafts_of_all_files() for name in draft.content.everyday_names
    )
    assert [name for name, times in meant.items() if times > 1] == []


def test_the_built_in_catalogue_covers_what_is_asked_most():
    assert len(drafts_of_all_files()) >= 150


def test_the_built_in_catalogue_seeds_without_a_fault(house: House):
    report = seed(house, today=TODAY)
    assert report.problems == ()
    assert report.created == report.published == len(drafts_of_all_files())
