"""A real HTTP server on 127.0.0.1 for a stand-in platform, in a thread of its own."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Handle = Callable[[Request], Awaitable[Response]]


def garbled(body: str, media: str, *, cut: bool = False) -> Response:
    """An answer with status 200 that is not what the platform meant to say."""
    longer = {"content-length": str(len(body.encode()) + 40)} if cut else None
    return Response(body, media_type=media, headers=longer)


class HttpServer:
    """Serves one handler for every path until stopped."""

    def __init__(self, handle: Handle) -> None:
        app = Starlette(routes=[Route("/{path:path}", handle, methods=["GET", "POST"])])
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        for name in ("uvicorn.access", "uvicorn.error"):
            logging.getLogger(name).disabled = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()
        self.loop: asyncio.AbstractEventLoop

    def start(self) -> "HttpServer":
        """Listen; the port is known afterwards."""
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the stand-in did not start")
        return self

    @property
    def url(self) -> str:
        """Where it listens."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        """Close at once, whatever is under way."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
        self._started.set()
        await task
