"""`make check-delivery`: the whole kill test on SQLite, and on a PostgreSQL server of its own."""

import argparse
import os
import sys

from tests.delivery.kill_test import COMMIT_POINTS, run
from tests.postgres_cluster import GIVEN, cluster


def main() -> int:
    """Both databases; 1 when something was lost, doubled without reason, or out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    told = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    print("SQLite", flush=True)
    is_well = run(told.messages, "sqlite", points=COMMIT_POINTS)
    print("PostgreSQL", flush=True)
    if GIVEN:
        return 0 if run(told.messages, "postgres", points=COMMIT_POINTS) and is_well else 1
    with cluster() as url:
        if url is None:
            print("skipped: no PostgreSQL on this machine (apt-get install postgresql)")
            return 0 if is_well else 1
        os.environ["MOTCUA_TEST_POSTGRES_URL"] = url
        return 0 if run(told.messages, "postgres", points=COMMIT_POINTS) and is_well else 1


if __name__ == "__main__":
    sys.exit(main())
