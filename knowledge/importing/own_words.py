"""The words and values of our own files: how staff write a time limit, a fee, a date.

A value that cannot be read raises `FileError`, whose text tells staff what to write instead.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from knowledge.provinces import province_of, provinces
from knowledge.records.content import FeeKind, Level, Submission, Unit
from knowledge.records.kinds import Kind

LEVELS = {
    "bộ": Level.MINISTRY,
    "tỉnh": Level.PROVINCE,
    "xã": Level.COMMUNE,
    "khác": Level.OTHER,
}
KINDS = {"trung ương": Kind.CENTRAL, "địa phương": Kind.LOCAL, "nội bộ": Kind.INTERNAL}
SUBMISSIONS = {
    "trực tiếp": Submission.IN_PERSON,
    "trực tuyến": Submission.ONLINE,
    "bưu chính": Submission.POST,
}
UNITS = {
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "giờ": Unit.HOUR,
    "tháng": Unit.MONTH,
    "năm": Unit.YEAR,
}
FEE_KINDS = {
    "phí": FeeKind.FEE,
    "lệ phí": FeeKind.CHARGE,
    "giá": FeeKind.PRICE,
    "khoản thu": FeeKind.UNSPECIFIED,
}
T = TypeVar("T")

_TIME = re.compile(r"^(?P<value>\d+(?:[.,]\d+)?)\s+(?P<unit>ngày làm việc|ngày|giờ|tháng|năm)$")
_MONEY = re.compile(r"^(?P<amount>\d{1,3}(?:\.\d{3})*|\d+)\s*(?:đồng|đ)$")


class FileError(ValueError):
    """A value in one of our files that cannot be read; its text is for staff."""


def time_limit(value: Any) -> dict[str, Any] | None:
    """A limit as `7 ngày làm việc`, or as a mapping with a remark."""
    if value is None:
        return None
    if isinstance(value, dict):
        only(value, {"số", "đơn vị", "ghi chú"}, "thời hạn")
        number = value.get("số")
        if number is None:
            return {"text": value.get("ghi chú")}
        unit = word(UNITS, required(value, "đơn vị"), "đơn vị")
        return {"value": _number(number), "unit": unit, "text": value.get("ghi chú")}
    if match := _TIME.match(str(value).strip()):
        return {"value": _number(match["value"]), "unit": UNITS[match["unit"]]}
    raise FileError(
        f"thời hạn «{value}»: ghi như «7 ngày làm việc», hoặc {{ghi chú: lời của nguồn}}"
    )


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise FileError(f"«{text}» không phải là số") from None


def fee(row: Mapping[str, Any]) -> dict[str, Any]:
    """One fee: its kind is the key, its amount the value."""
    only(row, {*FEE_KINDS, "ghi chú", "bảng"}, "phí")
    kinds = [kind for kind in FEE_KINDS if kind in row]
    if len(kinds) != 1:
        raise FileError("mỗi khoản thu có đúng một khóa: phí, lệ phí, giá hoặc khoản thu")
    stated = str(row[kinds[0]]).strip()
    found: dict[str, Any] = {
        "kind": FEE_KINDS[kinds[0]],
        "text": row.get("ghi chú"),
        "table": row.get("bảng"),
    }
    if stated == "miễn phí":
        return found | {"free": True}
    if stated == "xem bảng":
        return found
    if match := _MONEY.match(stated):
        return found | {"amount": int(match["amount"].replace(".", ""))}
    raise FileError(f"mức thu «{stated}»: ghi như «20.000 đồng», «miễn phí» hoặc «xem bảng»")


def count(text: Any) -> int | None:
    """A number of copies."""
    if text is None:
        return None
    if not str(text).isdigit():
        raise FileError(f"số bản «{text}» không phải là số")
    return int(text)


def required(row: Mapping[str, Any], key: str) -> str:
    """A text that must be there."""
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FileError(f"thiếu «{key}»")
    return value.strip()


def listed(row: Mapping[str, Any], key: str) -> list[Any]:
    """A list; a single value stands for a list of one."""
    value = row.get(key)
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def mapping(value: Any, key: str) -> Mapping[str, Any]:
    """A value that must be written as `key: value`."""
    if not isinstance(value, dict):
        raise FileError(f"«{key}» phải ghi thành «khóa: giá trị», đang là «{value}»")
    return value


def only(row: Mapping[str, Any], known: set[str], where: str) -> None:
    """Refuse keys that the guide does not know: they are misspelt."""
    if unknown := sorted(set(row) - known):
        raise FileError(f"«{where}» có khóa lạ: {', '.join(unknown)}")


def word(table: Mapping[str, T], value: Any, key: str) -> T:
    """A word out of a closed list."""
    if not isinstance(value, str) or value not in table:
        raise FileError(f"«{key}: {value}»: chỉ nhận {', '.join(table)}")
    return table[value]


def province(row: Mapping[str, Any], owner: Any) -> str | None:
    """The administrative code of the province: as written, else that of the agency."""
    code = row.get("tỉnh")
    if code is not None and code not in provinces():
        raise FileError(f"tỉnh «{code}»: ghi mã hành chính hai chữ số, như 38 cho Thanh Hóa")
    if code is None and row.get("loại") == "địa phương":
        code = province_of(None, owner if isinstance(owner, str) else None)
        if code is None:
            raise FileError("thủ tục địa phương phải ghi «tỉnh», như 38 cho Thanh Hóa")
    return code


def day(text: Any) -> date | None:
    """A day written as 2026-07-18."""
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise FileError(f"ngày «{text}»: ghi như 2026-07-18") from None
