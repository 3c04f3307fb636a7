"""Our own files: the built-in catalogue's YAML, one file a sector, read into drafts.

Every scalar is read as text, so `1.001193` stays a code and `không` stays a word.
The format is explained to staff in `knowledge/builtin/README.md`.
"""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.importing.own_words import (
    KINDS,
    LEVELS,
    SUBMISSIONS,
    FileError,
    count,
    day,
    fee,
    listed,
    mapping,
    only,
    province,
    required,
    time_limit,
    word,
)
from knowledge.importing.problems import Problem, sentences
from knowledge.records.content import Content
from knowledge.records.draft import Draft

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
_CODE_LINE = re.compile(r"^\s*(?:-\s+)?mã:\s")
KNOWN_KEYS = {
    *PLAIN_LISTS, *SWITCHES, "mã", "tên", "mã cổng", "cấp", "loại", "tỉnh", "quyết định",
    "nơi nộp", "cách thức", "trường hợp", "giấy tờ", "căn cứ", "mô tả",
}  # fmt: skip


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
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _CODE_LINE.match(line)]
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for number, row in enumerate(document["thủ tục"], start=1):
        read = read_row(row, document)
        if isinstance(read, Draft):
            drafts.append(read)
            continue
        place = f"{name}, dòng {lines[number - 1]}" if number <= len(lines) else name
        label = row.get("mã") if isinstance(row, dict) else None
        label = label if isinstance(label, str) else f"thủ tục thứ {number}"
        problems.extend(Problem(place, label, says) for says in read)
    return drafts, problems


def read_row(row: Any, document: Mapping[str, Any]) -> Draft | list[str]:
    """The draft, or all that is wrong with the procedure."""
    try:
        return _draft(row, document)
    except ValidationError as error:
        return list(sentences(error))
    except FileError as error:
        return [str(error)]


def _place(name: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{name}, dòng {mark.line + 1}" if mark else name


def _draft(row: Any, document: Mapping[str, Any]) -> Draft:
    if not isinstance(row, dict):
        raise FileError("mỗi thủ tục phải là một khối «khóa: giá trị»")
    if unknown := sorted(set(row) - KNOWN_KEYS):
        raise FileError(f"khóa không có trong hướng dẫn: {', '.join(unknown)}")
    decision = mapping(row.get("quyết định", {}), "quyết định")
    return Draft(
        code=required(row, "mã"),
        name=required(row, "tên"),
        levels=tuple(word(LEVELS, level, "cấp") for level in listed(row, "cấp")),
        sector=required(document, "lĩnh vực"),
        kind=word(KINDS, row.get("loại", "trung ương"), "loại"),
        province=province(row, decision.get("cơ quan")),
        owner=decision.get("cơ quan"),
        decision_number=decision.get("số"),
        decision_date=day(decision.get("ngày")),
        portal_id=row.get("mã cổng"),
        source=document.get("nguồn", "tệp của đơn vị"),
        source_date=day(document.get("ngày số liệu")),
        content=_content(row),
    )


def _content(row: Mapping[str, Any]) -> Content:
    fields: dict[str, Any] = {field: listed(row, key) for key, field in PLAIN_LISTS.items()}
    fields |= {field: row.get(key) == "có" for key, field in SWITCHES.items()}
    return Content.model_validate(
        fields
        | {
            "receiving_address": row.get("nơi nộp"),
            "description": row.get("mô tả"),
            "methods": [_method(mapping(m, "cách thức")) for m in listed(row, "cách thức")],
            "cases": [_case(mapping(c, "trường hợp")) for c in listed(row, "trường hợp")],
            "documents": [_document(mapping(d, "giấy tờ")) for d in listed(row, "giấy tờ")],
            "legal_bases": [_basis(mapping(b, "căn cứ")) for b in listed(row, "căn cứ")],
        }
    )


def _method(row: Mapping[str, Any]) -> dict[str, Any]:
    only(row, {"nộp", "thời hạn", "phí", "ghi chú"}, "cách thức")
    return {
        "submission": word(SUBMISSIONS, required(row, "nộp"), "nộp"),
        "time_limit": time_limit(row.get("thời hạn")),
        "fees": [fee(mapping(f, "phí")) for f in listed(row, "phí")],
        "note": row.get("ghi chú"),
    }


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    only(row, {"tên", "thời hạn", "mã dịch vụ"}, "trường hợp")
    return {
        "name": required(row, "tên"),
        "service_codes": listed(row, "mã dịch vụ"),
        "time_limit": time_limit(row.get("thời hạn")),
    }


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    only(row, {"tên", "trường hợp", "bản chính", "bản sao", "xuất trình", "mẫu"}, "giấy tờ")
    return {
        "name": required(row, "tên"),
        "case": row.get("trường hợp"),
        "originals": count(row.get("bản chính")),
        "copies": count(row.get("bản sao")),
        "shown_only": row.get("xuất trình") == "có",
        "forms": [{"name": form} for form in listed(row, "mẫu")],
    }


def _basis(row: Mapping[str, Any]) -> dict[str, Any]:
    only(row, {"số", "tên"}, "căn cứ")
    return {"number": row.get("số"), "name": row.get("tên") or required(row, "số")}
