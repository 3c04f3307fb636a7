"""Several processes that serve one port, forked when everything has been loaded.

They share the memory of the catalogue, and the boxes in PostgreSQL; one that dies is replaced.
"""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Final

import structlog

_BREATH: Final = 1.0  # seconds before one that died at once is replaced

log = structlog.get_logger(__name__)


def keep_running(count: int, work: Callable[[], None]) -> None:
    """Run the work in so many children until this process is asked to end."""
    gc.collect()
    gc.freeze()  # what is loaded stays shared: the collector would write into every page
    children: set[int] = set()
    is_over = False

    def end(_signal: int, _frame: object) -> None:
        nonlocal is_over
        is_over = True
        for child in children:
            os.kill(child, signal.SIGTERM)

    children |= {_fork(work) for _ in range(count)}
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while children:
        child, status = os.wait()
        children.discard(child)
        if not is_over:
            log.error("worker_died", status=status)
            time.sleep(_BREATH)
            children.add(_fork(work))


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        work()
    except KeyboardInterrupt:
        pass
    except BaseException as error:
        log.error("worker_broke", error=type(error).__name__)  # noqa: TRY400 (it may quote)
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)
