"""The portal's interface: lists and details, asked slowly; what is no data is never taken for it.

The interface is internal to the portal and undocumented: it may vanish or change on any day.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx

from knowledge.links import is_challenge

LIST: Final = "/api/v1/submitting/formality/list-all-public-formality-by-citizen"
DETAIL: Final = "/api/v1/configuring/formality/get-formality-by-citizen"
PAGE_SIZE: Final = 200
AGENT: Final = "motcua-sync (tra cuu thu tuc hanh chinh; mot yeu cau moi vai giay)"

Sleep = Callable[[float], None]


class PortalDown(Exception):
    """The portal does not answer as it should; what was fetched so far is kept."""


class BotWall(PortalDown):
    """The portal asks whether we are a machine. We are: only a person can go on."""


class Portal:
    """Asks one thing at a time, with a pause before each; waits longer when it is told to."""

    def __init__(
        self,
        client: httpx.Client,
        sleep: Sleep,
        *,
        pause: float = 2.0,
        tries: int = 5,
        longest: float = 300.0,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._pause = pause
        self._tries = tries
        self._longest = longest

    def items(
        self, *, department: str | None = None, after: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Rows of the list, page by page, from a row on."""
        while True:
            body = {"limit": PAGE_SIZE, "lastId": after, "q": "", "departmentCode": department}
            data = self._ask(LIST, {key: value for key, value in body.items() if value is not None})
            rows = data.get("items")
            if not isinstance(rows, list):
                raise PortalDown("danh sách của Cổng không có «items»: giao diện đã đổi")
            yield from (row for row in rows if isinstance(row, dict))
            following = data.get("lastId")
            if not rows or not following or following == after:
                return
            after = str(following)

    def detail(self, portal_id: str) -> dict[str, Any]:
        """The full record of one procedure."""
        return self._ask(DETAIL, {"id": portal_id})

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        told = ""
        for attempt in range(self._tries):
            self._sleep(self._pause)
            try:
                answer = self._client.post(path, json=body)
            except httpx.HTTPError as error:
                told = f"mất kết nối ({type(error).__name__})"
            else:
                if answer.status_code not in (429, 500, 502, 503, 504):
                    return _data_of(answer)
                told = f"Cổng trả lời {answer.status_code}"
                self._sleep(_asked_to_wait(answer, self._longest))
            self._sleep(min(self._longest, self._pause * 2**attempt))
        raise PortalDown(f"{told}, đã thử {self._tries} lần: chạy lại sau, việc đã tải vẫn còn")


def _asked_to_wait(answer: httpx.Response, longest: float) -> float:
    try:
        return min(longest, max(0.0, float(answer.headers.get("retry-after", "0"))))
    except ValueError:
        return 0.0


def _data_of(answer: httpx.Response) -> dict[str, Any]:
    text = answer.text
    if "html" in answer.headers.get("content-type", "") or text.lstrip()[:1] == "<":
        raise _wall(text)
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        raise PortalDown("Cổng trả lời không phải JSON: giao diện đã đổi") from None
    if not isinstance(value, dict) or value.get("code") != "OK":
        message = value.get("message") if isinstance(value, dict) else None
        raise PortalDown(f"Cổng báo lỗi: {message or answer.status_code}")
    data = value.get("data")
    if not isinstance(data, dict):
        raise PortalDown("câu trả lời của Cổng không có «data»: giao diện đã đổi")
    return data


def _wall(text: str) -> PortalDown:
    if is_challenge(text) or "<script" in text.lower():
        return BotWall(
            "Cổng đang chặn máy (trang kiểm tra trình duyệt): mở Cổng bằng trình duyệt, "
            "tải tệp về rồi «motcua import»"
        )
    return PortalDown("Cổng trả lời một trang web thay vì dữ liệu")
