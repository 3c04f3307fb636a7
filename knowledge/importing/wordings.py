"""The facts of a draft as lines of words, so that two drafts can be compared by people."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from knowledge.records.content import (
    Case,
    Document,
    Fee,
    FeeKind,
    LegalBasis,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)
from knowledge.records.kinds import Kind

LEVELS: Final = {
    Level.MINISTRY: "cấp bộ",
    Level.PROVINCE: "cấp tỉnh",
    Level.COMMUNE: "cấp xã",
    Level.OTHER: "cơ quan khác",
}
KINDS: Final = {Kind.CENTRAL: "trung ương", Kind.LOCAL: "địa phương", Kind.INTERNAL: "nội bộ"}
UNITS: Final = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.DAY: "ngày",
    Unit.HOUR: "giờ",
    Unit.MONTH: "tháng",
    Unit.YEAR: "năm",
}
SUBMISSIONS: Final = {
    Submission.IN_PERSON: "nộp trực tiếp",
    Submission.ONLINE: "nộp trực tuyến",
    Submission.POST: "nộp qua bưu chính",
}
FEES: Final = {
    FeeKind.FEE: "phí",
    FeeKind.CHARGE: "lệ phí",
    FeeKind.PRICE: "giá",
    FeeKind.UNSPECIFIED: "khoản thu",
}
LABELS: Final = {
    "name": "tên thủ tục",
    "levels": "cấp thực hiện",
    "sector": "lĩnh vực",
    "kind": "loại thủ tục",
    "province": "tỉnh",
    "owner": "cơ quan công bố",
    "decision_number": "số quyết định",
    "decision_date": "ngày quyết định",
    "portal_id": "mã trang trên Cổng (đường dẫn)",
    "is_suspect": "mã ở nguồn bị viết sai",
    "applicants": "đối tượng",
    "executing": "cơ quan thực hiện",
    "competent": "cơ quan có thẩm quyền",
    "authorised": "cơ quan được ủy quyền",
    "coordinating": "cơ quan phối hợp",
    "receiving_address": "địa chỉ tiếp nhận",
    "methods": "cách thức, thời hạn, phí",
    "cases": "trường hợp",
    "documents": "thành phần hồ sơ",
    "document_notes": "lưu ý về giấy tờ",
    "steps": "trình tự",
    "results": "kết quả",
    "requirements": "yêu cầu, điều kiện",
    "legal_bases": "căn cứ pháp lý",
    "keywords": "từ khóa",
    "everyday_names": "tên thường gọi",
    "description": "mô tả",
    "full_online": "toàn trình",
    "non_territorial": "phi địa giới",
    "vertical": "ngành dọc",
}


def lines_of(value: object) -> list[str]:
    """A fact as lines: a list has one a member, an absent fact has none."""
    if value is None or value in ("", ()):
        return []
    if isinstance(value, tuple):
        return [line_of(member) for member in value]
    return [line_of(value)]


def line_of(value: object) -> str:
    """One value in words."""
    for kind, telling in _TELLING.items():
        if isinstance(value, kind):
            return telling(value)
    return str(value)


def limit_in_words(limit: TimeLimit | None) -> str:
    """A time limit as it is read aloud."""
    if limit is None:
        return "chưa rõ thời hạn"
    if limit.value is None or limit.unit is None:
        return limit.text or ""
    said = f"{limit.value:g} {UNITS[limit.unit]}"
    return f"{said} ({limit.text})" if limit.text else said


def _fee(fee: Fee) -> str:
    amount = f"{fee.amount:,} đồng".replace(",", ".") if fee.amount else ""
    parts = ["miễn phí" if fee.free else amount, fee.text, fee.table and f"bảng {fee.table}"]
    return f"{FEES[fee.kind]} " + ", ".join(part for part in parts if part)


def _method(method: Method) -> str:
    parts = [SUBMISSIONS[method.submission], limit_in_words(method.time_limit)]
    parts += [_fee(fee) for fee in method.fees]
    return "; ".join([*parts, *([method.note] if method.note else [])])


def _case(case: Case) -> str:
    codes = f" ({', '.join(case.service_codes)})" if case.service_codes else ""
    limit = f": {limit_in_words(case.time_limit)}" if case.time_limit else ""
    return f"{case.name}{codes}{limit}"


def _document(document: Document) -> str:
    counts = [
        f"{count} {word}"
        for count, word in ((document.originals, "bản chính"), (document.copies, "bản sao"))
        if count
    ]
    parts = [*counts, *(["xuất trình"] if document.shown_only else [])]
    parts += [f"mẫu {form.name}" for form in document.forms]
    said = f"{document.name} ({', '.join(parts)})" if parts else document.name
    return f"[{document.case}] {said}" if document.case else said


def _basis(basis: LegalBasis) -> str:
    return f"{basis.number} {basis.name}" if basis.number else basis.name


_TELLING: Final[Mapping[type, Callable[[Any], str]]] = {
    Level: LEVELS.__getitem__,
    Kind: KINDS.__getitem__,
    Method: _method,
    Case: _case,
    Document: _document,
    LegalBasis: _basis,
    date: lambda day: f"{day:%d/%m/%Y}",
    bool: lambda is_so: "có" if is_so else "không",
}
