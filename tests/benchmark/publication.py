"""A publication while two servers answer: how soon each says the new words, and whether any talk breaks."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from sqlalchemy.orm import Session, sessionmaker

from bot.app import App, build
from knowledge.database import connect, sessions
from knowledge.decisions import Item, Paper, carry_out
from knowledge.importing import import_paths
from knowledge.records.kinds import Action
from knowledge.records.staff import Duty
from knowledge.staffing import grant
from knowledge.workflow import approve, next_wording, submit, write
from tests.benchmark.house import RAW
from tests.postgres_cluster import cluster, free_port
from tests.publishing.conftest import CONSOLE, HOA, LAN, LONG_AGO, MINH, hire

CODE, RIVAL = "1.001193", "1.000894"  # one is published anew, another one is talked about
SERVERS = 2
ROUNDS = 5


def run(app: App, folder: Path) -> None:
    """On SQLite and, where a server is installed, on PostgreSQL."""
    _measure("SQLite", app.settings.database_url, app, folder)
    with cluster("fsync=off") as url:
        if url is None:
            print("PostgreSQL không cài ở máy này: chỉ đo trên SQLite")
            return
        settings = app.settings.model_copy(update={"database_url": url})
        other = build(settings)
        import_paths(other.sessions, [RAW], publish=True, today=other.today())
        other.shelves()
        _measure("PostgreSQL", url, other, folder)
        other.engine.dispose()


def _measure(name: str, url: str, app: App, folder: Path) -> None:
    house = sessions(connect(url))
    hire(house)
    with house.begin() as session:
        grant(session, CONSOLE, "lan", Duty.EDITOR, since=LONG_AGO)
    with ExitStack() as stack:
        addresses = [stack.enter_context(_server(url, app, folder)) for _ in range(SERVERS)]
        talks = [Talk(address) for address in addresses]
        delays = []
        for number in range(ROUNDS):
            words = f"Lời mới số {number}"
            _publish(house, words, app)
            delays += _until_said(addresses, words)
        broken = sum(talk.end() for talk in talks)
        turns = sum(talk.turns for talk in talks)
    print(
        f"công bố đến khi mọi tiến trình trả lời theo bản mới, {SERVERS} tiến trình, {name},"
        f" {ROUNDS} lần (yêu cầu ≤ 2 s): chậm nhất {max(delays):.2f} s;"
        f" trong lúc đó {turns} lượt nói chuyện, {broken} lượt hỏng"
    )


class Talk:
    """A citizen who goes on asking about a procedure that nobody changes; each turn must fit."""

    def __init__(self, address: str) -> None:
        self.turns = 0
        self._address, self._broken, self._stop = address, 0, threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()

    def end(self) -> int:
        """Stop; how many turns were not answered as they should."""
        self._stop.set()
        self._thread.join()
        return self._broken

    def _go_on(self) -> None:
        with httpx.Client(base_url=self._address, timeout=20) as client:
            first = client.post("/api/chat", json={"text": RIVAL}).json()
            while not self._stop.is_set():
                for text in ("lệ phí", "cần giấy tờ gì", "bao lâu"):
                    body = {"text": text, "conversation_id": first["conversation_id"]}
                    answer = client.post("/api/chat", json=body)
                    self.turns += 1
                    about = answer.json().get("procedure") if answer.status_code == 200 else None
                    self._broken += (about or {}).get("code") != RIVAL
                    time.sleep(0.05)


def _publish(house: sessionmaker[Session], words: str, app: App) -> None:
    """A new wording of one procedure through the whole way, in force today."""
    today = app.today()
    with house.begin() as session:
        known = next_wording(session, CODE)
        assert known is not None
        content = known.content.model_copy(update={"results": (words,)})
        revision = write(session, LAN, known.model_copy(update={"content": content}))
        submit(session, LAN, revision)
        approve(session, MINH, revision)
        paper = Paper(words, today, "UBND", today, (Item(CODE, Action.AMENDED),))
        carry_out(session, HOA, paper)


def _until_said(addresses: list[str], words: str) -> list[float]:
    """Seconds from now until each server answers with the new words."""
    started = time.perf_counter()
    delays: dict[str, float] = {}
    while len(delays) < len(addresses):
        for address in addresses:
            if address in delays:
                continue
            body = {"text": f"kết quả {CODE}"}
            answer = httpx.post(f"{address}/api/chat", json=body, timeout=20).json()
            if any(words in message["text"] for message in answer["messages"]):
                delays[address] = time.perf_counter() - started
        if time.perf_counter() - started > 30:
            raise AssertionError("một tiến trình không thấy bản mới sau 30 giây")
        time.sleep(0.02)
    return list(delays.values())


@contextmanager
def _server(url: str, app: App, folder: Path) -> Iterator[str]:
    """`motcua serve` in a process of its own."""
    port = free_port()
    environment = os.environ | {
        "MOTCUA_DATABASE_URL": url,
        "MOTCUA_CACHE_DIR": str(app.settings.cache_dir),
        "MOTCUA_DOSSIER_KEY_FILE": str(folder / "key"),
        "MOTCUA_PORT": str(port),
    }
    command = [sys.executable, "-m", "bot", "serve", "--channels", "web"]
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{address}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None:
            raise AssertionError("motcua serve đã dừng ngay khi khởi động")
        time.sleep(0.1)
    raise AssertionError("motcua serve không sẵn sàng sau một phút")
