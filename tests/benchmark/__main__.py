"""`make bench`: accuracy per author and kind, then speed and memory, on the national catalogue.

Judged here, never in a timed test. Needs the shared data beside the project; says so without it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmark import accuracy, knowledge, speed
from tests.benchmark.house import SHARED, national_app

PARTS = {"accuracy": accuracy.run, "speed": speed.run, "knowledge": knowledge.run}


def main() -> int:
    """Run the named parts, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=", ".join(PARTS))
    parser.add_argument("--misses", type=int, default=0, help="print so many wrong answers")
    chosen = parser.parse_args()
    if not SHARED.is_dir():
        print(f"bỏ qua: không có dữ liệu dùng chung ở {SHARED.name}/ cạnh thư mục dự án")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        app = national_app(Path(folder))
        for name in chosen.parts or PARTS:
            PARTS[name](app, misses=chosen.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
