"""`make bench`: accuracy per author and kind, then speed and memory, on the national catalogue.

Judged here, never in a timed test. Needs the shared data beside the project; says so without it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmark import accuracy, delivery, dossiers, knowledge, speed
from tests.benchmark.house import SHARED, national_app

PARTS = {
    "accuracy": accuracy.run,
    "speed": speed.run,
    "knowledge": knowledge.run,
    "delivery": delivery.run,
}
DOSSIERS = "dossiers"  # asks for no catalogue, and for no shared data


def main() -> int:
    """Run the named parts, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, DOSSIERS, []], help=", ".join([*PARTS, DOSSIERS])
    )
    parser.add_argument("--misses", type=int, default=0, help="print so many wrong answers")
    parser.add_argument("--rows", type=int, default=dossiers.ROWS, help="so many dossiers")
    chosen = parser.parse_args()
    parts = chosen.parts or [*PARTS, DOSSIERS]
    if DOSSIERS in parts:
        dossiers.run(chosen.rows)
        parts.remove(DOSSIERS)
    if not parts:
        return 0
    if not SHARED.is_dir():
        print(f"bỏ qua: không có dữ liệu dùng chung ở {SHARED.name}/ cạnh thư mục dự án")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        app = national_app(Path(folder))
        for name in parts:
            PARTS[name](app, misses=chosen.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
