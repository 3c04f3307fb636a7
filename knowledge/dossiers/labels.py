"""States by their labels. Products number their own states differently, so a number means nothing
unless its source is known to use the national ones."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from knowledge.provinces import plain
from knowledge.records.dossier import State

LABELS: Final = {
    State.SENT: ("Mới đăng ký", "Mới tạo", "Chờ tiếp nhận", "Mới nộp"),
    State.ACCEPTED: ("Được tiếp nhận", "Đã tiếp nhận", "Tiếp nhận"),
    State.REFUSED: ("Không được tiếp nhận", "Bị từ chối", "Từ chối tiếp nhận", "Từ chối"),
    # The citizen has brought the papers: now the office must act.
    State.IN_PROGRESS: ("Đang xử lý", "Công dân đã gửi bổ sung", "Hoàn thành bổ sung"),
    State.SUPPLEMENT: (
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu bổ sung",
        "Yêu cầu một cửa bổ sung",
        "Yêu cầu công dân bổ sung",
        "Chờ bổ sung tiếp nhận",
        "Chờ bổ sung",
    ),
    State.PAYMENT: (
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Chờ thực hiện nghĩa vụ tài chính",
        "Chờ thanh toán",
    ),
    State.WITHDRAWN: ("Công dân yêu cầu rút hồ sơ", "Rút hồ sơ", "Đã rút"),
    State.STOPPED: ("Dừng xử lý", "Trả lại hồ sơ", "Hủy hồ sơ"),
    State.DONE: ("Đã xử lý xong", "Đã hoàn thành", "Chờ trả kết quả", "Có kết quả"),
    State.HANDED_OVER: ("Đã trả kết quả", "Đã trả"),
}
_BY_LABEL: Final = {plain(label): state for state, labels in LABELS.items() for label in labels}


def state_of(
    value: str, own: Mapping[str, Any] | None = None, *, is_national: bool = False
) -> State | None:
    """The state that a source names: by its own table first, then by the known labels."""
    text = _plain(value)
    for label, number in (own or {}).items():
        if _plain(label) == text:
            return State(int(number))
    if is_national and text.isdigit() and 1 <= int(text) <= len(State):
        return State(int(text))
    return _BY_LABEL.get(text)


@lru_cache(maxsize=1_000)
def _plain(label: str) -> str:
    return plain(label)


# Two messages about one moment that arrive in the wrong order: the later state of a usual course.
_COURSE: Final = {
    State.SENT: 0,
    State.ACCEPTED: 1,
    State.IN_PROGRESS: 2,
    State.SUPPLEMENT: 3,
    State.PAYMENT: 4,
    State.DONE: 6,
    State.HANDED_OVER: 7,
    State.WITHDRAWN: 8,
    State.STOPPED: 8,
    State.REFUSED: 8,
}


def progress(state: State) -> int:
    """How far along its usual course a dossier is."""
    return _COURSE[state]
