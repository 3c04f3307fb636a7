"""A real server on a free port, and an assistant that says what it is told."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bot.messages import Bubble, Choice, Message, Outcome, Reply

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


class Scripted:
    """Stands in for the assistant where a test needs a reply that the real one would never give."""

    def __init__(self, say: Callable[[Message], Reply]) -> None:
        self.heard: list[Message] = []
        self._say = say

    def reply(self, message: Message) -> Reply:
        self.heard.append(message)
        return self._say(message)


def simple(text: str, *choices: str, outcome: Outcome = Outcome.SMALL_TALK) -> Reply:
    """A reply of one bubble, its choices numbered."""
    numbered = tuple(Choice(f"{n}. {label}", str(n)) for n, label in enumerate(choices, start=1))
    return Reply(outcome, (Bubble(text, numbered),))


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application, served until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the server did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)
