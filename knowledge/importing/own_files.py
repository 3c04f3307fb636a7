"""Our own files: the built-in catalogue's YAML, one file a sector, read into drafts.

Every scalar is read as text, so `1.001193` stays a code and `không` stays a word.
The format is explained to staff in `knowledge/builtin/README.md`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knowledge.importing.problems import Problem
from knowledge.records.content import Content, FeeKind, Level, Submission, Unit
from knowledge.records.draft import Draft
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
PLAIN_LISTS = {
    "đối tượng": "applicants",
    "cơ quan thực hiện": "executing",
    "cơ quan có thẩm quyền": "competent",
    "cơ quan được ủy quyền": "authorised",
    "cơ quan phối hợp": "coordinating",
    "lưu ý giấy tờ": "document_notes",
    "các bước": "steps",
    "kết quả": "results",
    "điều kiện": "requirements",
    "từ khóa": "keywords",
    "tên thường gọi": "everyday_names",
}
SWITCHES = {"toàn trình": "full_online", "phi địa giới": "non_territorial", "ngành dọc": "vertical"}
KNOWN_KEYS = {
    *PLAIN_LISTS, *SWITCHES, "mã", "tên", "mã cổng", "cấp", "loại", "tỉnh", "quyết định",
    "nơi nộp", "cách thức", "trường hợp", "giấy tờ", "căn cứ", "mô tả",
}  # fmt: skip

T = TypeVar("T")

_TIME = re.compile(r"^(?P<value>\d+(?:[.,]\d+)?)\s+(?P<unit>ngày làm việc|ngày|giờ|tháng|năm)$")
_MONEY = re.compile(r"^(?P<amount>\d{1,3}(?:\.\d{3})*|\d+)\s*(?:đồng|đ)$")


class FileError(ValueError):
    """A value in one of our files that cannot be read; its text is for staff."""


def read_own_file(path: Path) -> tuple[list[Draft], list[Problem]]:
    """Read one sector file. A bad procedure is a problem and costs only itself."""
    return read_own_text(path.name, path.read_text(encoding="utf-8"))


def read_own_text(name: str, text: str) -> tuple[list[Draft], list[Problem]]:
    """Read the text of a sector file; `name` stands in its problems."""
    try:
        # BaseLoader makes only text: a code stays a code.
        document = yaml.load(unicodedata.normalize("NFC", text), Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        says = "không đọc được YAML: kiểm tra thụt dòng, dấu hai chấm"
        return [], [Problem(_place(name, error), "", says)]
    if not isinstance(document, dict) or not isinstance(document.get("thủ tục"), list):
        return [], [Problem(name, "", "thiếu danh sách «thủ tục:» ở đầu tệp")]
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for number, row in enumerate(document["thủ tục"], start=1):
        label = (
            str(row.get("mã", f"thủ tục thứ {number}"))
            if isinstance(row, dict)
            else f"thứ {number}"
        )
        try:
            drafts.append(_draft(row, document))
        except ValidationError as error:
            problems.extend(Problem(name, label, _says(fault)) for fault in error.errors())
        except FileError as error:
            problems.append(Problem(name, label, str(error)))
    return drafts, problems


def _place(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}, dòng {mark.line + 1}" if mark else name


def _says(fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def _draft(row: Any, document: Mapping[str, Any]) -> Draft:
    if not isinstance(row, dict):
        raise FileError("mỗi thủ tục phải là một khối «khóa: giá trị»")
    if unknown := sorted(set(row) - KNOWN_KEYS):
        raise FileError(f"khóa không có trong hướng dẫn: {', '.join(unknown)}")
    decision = _mapping(row.get("quyết định", {}), "quyết định")
    return Draft(
        code=_required(row, "mã"),
        name=_required(row, "tên"),
        levels=tuple(_word(LEVELS, level, "cấp") for level in _list(row, "cấp")),
        sector=_required(document, "lĩnh vực"),
        kind=_word(KINDS, row.get("loại", "trung ương"), "loại"),
        province=row.get("tỉnh"),
        owner=decision.get("cơ quan"),
        decision_number=decision.get("số"),
        decision_date=_day(decision.get("ngày")),
        portal_id=row.get("mã cổng"),
        source=document.get("nguồn", "tệp của đơn vị"),
        source_date=_day(document.get("ngày số liệu")),
        content=_content(row),
    )


def _content(row: Mapping[str, Any]) -> Content:
    fields: dict[str, Any] = {field: _list(row, key) for key, field in PLAIN_LISTS.items()}
    fields |= {field: row.get(key) == "có" for key, field in SWITCHES.items()}
    return Content.model_validate(
        fields
        | {
            "receiving_address": row.get("nơi nộp"),
            "description": row.get("mô tả"),
            "methods": [_method(_mapping(m, "cách thức")) for m in _list(row, "cách thức")],
            "cases": [_case(_mapping(c, "trường hợp")) for c in _list(row, "trường hợp")],
            "documents": [_document(_mapping(d, "giấy tờ")) for d in _list(row, "giấy tờ")],
            "legal_bases": [_basis(_mapping(b, "căn cứ")) for b in _list(row, "căn cứ")],
        }
    )


def _method(row: Mapping[str, Any]) -> dict[str, Any]:
    _only(row, {"nộp", "thời hạn", "phí", "ghi chú"}, "cách thức")
    return {
        "submission": _word(SUBMISSIONS, _required(row, "nộp"), "nộp"),
        "time_limit": _time_limit(row.get("thời hạn")),
        "fees": [_fee(_mapping(fee, "phí")) for fee in _list(row, "phí")],
        "note": row.get("ghi chú"),
    }


def _time_limit(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, dict):
        _only(value, {"số", "đơn vị", "ghi chú"}, "thời hạn")
        number = value.get("số")
        if number is None:
            return {"text": value.get("ghi chú")}
        unit = _word(UNITS, _required(value, "đơn vị"), "đơn vị")
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


def _fee(row: Mapping[str, Any]) -> dict[str, Any]:
    _only(row, {*FEE_KINDS, "ghi chú", "bảng"}, "phí")
    kinds = [kind for kind in FEE_KINDS if kind in row]
    if len(kinds) != 1:
        raise FileError("mỗi khoản thu có đúng một khóa: phí, lệ phí, giá hoặc khoản thu")
    stated = str(row[kinds[0]]).strip()
    fee: dict[str, Any] = {
        "kind": FEE_KINDS[kinds[0]],
        "text": row.get("ghi chú"),
        "table": row.get("bảng"),
    }
    if stated == "miễn phí":
        return fee | {"free": True}
    if stated == "xem bảng":
        return fee
    if match := _MONEY.match(stated):
        return fee | {"amount": int(match["amount"].replace(".", ""))}
    raise FileError(f"mức thu «{stated}»: ghi như «20.000 đồng», «miễn phí» hoặc «xem bảng»")


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    _only(row, {"tên", "thời hạn", "mã dịch vụ"}, "trường hợp")
    return {
        "name": _required(row, "tên"),
        "service_codes": _list(row, "mã dịch vụ"),
        "time_limit": _time_limit(row.get("thời hạn")),
    }


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    _only(row, {"tên", "trường hợp", "bản chính", "bản sao", "xuất trình", "mẫu"}, "giấy tờ")
    return {
        "name": _required(row, "tên"),
        "case": row.get("trường hợp"),
        "originals": _count(row.get("bản chính")),
        "copies": _count(row.get("bản sao")),
        "shown_only": row.get("xuất trình") == "có",
        "forms": [{"name": form} for form in _list(row, "mẫu")],
    }


def _count(text: Any) -> int | None:
    if text is None:
        return None
    if not str(text).isdigit():
        raise FileError(f"số bản «{text}» không phải là số")
    return int(text)


def _basis(row: Mapping[str, Any]) -> dict[str, Any]:
    _only(row, {"số", "tên"}, "căn cứ")
    return {"number": row.get("số"), "name": row.get("tên") or _required(row, "số")}


def _required(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FileError(f"thiếu «{key}»")
    return value.strip()


def _list(row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _mapping(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FileError(f"«{key}» phải ghi thành «khóa: giá trị», đang là «{value}»")
    return value


def _only(row: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(row) - known):
        raise FileError(f"«{where}» có khóa lạ: {', '.join(unknown)}")


def _word(table: Mapping[str, T], value: Any, key: str) -> T:
    if value not in table:
        raise FileError(f"«{key}: {value}»: chỉ nhận {', '.join(table)}")
    return table[value]


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FileError(f"ngày «{text}»: ghi như 2026-07-18") from None
