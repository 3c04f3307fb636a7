"""A process to be killed. A parent with everything loaded forks one in milliseconds.

The parent reads lines `start PORT KILL_AT` and answers `PID`; a child ends itself with SIGKILL at
its KILL_AT-th commit point (0: never). Each commit has two points: just before and just after.
"""

import json
import os
import signal
import sys
from datetime import timedelta

import uvicorn
from fastapi import FastAPI
from sqlalchemy import event

from bot.app import App, build
from bot.config import Settings
from bot.delivery_service import Service, Tuning
from tests.channels.running import FAST


def main() -> None:
    """Fork as told until the input ends."""
    told = json.loads(sys.argv[1])
    lease = timedelta(seconds=told.pop("lease"))
    app = build(Settings(**told))
    app.shelves()
    app.engine.dispose()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        _, port, kill_at = line.split()
        pid = os.fork()
        if pid == 0:
            _serve(app, int(port), int(kill_at), lease)
        print(pid, flush=True)


def _serve(app: App, port: int, kill_at: int, lease: timedelta) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the pipe belongs to the parent
    if kill_at:
        _die_at_commit(app, kill_at)
    web = FastAPI()
    Service(app, Tuning(telegram=FAST, lease=lease)).join(web)
    config = uvicorn.Config(
        web, host="127.0.0.1", port=port, log_config=None, access_log=False, backlog=2000
    )
    try:
        uvicorn.Server(config).run()
    finally:
        os._exit(0)


def _die_at_commit(app: App, kill_at: int) -> None:
    left = kill_at

    def point(_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(app.engine, "commit", point)
    event.listen(app.sessions, "after_commit", point)


if __name__ == "__main__":
    main()
