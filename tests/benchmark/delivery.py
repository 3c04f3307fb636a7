"""Throughput of delivery: webhooks in, replies in the outbox and out to a stand-in, on PostgreSQL.

    make bench                                       # as its last part
    python -m tests.benchmark delivery               # alone
    python -m tests.benchmark.delivery URL --rate 300 --seconds 60     # on a filled database

When a reply has been committed is read from PostgreSQL's own commit times, so the measured
processes are exactly those of `motcua serve --workers`.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, Table, text

from bot.app import App
from knowledge.database import Base, connect, upgrade
from tests.benchmark.questions import Mix
from tests.benchmark.rush import Platform, Rush
from tests.delivery.killing import free_port
from tests.postgres_cluster import cluster

RATES = (300.0,)
SECONDS = 60.0
WARM_UP = 15.0
WORKERS = 2
SECRET = "the-secret-of-the-benchmark"
TOKEN = "123456:token-of-the-benchmark-stand-in"
DRAIN = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """What one run is asked for."""

    rate: float
    seconds: float
    workers: int
    warm_up: float = WARM_UP


def run(app: App, *, misses: int) -> None:
    """The part of `make bench`: a server of its own, filled from the national catalogue."""
    del misses
    with cluster("track_commit_timestamp=on", "shared_buffers=256MB") as url:
        if url is None:
            print("bỏ qua phần giao nhận: máy này không có PostgreSQL (apt-get install postgresql)")
            return
        fill(app.engine, url)
        for rate in RATES:
            measure(url, app.settings.cache_dir, Run(rate, SECONDS, WORKERS))


def fill(source: Engine, url: str) -> None:
    """Copy every table from another database."""
    upgrade(url)
    target = connect(url)
    with source.connect() as reading, target.begin() as writing:
        writing.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            _copy(reading, writing, table)
    with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    target.dispose()


def _copy(reading, writing, table: Table) -> None:
    writing.execute(table.delete())
    rows = reading.execute(table.select()).mappings()
    while chunk := [dict(row) for row in islice(rows, 1000)]:
        writing.execute(table.insert(), chunk)
    if "id" in table.c and table.c.id.autoincrement:
        place = f"pg_get_serial_sequence('{table.name}', 'id')"
        if writing.execute(text(f"SELECT {place}")).scalar():
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
            writing.execute(text(f"SELECT setval({place}, {last}, false)"))


def measure(url: str, cache: Path, told: Run) -> None:
    """One run, and its figures."""
    engine = connect(url)
    port = free_port()
    asyncio.run(_measure(engine, url, cache, port, told))
    engine.dispose()


async def _measure(engine: Engine, url: str, cache: Path, port: int, told: Run) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Platform, "127.0.0.1", 0)
    platform = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with _serving(url, cache, platform, port, told.workers) as served:
        await _until_listening(port)
        texts, rush = Mix(7), Rush(port, SECRET, told.rate / 2, chats=int(told.rate * 10))
        await rush.run(texts, told.warm_up)
        await _until_drained(engine)
        rush = Rush(port, SECRET, told.rate, chats=rush.chats, first=rush.first)
        Platform.sent, before = 0, _cpu(served, engine)
        own, started = time.process_time(), time.time()
        await rush.run(texts, told.seconds)
        ended = time.time()
        await _until_drained(engine)
        used = [now - then for now, then in zip(_cpu(served, engine), before, strict=True)]
        _tell(rush, engine, told, ended - started, [*used, time.process_time() - own])
        print(f"gửi tới nền tảng: {Platform.sent} lần, xong {Platform.last_sent - ended:+.2f} s")
    server.close()


@contextmanager
def _serving(
    url: str, cache: Path, platform: str, port: int, workers: int
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "database_url": url,
            "cache_dir": str(cache),
            "dossier_key_file": f"{folder}/key",
            "port": port,
            "telegram_token": TOKEN,
            "telegram_api_url": platform,
            "telegram_webhook_secret": SECRET,
            "workers": workers,
            "log_level": "WARNING",
        }
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.benchmark.serving", json.dumps(told)]
        process = subprocess.Popen(command, env=environment)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


async def _until_listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            writer.close()
            await asyncio.sleep(1)
            return


async def _until_drained(engine: Engine) -> None:
    query = text(
        "SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL) + (SELECT count(*) FROM outbox)"
    )
    until = time.monotonic() + DRAIN
    while time.monotonic() < until:
        with engine.connect() as connection:
            if connection.execute(query).scalar_one() == 0:
                return
        await asyncio.sleep(0.2)


def _cpu(served: subprocess.Popen[bytes], engine: Engine) -> list[float]:
    """Seconds of processor time of the assistant's processes, and of the database's."""
    with engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return [_family_time(served.pid), _family_time(_parent_of(backend))]


def _family_time(pid: int) -> float:
    """Of the process and its children, also those that have ended."""
    pids = [pid, *(int(p.name) for p in Path("/proc").glob("[0-9]*") if _parent_of(p.name) == pid)]
    return sum(sum(int(part) for part in _stat(one)[11:15]) for one in pids) / _TICKS


def _parent_of(pid: object) -> int:
    return int(_stat(pid)[1])


def _stat(pid: object) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["0"] * 20


def _tell(rush: Rush, engine: Engine, told: Run, seconds: float, used: Sequence[float]) -> None:
    query = text(
        "SELECT event_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))"
        " FROM inbox WHERE handled_at IS NOT NULL"
    )
    with engine.connect() as connection:
        done = {int(e.rpartition(":")[2]): float(at) for e, at in connection.execute(query)}
    answered = [(done[n] - due) * 1000 for n, due in rush.due.items() if n in done]
    kept = [(rush.kept[n] - due) * 1000 for n, due in rush.due.items()]
    count = len(rush.due)
    mine, database, ours = (1000 * one / count for one in used)
    print(
        f"\ngiao nhận, {told.workers} tiến trình: {count} tin trong {seconds:.0f} s ="
        f" {count / seconds:.0f}/s; từ chối {rush.refused}"
    )
    _spread("webhook trả lời 200", kept)
    _spread("từ webhook tới hộp gửi (yêu cầu p99 < 100 ms)", answered)
    print(
        f"CPU mỗi tin: trợ lý {mine:.2f} ms, PostgreSQL {database:.2f} ms, máy phát và nền tảng giả"
        f" {ours:.2f} ms; tải máy {os.getloadavg()[0]:.1f}"
    )
    print(f"không được trả lời: {count - len(answered)}")


def _spread(what: str, times: Sequence[float]) -> None:
    p50, p99 = np.percentile(times, [50, 99])
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, lâu nhất {max(times):.0f} ms")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--warm-up", type=float, default=WARM_UP)
    parser.add_argument("--workers", type=int, default=WORKERS)
    told = parser.parse_args()
    measure(told.url, told.cache, Run(told.rate, told.seconds, told.workers, told.warm_up))


if __name__ == "__main__":
    main()
