"""A stand-in for the portal on 127.0.0.1, which answers in its shapes and misbehaves on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from knowledge.syncing.portal_api import DETAIL, LIST

CHALLENGE = "<html><head><script>window['bobcmn']='1';</script></head><body></body></html>"


class FakePortal:
    """Its records, what it was asked, and the misbehaviours that are still to come, in order."""

    def __init__(self, records: list[dict[str, Any]], page: int = 3) -> None:
        self.records = records
        self.page = page
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.tricks: list[str] = []
        self.address = ""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body; None cuts the connection."""
        self.asked.append((path, body))
        trick = self.tricks.pop(0) if self.tricks else ""
        match trick:
            case "cut":
                return None
            case "busy":
                return 429, {"Retry-After": "7"}, b"{}"
            case "down":
                return 503, {}, b"<html>bao tri</html>"
            case "wall":
                return 200, {"Content-Type": "text/html"}, CHALLENGE.encode()
            case "wall as json":
                return 200, {"Content-Type": "application/json"}, CHALLENGE.encode()
            case "error":
                return 200, {}, b'{"code": "ERROR", "message": "loi noi bo", "data": null}'
            case "broken":
                return 200, {}, b'{"code": "OK", "data"'
        data = self._list(body) if path == LIST else self._detail(body)
        text = json.dumps({"code": "OK", "data": data, "message": "SUCCESS"})
        return 201, {"Content-Type": "application/json; charset=utf-8"}, text.encode()

    def _list(self, body: dict[str, Any]) -> dict[str, Any]:
        ids = [record["id"] for record in self.records]
        start = ids.index(body["lastId"]) + 1 if body.get("lastId") else 0
        rows = self.records[start : start + self.page]
        items = [{"id": r["id"], "code": r["code"], "name": r["name"]} for r in rows]
        last = items[-1]["id"] if len(ids) > start + self.page else None
        return {"items": items, "lastId": last, "total": len(ids)}

    def _detail(self, body: dict[str, Any]) -> dict[str, Any]:
        return next(record for record in self.records if record["id"] == body["id"])


@contextmanager
def serving(portal: FakePortal) -> Iterator[FakePortal]:
    """The stand-in, listening on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            assert self.path in (LIST, DETAIL)
            found = portal.answer(self.path, json.loads(self.rfile.read(length)))
            if found is None:
                self.connection.close()
                return
            status, headers, body = found
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
