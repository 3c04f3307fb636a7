"""Dossiers at size: import, look-up, reports, and whether time tells a wrong proof from no dossier.

python -m tests.benchmark.dossiers --rows 2000000             # SQLite, and PostgreSQL if installed
python -m tests.benchmark.dossiers --rows 2000000 --database postgresql+psycopg://…
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from bot.dossier_desk import Desk, Found
from knowledge.database import connect, read_only, sessions, upgrade
from knowledge.dossiers import limits
from knowledge.dossiers.facts import Status
from knowledge.dossiers.importing import import_dossiers
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.reporting import DossierGrouping, dossier_report, due_soon
from knowledge.dossiers.table import TableSource
from tests.benchmark.telling_apart import told_apart
from tests.dossiers.generating import AS_OF, TODAY, UNITS, dossier_rows, write_csv
from tests.postgres_cluster import cluster

ROWS: Final = 100_000
KEYS: Final = Keys(b"benchmark")
TRIES: Final = 400
LEAST_IMPORTED: Final = 5_000  # rows a second
LONGEST_LOOK_UP: Final = 5.0  # milliseconds, p99
LONGEST_REPORT: Final = 5.0  # seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--database", default="", help="this one instead of fresh ones")
    given = parser.parse_args()
    run(given.rows, given.database)


def run(rows: int = ROWS, database: str = "") -> None:
    """All figures, on each kind of database."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "dossiers.csv", rows)
        for url in [database] if database else _fresh(Path(folder)):
            engine = connect(url)
            upgrade(engine)
            kind = make_url(url).get_backend_name()
            print(f"hồ sơ: {rows:,} trên {kind}, máy đang tải {os.getloadavg()[0]:.1f}")
            measure(sessions(engine), path, rows)
            engine.dispose()


def _fresh(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/dossiers.sqlite3"
    with cluster() as url:
        if url:
            yield url
        else:
            print("bỏ qua PostgreSQL: chưa cài")


def measure(factory: sessionmaker[Session], path: Path, rows: int) -> None:
    """All figures on one database."""
    measure_import(factory, path, rows)
    measure_lookup(factory, rows)
    measure_report(factory)
    measure_timing(factory, rows)


def measure_import(factory: sessionmaker[Session], path: Path, rows: int) -> None:
    """Rows a second, new and repeated."""
    for name in ("nhập mới", "nhập lại"):
        started, worked = time.perf_counter(), time.process_time()
        report = import_dossiers(factory, path, KEYS, origin="mot-cua", as_of=AS_OF)
        speed = rows / (time.perf_counter() - started)
        cpu = rows / (time.process_time() - worked)
        counts = report.counts
        print(
            f"  {name:<18} {speed:>8,.0f} dòng/s (theo giờ CPU của mình {cpu:,.0f});"
            f" mới {counts.created:,}, không đổi {counts.unchanged:,}, vấn đề {len(report.problems)}"
            f"  {judged(speed >= LEAST_IMPORTED, f'≥ {LEAST_IMPORTED:,}')}"
        )


def measure_lookup(factory: sessionmaker[Session], rows: int, count: int = 5_000) -> None:
    """Times of look-ups by code and by code with proof."""
    source = TableSource(lambda: read_only(factory), KEYS)
    luck = random.Random(3)
    times: list[float] = []
    work: list[float] = []
    found = 0
    for _ in range(count):
        code = code_of(luck.randrange(rows))
        started, worked = time.perf_counter(), time.thread_time()
        found += isinstance(source.lookup(code, luck.choice((None, "0000"))), Status)
        times.append((time.perf_counter() - started) * 1000)
        work.append((time.thread_time() - worked) * 1000)
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"  {'tra một mã':<18} {quantiles(times)} ms (CPU {quantiles(work)}), {found} trúng"
          f"  {judged(p99 <= LONGEST_LOOK_UP, f'p99 ≤ {LONGEST_LOOK_UP:g} ms')}")  # fmt: skip


def code_of(number: int) -> str:
    """The code that the generator gave the row of that number."""
    unit = number % len(UNITS)
    day = TODAY - timedelta(days=(number // len(UNITS) // 20) % 700)
    return f"H56.{unit + 100}-{day:%y%m%d}-{number // len(UNITS) % 20 + 1:04d}"


def measure_report(factory: sessionmaker[Session]) -> None:
    """How long each report takes over the year, and the list of what is due."""
    for by in DossierGrouping:
        with timed(f"báo cáo {by.value}"), read_only(factory) as session:
            rows = dossier_report(session, date(2026, 1, 1), TODAY + timedelta(days=1), by)
    assert rows[-1].received
    with timed("sắp hạn, quá hạn"), read_only(factory) as session:
        assert due_soon(session, TODAY)
        assert due_soon(session, TODAY, is_late=True)


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Print how long the block took."""
    started = time.perf_counter()
    yield
    spent = time.perf_counter() - started
    print(f"  {name:<18} {spent:>8.2f} s"
          f"  {judged(spent <= LONGEST_REPORT, f'≤ {LONGEST_REPORT:g} s')}")  # fmt: skip


def measure_timing(factory: sessionmaker[Session], rows: int) -> None:
    """Wrong proof against no dossier, in turns: the two distributions must be one."""
    with _without_limits():
        wrong, nobody = _samples(Desk(factory, KEYS), rows)
    for name, times in (("sai 4 số", wrong), ("không có hồ sơ", nobody)):
        print(f"  {name:<18} {quantiles(times)} ms")
    verdict = told_apart(wrong, nobody)
    print(
        f"  {'phân biệt được?':<18} đoán đúng nhất {verdict.guess:.1%} (tung xu 50%);"
        f" do may rủi: trung bình p = {verdict.of_means:.2f}, ngưỡng p = {verdict.of_guess:.2f}"
        f"  {judged(verdict.is_alike, 'không phân biệt được')}"
    )


def _samples(desk: Desk, rows: int) -> tuple[list[float], list[float]]:
    luck = random.Random(9)
    codes = [row["Mã hồ sơ"] for row in dossier_rows(min(rows, 2000))]
    makers: dict[str, Callable[[], str]] = {
        "wrong": lambda: luck.choice(codes),
        "nobody": lambda: luck.choice(codes).replace("H56.", "H57.", 1),
    }
    samples: dict[str, list[float]] = {"wrong": [], "nobody": []}
    asker = desk.asker("bench", "web")
    for _ in range(TRIES):
        for name in luck.sample(list(makers), 2):
            code = makers[name]()
            started = time.perf_counter()
            assert isinstance(desk.look_up(asker, code, "xxxx"), Found)
            samples[name].append((time.perf_counter() - started) * 1000)
    return samples["wrong"], samples["nobody"]


@contextmanager
def _without_limits() -> Iterator[None]:
    names = ("PROOFS", "PER_CHAT", "PER_CODE", "PER_CHANNEL", "SERIES_OF_CHAT", "SERIES_OF_ALL")
    kept = {name: getattr(limits, name) for name in names}
    for name in names:
        setattr(limits, name, 10**9)
    yield
    for name, value in kept.items():
        setattr(limits, name, value)


def judged(is_met: bool, wanted: str) -> str:
    """The limit, and whether it is met."""
    return f"{'✓' if is_met else '✗'} {wanted}"


def quantiles(times: list[float]) -> str:
    """p50, p95, p99."""
    cut = statistics.quantiles(times, n=100)
    return f"p50 {cut[49]:.2f}  p95 {cut[94]:.2f}  p99 {cut[98]:.2f}"


if __name__ == "__main__":
    main()
