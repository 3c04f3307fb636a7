"""The assistant over the whole national catalogue, in a folder of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bot.app import App, build
from bot.config import Settings

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


IMPORT = """
import sys, time
from pathlib import Path
from bot.app import build
from bot.config import Settings
from knowledge.importing import import_paths
app = build(Settings())
started = time.perf_counter()
report = import_paths(app.sessions, [Path(sys.argv[1])], publish=True, today=app.today())
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(f"{time.perf_counter() - started:.1f} s, {peak:.0f} MB; mới {report.created}, "
      f"không đổi {report.unchanged}, vấn đề {len(report.problems)}")
"""


def run_alone(program: str, settings: Settings, *arguments: str) -> str:
    """What a program prints in a process of its own, so that its memory is its own as well."""
    environment = {
        **os.environ,
        "MOTCUA_DATABASE_URL": settings.database_url,
        "MOTCUA_CACHE_DIR": str(settings.cache_dir),
    }
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def national_app(folder: Path) -> App:
    """Import the catalogue twice and build the index, saying what each took."""
    settings = settings_in(folder)
    print(
        "nhập danh mục quốc gia (yêu cầu ≤ 60 s, ≤ 600 MB):", run_alone(IMPORT, settings, str(RAW))
    )
    print("nhập lần hai (yêu cầu ≤ 15 s):", run_alone(IMPORT, settings, str(RAW)))
    app = build(settings)
    started = time.perf_counter()
    listings = len(app.shelves().catalogue.listings)
    print(f"dựng chỉ mục {listings} thủ tục: {time.perf_counter() - started:.1f} s")
    return app
