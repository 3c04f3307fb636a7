"""The knowledge base on the national catalogue: differences, checks, and how soon a publication lives."""

import gzip
import json
import shutil
import time
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from bot.app import App
from knowledge.checks import check_catalogue
from knowledge.database import connect, sessions
from knowledge.importing.proposing import propose_paths
from knowledge.link_checks import check_links
from knowledge.publishing import missing_parts
from knowledge.records.staff import Duty
from knowledge.reports import Grouping, listing_report
from knowledge.staffing import grant
from tests.benchmark import publication
from tests.benchmark.house import RAW
from tests.knowledge.making import NOW
from tests.publishing.conftest import CONSOLE, LONG_AGO, hire
from tests.publishing.scenario import changed_copy, play


def run(app: App, *, misses: int) -> None:
    """Print all figures; a broken promise ends it."""
    del misses
    folder = Path(app.settings.cache_dir) / "knowledge"
    folder.mkdir(exist_ok=True)
    _scenario(app, folder)
    _checks(app)
    publication.run(app, folder)


def july() -> list[dict[str, Any]]:
    """The details of July's crawl, out of the wrappers that the crawl put around."""
    with gzip.open(RAW, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    rows = [row.get("detail", row) for row in rows]
    return [row.get("data", row) for row in rows]


def copied(app: App, path: Path) -> tuple[sessionmaker[Session], str]:
    """The benchmark's database once more, to be changed."""
    original = app.settings.database_url.removeprefix("sqlite:///")
    app.engine.dispose()  # the journal is written back into the file
    shutil.copy(original, path)
    url = f"sqlite:///{path}"
    return sessions(connect(url)), url


def employed(house: sessionmaker[Session]) -> None:
    """Staff whose editor may edit the whole catalogue."""
    hire(house)
    with house.begin() as session:
        grant(session, CONSOLE, "lan", Duty.EDITOR, since=LONG_AGO)


def _scenario(app: App, folder: Path) -> None:
    """July, then a changed copy: timed without a kill, then played through one."""
    rows = july()
    catalogue = app.shelves().catalogue

    def complete(code: str) -> bool:
        return not missing_parts(catalogue.revision(code))

    copy = changed_copy(rows, folder / "copy.jsonl", start=100, complete=complete)
    house, _ = copied(app, folder / "timed.sqlite3")
    started = time.perf_counter()
    report = propose_paths(house, [copy.path], today=app.today(), now=NOW)
    print(
        f"so hai danh mục quốc gia (yêu cầu ≤ 20 s): {time.perf_counter() - started:.1f} s;"
        f" mới {report.new}, đổi {report.changed}, hết {report.gone},"
        f" không đổi {report.unchanged}, vấn đề {len(report.problems)}"
    )
    house, url = copied(app, folder / "scenario.sqlite3")
    employed(house)
    report = play(house, url, copy, today=app.today(), total=len(rows))
    print(
        f"bản đã đổi (40 đổi, 5 mới, 5 hết, 3 chỗ đã sửa, 2 hỏng), bị giết giữa chừng: làm tiếp từ"
        f" {report.resumed_at}; mới {report.new}, đổi {report.changed}, hết {report.gone},"
        f" trùng chỗ đã sửa {report.conflicts}; chỗ đã sửa còn nguyên, không mất thủ tục nào"
    )


def _checks(app: App) -> None:
    with app.sessions() as session:
        started = time.perf_counter()
        findings = list(check_catalogue(session, app.today()))
        spent = time.perf_counter() - started
        slugs = len({one.slug for one in findings})
        print(
            f"mọi kiểm tra (yêu cầu ≤ 20 s): {spent:.1f} s; {len(findings)} chỗ ở {slugs} thủ tục"
        )
        started = time.perf_counter()
        links = check_links(session, app.today())
        print(f"kiểm {len(links)} đường dẫn: {time.perf_counter() - started:.1f} s")
        for by in Grouping:
            started = time.perf_counter()
            listed = listing_report(session, app.today(), by)
            spent = time.perf_counter() - started
            print(f"báo cáo danh mục theo {by.value}: {spent:.1f} s, {len(listed)} dòng")
