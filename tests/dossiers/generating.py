"""Made-up dossiers of every state, for tests and the benchmark; never part of the product."""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.calendar import the_calendar
from knowledge.records.dossier import State

TODAY = date(2026, 11, 25)
UNITS = [
    *(f"Ủy ban nhân dân xã Vịt {number}" for number in range(1, 161)),
    *(f"Sở Chăn vịt số {number}" for number in range(1, 21)),
]
SECTORS = [f"Lĩnh vực vịt {number}" for number in range(1, 41)]
COLUMNS = (
    "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Lĩnh vực", "Đơn vị xử lý", "Hình thức tiếp nhận",
    "Trạng thái", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả",
    "Ngày yêu cầu bổ sung", "Số lần bổ sung", "Nội dung bổ sung", "Số tiền phải nộp",
    "Nơi trả kết quả", "Chủ hồ sơ", "Số CCCD", "Số điện thoại", "Địa chỉ",
)  # fmt: skip
_STATES = list(State)
LABELS = {
    State.SENT: "Mới đăng ký",
    State.ACCEPTED: "Được tiếp nhận",
    State.REFUSED: "Không được tiếp nhận",
    State.IN_PROGRESS: "Đang xử lý",
    State.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    State.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
    State.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    State.STOPPED: "Dừng xử lý",
    State.DONE: "Đã xử lý xong",
    State.HANDED_OVER: "Đã trả kết quả",
}
_RECENT = (4, 6, 1, 45, 6, 2, 1, 1, 14, 20)  # how likely each state is, of 30 days
_FORMER = (0, 0, 6, 4, 2, 1, 6, 6, 15, 960)
_PROCEDURES = 300


def dossier_rows(count: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of an export of one province, over two years back from TODAY."""
    luck = random.Random(seed)
    add_days = lru_cache(the_calendar().add_working_days)
    for number in range(count):
        yield _row(number, luck, add_days)


def _row(number: int, luck: random.Random, add_days: Any) -> dict[str, Any]:
    unit = number % len(UNITS)
    day = TODAY - timedelta(days=(number // len(UNITS) // 20) % 700)
    ordinal = number // len(UNITS) % 20 + 1
    age = (TODAY - day).days
    state = luck.choices(_STATES, _RECENT if age <= 30 else _FORMER)[0]
    procedure = luck.randrange(_PROCEDURES)
    limit = luck.choice((1, 3, 5, 10, 15, 30))
    due = add_days(day, limit)
    finished = min(add_days(day, max(1, limit + luck.choice((-5, -2, -1, 0, 0, 0, 1, 4)))), TODAY)
    is_over = state in (State.DONE, State.HANDED_OVER, State.REFUSED, State.STOPPED)
    asked = luck.choice((0, 0, 0, 0, 1, 2)) or (1 if state is State.SUPPLEMENT else 0)
    name = f"TRẦN VĂN VỊT {number}"
    return {
        "Mã hồ sơ": f"H56.{unit + 100}-{day:%y%m%d}-{ordinal:04d}",
        "Mã TTHC": f"1.{900000 + procedure}",
        "Tên thủ tục": f"Đăng ký nuôi vịt kiểu {procedure}",
        "Lĩnh vực": SECTORS[procedure % len(SECTORS)],
        "Đơn vị xử lý": UNITS[unit],
        "Hình thức tiếp nhận": luck.choice(("Trực tiếp", "Trực tuyến", "Trực tuyến", "Bưu chính")),
        "Trạng thái": LABELS[state],
        "Ngày tiếp nhận": f"{day:%d/%m/%Y} 09:15",
        "Ngày hẹn trả": f"{due:%d/%m/%Y} 17:00" if luck.random() > 0.02 else "",
        "Ngày kết thúc xử lý": f"{finished:%d/%m/%Y} 16:00" if is_over else "",
        "Ngày trả kết quả": f"{finished:%d/%m/%Y}" if state is State.HANDED_OVER else "",
        "Ngày yêu cầu bổ sung": f"{day + timedelta(days=1):%d/%m/%Y}" if asked else "",
        "Số lần bổ sung": str(asked or ""),
        "Nội dung bổ sung": f"{name} nộp thêm ảnh vịt" if asked else "",
        "Số tiền phải nộp": "150.000" if state is State.PAYMENT else "",
        "Nơi trả kết quả": "Quầy số 3" if state is State.DONE else "",
        "Chủ hồ sơ": name,
        "Số CCCD": f"0{number:011d}",
        "Số điện thoại": f"09{number:08d}",
        "Địa chỉ": f"Số {number} đường Ao Vịt",
    }


def write_csv(path: Path, count: int, *, seed: int = 1) -> Path:
    """An export as a CSV file."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(dossier_rows(count, seed=seed))
    return path


AS_OF = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
