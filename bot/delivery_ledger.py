"""The way into the database for all of delivery: a transaction a job, many jobs in one commit."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from knowledge.database import read_only

T = TypeVar("T")
Item = TypeVar("Item")


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


class Queue:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self) -> None:
        self._inner = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_held = False

    def __enter__(self) -> None:
        with self._inner:
            if not self._is_held:
                self._is_held = True
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._inner:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False


class Ledger:
    """Runs jobs in transactions.

    SQLite has one writer: the threads of this process queue for it, first come first served,
    instead of polling for it as SQLite's own waiting does.
    """

    def __init__(
        self,
        factory: sessionmaker[Session],
        *,
        now: Callable[[], datetime] = utc_now,
        threads: int = 4,
    ) -> None:
        self.now = now
        self._factory = factory
        is_sqlite = factory.kw["bind"].dialect.name == "sqlite"
        self.is_shared = not is_sqlite  # by many processes
        self._gate: AbstractContextManager[object] = Queue() if is_sqlite else nullcontext()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="delivery")

    def write(self, job: Callable[[Session], T]) -> T:
        """The job's result, once its transaction has been committed."""
        with self._gate, self._factory.begin() as session:
            return job(session)

    def read(self, job: Callable[[Session], T]) -> T:
        """The result of a job that writes nothing."""
        with read_only(self._factory) as session:
            return job(session)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """The result of blocking work, without blocking the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def written(self, job: Callable[[Session], T]) -> T:
        """`write`, awaited."""
        return await self.in_thread(lambda: self.write(job))

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=True, cancel_futures=True)


class Batcher(Generic[Item]):
    """Gathers items that come while a batch is being worked at, so that a rush shares commits.

    In a rush, that is when the last batch has only just ended, a moment is waited for more.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], Awaitable[None]], *, most: int, moment: float = 0.01
    ) -> None:
        self._work = work
        self._most = most
        self._moment = moment
        self._ended = 0.0
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> None:
        """Return when the item's batch is done; raise what its work raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        await done

    @property
    def waiting(self) -> int:
        """How many items no batch has taken up yet."""
        return len(self._waiting)

    async def finish(self) -> None:
        """Return when nothing is being worked at and nothing waits."""
        if self._runner is not None:
            await asyncio.wait([self._runner])

    async def _run(self) -> None:
        if time.monotonic() - self._ended < 2 * self._moment:
            await asyncio.sleep(self._moment)
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._work([item for item, _ in batch])
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)
            self._ended = time.monotonic()


async def rest(wake: asyncio.Event, seconds: float) -> None:
    """Wait until woken, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        return
