"""Dossiers at size: import, look-up, report, and whether time tells a wrong proof from no dossier.

python -m tests.benchmark.dossiers --rows 2000000 --database sqlite:////somewhere/dossiers.sqlite3
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from bot.dossier_desk import Desk, Found
from knowledge.database import connect, read_only, sessions, upgrade
from knowledge.dossiers import limits
from knowledge.dossiers.facts import Status
from knowledge.dossiers.importing import import_dossiers
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.reporting import DossierGrouping, dossier_report
from knowledge.dossiers.table import TableSource
from tests.dossiers.generating import AS_OF, TODAY, UNITS, dossier_rows, write_csv

KEYS = Keys(b"benchmark")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--tries", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/dossiers.sqlite3"
        engine = connect(url)
        upgrade(engine)
        factory = sessions(engine)
        path = write_csv(Path(folder) / "dossiers.csv", given.rows)
        measure_import(factory, path, given.rows)
        measure_lookup(factory, given.rows)
        measure_report(factory)
        measure_timing(factory, given.rows, given.tries)
        engine.dispose()


def measure_import(factory: sessionmaker[Session], path: Path, rows: int) -> None:
    """Rows a second, new and repeated."""
    for name in ("import, new", "import, again"):
        started, worked = time.perf_counter(), time.process_time()
        report = import_dossiers(factory, path, KEYS, origin="mot-cua", as_of=AS_OF)
        wall, cpu = time.perf_counter() - started, time.process_time() - worked
        print(
            f"{name:<16} {rows / wall:>8,.0f} rows/s ({rows / cpu:,.0f} by own CPU time)"
            f"  {report.counts}"
        )


def measure_lookup(factory: sessionmaker[Session], rows: int, count: int = 5_000) -> None:
    """Times of look-ups by code and by code with proof."""
    source = TableSource(lambda: read_only(factory), KEYS)
    luck = random.Random(3)
    times: list[float] = []
    found = 0
    for _ in range(count):
        number = luck.randrange(rows)
        started = time.perf_counter()
        found += isinstance(source.lookup(code_of(number), luck.choice((None, "0000"))), Status)
        times.append((time.perf_counter() - started) * 1000)
    print(f"look-up          {quantiles(times)} ms, {found} found of {count}")


def code_of(number: int) -> str:
    """The code that the generator gave the row of that number."""
    unit = number % len(UNITS)
    day = TODAY - timedelta(days=(number // len(UNITS) // 20) % 700)
    return f"H56.{unit + 100}-{day:%y%m%d}-{number // len(UNITS) % 20 + 1:04d}"


def measure_report(factory: sessionmaker[Session]) -> None:
    """How long each report takes over the year."""
    for by in DossierGrouping:
        started = time.perf_counter()
        with read_only(factory) as session:
            rows = dossier_report(session, date(2026, 1, 1), TODAY + timedelta(days=1), by)
        spent = time.perf_counter() - started
        print(f"report by {by.value:<7}{spent:>6.2f} s, {rows[-1].received:,} received")


def measure_timing(factory: sessionmaker[Session], rows: int, tries: int) -> None:
    """Wrong proof against no dossier, in turns: the two distributions must be one."""
    limits.PROOFS = limits.PER_CHAT = limits.PER_CODE = 10**9  # type: ignore[misc]
    limits.SERIES_OF_CHAT = limits.SERIES_OF_ALL = 10**9  # type: ignore[misc]
    desk = Desk(factory, KEYS)
    asker = desk.asker("bench", "web")
    luck = random.Random(9)
    codes = [row["Mã hồ sơ"] for row in dossier_rows(min(rows, 2000))]

    def wrong() -> str:
        return luck.choice(codes)

    def nobody() -> str:
        return luck.choice(codes).replace("H56.", "H57.", 1)

    samples: dict[str, list[float]] = {"wrong proof": [], "not found": []}
    for _ in range(tries):
        for name, make in luck.sample(list({"wrong proof": wrong, "not found": nobody}.items()), 2):
            samples[name].append(_timed(desk, make, asker))
    for name, times in samples.items():
        print(f"{name:<16} {quantiles(times)} ms")
    chance = permutation_chance(samples["wrong proof"], samples["not found"])
    guess = best_guess(samples["wrong proof"], samples["not found"])
    print(f"told apart       p = {chance:.2f} (difference of means), best guess right {guess:.1%}")


def _timed(desk: Desk, make: Callable[[], str], asker: limits.Asker) -> float:
    code = make()
    started = time.perf_counter()
    result = desk.look_up(asker, code, "xxxx")
    assert isinstance(result, Found)
    return (time.perf_counter() - started) * 1000


def permutation_chance(first: list[float], second: list[float], rounds: int = 1000) -> float:
    """How often chance alone makes the means differ as much."""
    luck = random.Random(1)
    seen = abs(statistics.fmean(first) - statistics.fmean(second))
    both, half = [*first, *second], len(first)
    more = 0
    for _ in range(rounds):
        luck.shuffle(both)
        more += abs(statistics.fmean(both[:half]) - statistics.fmean(both[half:])) >= seen
    return more / rounds


def best_guess(first: list[float], second: list[float]) -> float:
    """The share of right guesses of one who knows the best threshold; a coin has 50 %."""
    both = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    below, best = [0, 0], 0.5
    for _, which in both:
        below[which] += 1
        right = (below[0] + len(second) - below[1]) / len(both)
        best = max(best, right, 1 - right)
    return best


def quantiles(times: list[float]) -> str:
    """p50, p95, p99."""
    cut = statistics.quantiles(times, n=100)
    return f"p50 {cut[49]:.2f}  p95 {cut[94]:.2f}  p99 {cut[98]:.2f}"


if __name__ == "__main__":
    main()
