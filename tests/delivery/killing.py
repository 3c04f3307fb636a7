"""Starting and killing victims, and what is left in the boxes when one has died."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[2]


class Victim:
    """One port on which processes live and die."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.port = free_port()
        told = {**settings, "public_url": self.url}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.victim", json.dumps(told)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lock = threading.Lock()  # held from a death to the next birth
        self.pid = 0
        self.kills = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_loaded(self) -> None:
        while self._line() != "ready":
            pass

    def start(self, kill_at: int = 0) -> None:
        """A new process; it dies by itself at that commit point."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"start {self.port} {kill_at}\n")
        self._parent.stdin.flush()
        line = self._line()
        while not line.isdigit():
            line = self._line()
        self.pid = int(line)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.is_alive():
            os.kill(self.pid, signal.SIGKILL)
            self.kills += 1
        self.wait_for_death(10)

    def wait_for_death(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        return True

    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return self.pid != 0

    def end(self) -> None:
        self.kill()
        self._parent.kill()
        self._parent.wait()

    def _line(self) -> str:
        assert self._parent.stdout is not None
        line = self._parent.stdout.readline()
        if not line:
            raise RuntimeError("the victim's parent has died")
        return line.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unsent(engine: Engine) -> list[tuple[int, str]]:
    """Which answers stand in the outbox: the message they answer, and their text."""
    query = text("select body from outbox where method = 'sendMessage'")
    with engine.connect() as connection:
        bodies = [row[0] for row in connection.execute(query)]
    parts = [json.loads(body) if isinstance(body, str) else body for body in bodies]
    return [(int(part["reply_to"]), part["text"]) for part in parts]


def left_over(engine: Engine) -> dict[str, int]:
    """How many messages are not answered, how many answers not sent, how many given up."""
    queries = {
        "unhandled": "select count(*) from inbox where handled_at is null",
        "waiting": "select count(*) from outbox where state = 'waiting'",
        "dead": "select count(*) from outbox where state <> 'waiting'",
    }
    with engine.connect() as connection:
        return {
            name: connection.execute(text(query)).scalar_one() for name, query in queries.items()
        }
