"""The assistant over the whole national catalogue, in a folder of its own."""

import time
from pathlib import Path

from bot.app import App, build
from bot.config import Settings
from knowledge.importing import import_paths

SHARED = Path(__file__).parents[3] / "shared" / "data"
RAW = SHARED / "raw" / "qtungnui07+crwatdatadvc" / "raw_procedures.jsonl.gz"
DEV = SHARED / "questions" / "dev.jsonl"
DIALOGUES = SHARED / "questions" / "dialogs-dev.jsonl"
OWN = Path(__file__).parents[1] / "data"


def settings_in(folder: Path) -> Settings:
    """Settings that keep everything in the folder."""
    return Settings(
        database_url=f"sqlite:///{folder / 'bench.sqlite3'}", cache_dir=folder / "cache"
    )


def national_app(folder: Path) -> App:
    """Import the catalogue and build the index, saying how long each took."""
    app = build(settings_in(folder))
    started = time.perf_counter()
    report = import_paths(app.sessions, [RAW], publish=True, today=app.today())
    print(
        f"nhập {report.records} hồ sơ: {time.perf_counter() - started:.1f} s, vấn đề {len(report.problems)}"
    )
    started = time.perf_counter()
    again = import_paths(app.sessions, [RAW], publish=True, today=app.today())
    print(f"nhập lần hai: {time.perf_counter() - started:.1f} s, không đổi {again.unchanged}")
    started = time.perf_counter()
    listings = len(app.shelves().catalogue.listings)
    print(f"dựng chỉ mục {listings} thủ tục: {time.perf_counter() - started:.1f} s")
    return app
