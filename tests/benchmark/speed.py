"""Speed and memory: ratios to a known yardstick in the same run, so a busy machine does not lie."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.app import App
from bot.assistant import Assistant
from bot.conversations import Unrecorded
from bot.entries import entries_of
from bot.evaluation import read_rows
from bot.messages import Message
from nlp.entries import bare_name
from nlp.index_cache import load, save
from nlp.normalize import fold
from nlp.retrieval import Index
from nlp.understanding import understand
from tests.benchmark.house import DEV, run_alone

FIRST_ANSWER = """
import sys, time
from pathlib import Path
started = time.perf_counter()
from bot.app import build
from bot.config import Settings
from bot.messages import Message
app = build(Settings())
app.assistant.reply(Message("bench", "1", "c", "con moi de can lam giay to gi"))
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(f"{time.perf_counter() - started:.2f} s, {peak:.0f} MB")
"""


def run(app: App, *, misses: int) -> None:
    """Print all figures."""
    del misses
    questions = [row["question"] for row in read_rows(DEV)]
    shelf = app.shelves()
    names = [fold(bare_name(item.name)) for item in shelf.catalogue.listings.values()]
    wratio = _times(
        lambda q: process.extract(fold(q), names, scorer=fuzz.WRatio, limit=5), questions[:60]
    )
    yardstick = float(np.median(wratio))
    assistant = Assistant(app.shelves, Unrecorded())
    counter = iter(range(10**9))
    whole = _times(
        lambda q: assistant.reply(Message("bench", "", str(next(counter)), q)), questions, warm=50
    )
    _tell("cả trợ lý, một câu", whole)
    print(
        f"  rapidfuzz WRatio trên mọi tên: p50 {yardstick:.1f} ms; p99 của ta / p50 đó = {np.percentile(whole, 99) / yardstick:.3f} (yêu cầu ≤ 0.25)"
    )
    understood = _times(lambda q: understand(q, shelf.index), questions, warm=50)
    _tell("hiểu một câu", understood)
    entries = list(entries_of(shelf.catalogue))
    started = time.perf_counter()
    index = Index.build(entries)
    print(
        f"dựng chỉ mục {len(entries)} thủ tục: {time.perf_counter() - started:.1f} s (yêu cầu ≤ 10)"
    )
    path = Path(app.settings.cache_dir) / "bench.npz"
    save(index, path)
    started = time.perf_counter()
    load(path)
    print(f"nạp chỉ mục từ đĩa: {time.perf_counter() - started:.2f} s (yêu cầu ≤ 1.5)")
    _tenfold(entries, questions, float(np.median(understood)))
    _first_answers(app)


def _tenfold(entries: Sequence, questions: Sequence[str], base: float) -> None:
    """Ten times the records: every procedure again in nine other made-up districts of words."""
    many = [
        replace(entry, key=f"{entry.key}#{n}", name=f"{entry.name} khu {n}" if n else entry.name)
        for n in range(10)
        for entry in entries
    ]
    index = Index.build(many)
    times = _times(lambda q: understand(q, index), questions[:200], warm=20)
    _tell(f"hiểu một câu với {len(many)} thủ tục", times)
    print(f"  gấp mười hồ sơ tốn {np.median(times) / base:.2f} lần thời gian (yêu cầu ≤ 3)")


def _first_answers(app: App) -> None:
    own = app.settings.model_copy(
        update={"database_url": f"sqlite:///{Path(app.settings.cache_dir) / 'builtin.sqlite3'}"}
    )
    for name, settings, most in (
        ("danh mục có sẵn", own, 3),
        ("danh mục quốc gia", app.settings, 6),
    ):
        for attempt in ("lần đầu", "lần sau"):
            print(
                f"từ lúc khởi động đến câu trả lời đầu, {name}, {attempt}"
                f" (yêu cầu ≤ {most} s, ≤ 600 MB): {run_alone(FIRST_ANSWER, settings)}"
            )


def _times(ask: Callable[[str], object], questions: Sequence[str], *, warm: int = 3) -> list[float]:
    for question in questions[:warm]:
        ask(question)
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _tell(what: str, times: Sequence[float]) -> None:
    p50, p90, p99 = np.percentile(times, [50, 90, 99])
    print(f"{what}: p50 {p50:.2f} ms, p90 {p90:.2f} ms, p99 {p99:.2f} ms")
