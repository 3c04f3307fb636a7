import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge.importing.proposing import propose_paths
from knowledge.syncing import Portal, SyncReport, sync
from knowledge.syncing.fetching import DETAILS, LISTED
from knowledge.syncing.portal_api import DETAIL
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, record
from tests.publishing.portal_server import FakePortal, serving

COUNT = 8


@pytest.fixture
def fake() -> Iterator[FakePortal]:
    ids = [f"019d0000-0000-7000-8000-{number:012}" for number in range(COUNT)]
    records = [record(f"1.90000{n}", id=one) for n, one in enumerate(ids)]
    with serving(FakePortal(records)) as portal:
        yield portal


def fetch(fake: FakePortal, folder: Path, naps: list[float] | None = None) -> SyncReport:
    naps = naps if naps is not None else []
    with httpx.Client(base_url=fake.address, timeout=5) as client:
        return sync(Portal(client, naps.append, pause=2.0, tries=3), folder)


def test_everything_once_slowly_then_nothing(fake: FakePortal, tmp_path: Path, house: House):
    naps: list[float] = []
    report = fetch(fake, tmp_path, naps)
    assert (report.listed, report.fetched, report.held, report.is_complete) == (8, 8, 0, True)
    assert len(fake.asked) == 3 + 8
    assert naps == [2.0] * 11  # a pause before each
    again = fetch(fake, tmp_path)
    assert (again.fetched, again.held, len(fake.asked)) == (0, 8, 11)
    proposed = propose_paths(house, [tmp_path / DETAILS], today=TODAY, now=NOW)
    assert (proposed.new, proposed.problems) == (8, ())


def test_it_waits_as_long_as_it_is_told(fake: FakePortal, tmp_path: Path):
    fake.tricks = ["busy", "down", "", "cut"]
    naps: list[float] = []
    report = fetch(fake, tmp_path, naps)
    assert report.is_complete
    assert naps[:6] == [2.0, 7.0, 2.0, 2.0, 0.0, 4.0]


@pytest.mark.parametrize("trick", ["wall", "wall as json"])
def test_a_challenge_is_not_taken_for_data(fake: FakePortal, tmp_path: Path, trick: str):
    fake.tricks = [trick]
    report = fetch(fake, tmp_path)
    assert report.stopped is not None
    assert "Cổng đang chặn máy" in report.stopped
    assert (report.listed, len(fake.asked)) == (0, 1)  # it does not knock again
    fake.tricks = ["", "", "", "", "", trick]
    halfway = fetch(fake, tmp_path)
    assert (halfway.fetched, "chặn máy" in (halfway.stopped or "")) == (2, True)
    rest = fetch(fake, tmp_path)
    assert (rest.fetched, rest.held, rest.is_complete) == (6, 2, True)


@pytest.mark.parametrize(
    ("trick", "says"),
    [("error", "loi noi bo"), ("broken", "không phải JSON"), ("cut", "mất kết nối")],
)
def test_one_bad_record_costs_only_itself(fake: FakePortal, tmp_path: Path, trick: str, says: str):
    times = 3 if trick == "cut" else 1
    fake.tricks = ["", "", "", *[trick] * times]
    report = fetch(fake, tmp_path)
    assert (report.fetched, len(report.failed), report.stopped) == (7, 1, None)
    assert says in report.failed[0]
    assert report.failed[0].startswith("1.900000")
    assert fetch(fake, tmp_path).fetched == 1


def test_a_portal_that_is_down_is_left_alone(fake: FakePortal, tmp_path: Path):
    fake.tricks = ["", "", "", *["down"] * 100]
    report = fetch(fake, tmp_path)
    assert "503" in (report.stopped or "")
    assert len([path for path, _ in fake.asked if path == DETAIL]) == 5 * 3


def test_a_list_that_was_cut_goes_on_after_its_last_row(fake: FakePortal, tmp_path: Path):
    fake.tricks = ["", "wall"]
    assert fetch(fake, tmp_path).listed == 3
    assert fetch(fake, tmp_path).is_complete
    assert [body.get("lastId") for _, body in fake.asked[2:4]] == [
        fake.records[2]["id"],
        fake.records[5]["id"],
    ]


def test_a_line_that_was_cut_by_a_kill_is_fetched_again(fake: FakePortal, tmp_path: Path):
    fetch(fake, tmp_path)
    path = tmp_path / DETAILS
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    report = fetch(fake, tmp_path)
    assert (report.fetched, report.held) == (1, 7)
    assert len(path.read_text("utf-8").splitlines()) == 8
    assert (tmp_path / LISTED).is_file()


def test_the_pause_is_real(fake: FakePortal, tmp_path: Path):
    started = time.monotonic()
    with httpx.Client(base_url=fake.address) as client:
        sync(Portal(client, time.sleep, pause=0.02), tmp_path)
    assert time.monotonic() - started >= 11 * 0.02
