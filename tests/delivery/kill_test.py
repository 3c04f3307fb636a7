"""Kills the assistant at every commit point and at random, under load, and counts what came of it.

    python -m tests.delivery.kill_test --messages 10000 --database sqlite|postgres

PostgreSQL is found by MOTCUA_TEST_POSTGRES_URL; a schema of its own is made and dropped.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from knowledge.database import connect
from tests.channels.telegram_server import TOKEN, TelegramServer
from tests.delivery.bookkeeping import Books, Said
from tests.delivery.killing import Victim, left_over, unsent
from tests.delivery.schemas import own_schema

SECRET = "the-secret-of-the-kill-test"
LEASE = 3.0
CHATS = 40
COMMIT_POINTS = 48
WORDS = ("xin chào", "cảm ơn", "lệ phí 1.004222", "thời hạn 1.001193", "1", "bắt đầu lại")
QUIET = 60.0


class KillTest:
    """One run on one database."""

    def __init__(self, database_url: str, cache: Path, victims: int) -> None:
        self.platform = TelegramServer().start()
        self.books = Books()
        self.platform.watch = self._watch
        self.engine = connect(database_url)
        settings = {
            "database_url": database_url,
            "cache_dir": str(cache),
            "telegram_token": TOKEN,
            "telegram_api_url": self.platform.url,
            "telegram_webhook_secret": SECRET,
            "lease": LEASE,
        }
        self.victims = []
        for _ in range(victims):
            self.victims.append(Victim(settings))
            self.victims[-1].wait_until_loaded()
        self._clients = threading.local()
        self._choose = random.Random(4)
        self._updates = 1
        self._over = threading.Event()

    def _watch(self, method: str, form: dict[str, Any]) -> None:
        if method == "sendMessage":
            self.books.show(form)
            if self._choose.random() < 0.002:  # shown, but the answer does not arrive any more
                threading.Thread(
                    target=self._kill, args=(self._choose.choice(self.victims),)
                ).start()

    # Load.

    def post_all(self, count: int, *, threads: int = 16) -> None:
        """Say so many messages; those of one chat one after the other, sometimes two at once."""
        with ThreadPoolExecutor(threads) as pool:
            shares = [count // CHATS + (chat < count % CHATS) for chat in range(CHATS)]
            list(pool.map(self._talk, range(1, CHATS + 1), shares))

    def _talk(self, chat: int, count: int) -> None:
        choose = random.Random(chat)
        while count > 0:
            if count > 1 and choose.random() < 0.1:
                self._post_swapped(chat, choose)
                count -= 2
            else:
                self._post(*self._next(chat, choose), choose)
                count -= 1

    def _next(self, chat: int, choose: random.Random) -> tuple[Said, dict[str, Any]]:
        text = f"@motcua_test_bot {choose.choice(WORDS)}"
        message = self.platform.message(-chat, text=text)
        with self.books.lock:
            self._updates += 1
            update = {"update_id": self._updates, "message": message}
        return Said(-chat, message["message_id"]), update

    def _post_swapped(self, chat: int, choose: random.Random) -> None:
        """Two at once, the later one first."""
        first, second = self._next(chat, choose), self._next(chat, choose)
        other = threading.Thread(target=self._post, args=(*second, choose))
        other.start()
        self._post(*first, choose)
        other.join()

    def _post(self, said: Said, update: dict[str, Any], choose: random.Random) -> None:
        said.posted = time.monotonic()
        with self.books.lock:
            self.books.said[said.id] = said
        self._deliver(update)
        said.kept = time.monotonic()
        if choose.random() < 0.1:
            self.books.repeats += 1
            self._deliver(update)

    def _deliver(self, update: dict[str, Any]) -> None:
        """As the platform does: again and again until it is acknowledged."""
        if not hasattr(self._clients, "http"):
            self._clients.http = httpx.Client(timeout=3)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        while True:
            url = f"{random.choice(self.victims).url}/webhooks/telegram"
            try:
                if self._clients.http.post(url, json=update, headers=headers).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.02)

    # Death.

    def _kill(self, victim: Victim, *, start_again: bool = True) -> None:
        with victim.lock:
            victim.kill()
            self.books.note_death(unsent(self.engine))
            if start_again and not self._over.is_set():
                victim.start()

    def at_every_commit_point(self, points: int) -> int:
        """Let the first victim die at one point after the other; how many points were met."""
        victim, met = self.victims[0], 0
        for point in range(1, points + 1):
            victim.start(kill_at=point)
            with ThreadPoolExecutor(4) as pool:
                speakers = [pool.submit(self._talk, chat, 1) for chat in (1, 2, 3)]
                met += victim.wait_for_death(2.5)
                self._kill(victim)
                for speaker in speakers:
                    speaker.result()
            self._kill(victim, start_again=False)
        return met

    @contextmanager
    def at_random(self) -> Iterator[None]:
        """Kill victims at random while the block runs."""
        for victim in self.victims:
            victim.start()
        stop = threading.Event()
        killer = threading.Thread(target=self._kill_until, args=(stop,))
        killer.start()
        try:
            yield
        finally:
            stop.set()
            killer.join()

    def _kill_until(self, stop: threading.Event) -> None:
        choose = random.Random(1)
        while not stop.wait(choose.uniform(0.4, 2.0)):
            self._kill(choose.choice(self.victims))

    def wait_for_the_rest(self) -> None:
        """Until nothing is left to do, or nothing has been done for a minute."""
        last, since = left_over(self.engine), time.monotonic()
        while last["unhandled"] or last["waiting"]:
            time.sleep(0.1)
            now = left_over(self.engine)
            if now != last:
                last, since = now, time.monotonic()
            if time.monotonic() - since > QUIET:
                return

    def end(self) -> None:
        self._over.set()
        for victim in self.victims:
            victim.end()
        self.platform.stop()
        self.engine.dispose()

    def report(self, met: int, seconds: float) -> bool:
        """Print the figures; whether all is as promised."""
        books, rest = self.books, left_over(self.engine)
        doubled, unexplained = books.doubled(), books.unexplained()
        disorder, lost = books.out_of_order(), books.lost()
        print(f"sent        {len(books.said)}")
        print(f"answered    {len(books.answered() & books.said.keys())}")
        print(f"duplicates  {doubled.total()} in the window, {len(unexplained)} unexplained")
        print(f"lost        {len(lost)}")
        print(f"disorder    {len(disorder)}")
        print(f"repeated    {books.repeats} webhooks")
        print(f"killed      {sum(v.kills for v in self.victims)} at random, {met} at commit points")
        print(f"left        {rest}")
        print(f"seconds     {seconds:.0f}")
        return not (lost or unexplained or disorder or any(rest.values()))


def run(messages: int, database: str, *, points: int, cache: Path | None = None) -> bool:
    """The whole test; whether nothing was lost, doubled without reason, or out of order."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, own_schema(database, Path(folder)) as url:
        victims = 1 if database == "sqlite" else 2
        test = KillTest(url, cache or Path(folder), victims)
        try:
            met = test.at_every_commit_point(points)
            with test.at_random():
                test.post_all(messages - len(test.books.said))
            test.wait_for_the_rest()
            return test.report(met, time.monotonic() - started)
        finally:
            test.end()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--points", type=int, default=COMMIT_POINTS)
    told = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(0 if run(told.messages, told.database, points=told.points) else 1)


if __name__ == "__main__":
    main()
