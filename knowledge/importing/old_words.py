"""Labels and cells of the old portal (until early 2026), common to its pages and Word exports."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from knowledge.importing.codes import read_code
from knowledge.importing.fees import fee_of
from knowledge.importing.old_portal import SOURCE, UNKNOWN_SECTOR
from knowledge.importing.papers import Group, papers_of
from knowledge.importing.steps import steps_of
from knowledge.importing.tidying import one_line, tidy, unique
from knowledge.importing.time_limits import limit_and_note, limit_in_words
from knowledge.records.content import (
    Content,
    Fee,
    FeeKind,
    LegalBasis,
    Level,
    Method,
    Submission,
)
from knowledge.records.draft import Draft

LEVELS: Final = {
    "cấp bộ": Level.MINISTRY,
    "cấp tỉnh": Level.PROVINCE,
    "cấp xã": Level.COMMUNE,
    "cơ quan khác": Level.OTHER,
}
SUBMISSIONS: Final = {
    "trực tuyến": Submission.ONLINE,
    "trực tiếp": Submission.IN_PERSON,
    "dịch vụ bưu chính": Submission.POST,
    "bưu chính công ích": Submission.POST,
}
_KINDS: Final = {"phí": FeeKind.FEE, "lệ phí": FeeKind.CHARGE, "giá": FeeKind.PRICE}
_FEE: Final = re.compile(
    r"(?P<kind>Lệ phí|Phí|Giá)\s*:\s*(?P<amount>\d[\d.]*)\s*(?P<currency>Đồng|VNĐ|USD)?\.?",
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(r"Bản (chính|sao)\s*:\s*(\d+)")
_NEXT_APPLICANT: Final = re.compile(r",\s+(?=[A-ZĐ])(?![^()]*\))")

Cells = tuple[str | None, ...]


def former_draft(
    facts: Mapping[str, str],
    *,
    methods: Iterable[Cells],
    groups: Iterable[Group],
    bases: Iterable[Cells],
) -> Draft:
    """The draft of a former procedure out of labelled texts (labels in small letters) and tables."""
    levels = (
        LEVELS.get(word.strip().lower()) for word in facts.get("cấp thực hiện", "").split(",")
    )
    decision = one_line(facts.get("số quyết định"))
    return Draft(
        code=read_code(facts.get("mã thủ tục")).text,
        name=one_line(facts.get("tên thủ tục")) or "",
        levels=tuple(level for level in levels if level),
        sector=one_line(facts.get("lĩnh vực")) or UNKNOWN_SECTOR,
        decision_number=decision.removeprefix("Quyết định số ") if decision else None,
        source=SOURCE,
        is_current=False,
        content=_content(facts, methods, groups, bases),
    )


def _content(
    facts: Mapping[str, str],
    methods: Iterable[Cells],
    groups: Iterable[Group],
    bases: Iterable[Cells],
) -> Content:
    papers = papers_of(groups)
    return Content(
        applicants=unique(
            one_line(one) for one in _NEXT_APPLICANT.split(facts.get("đối tượng thực hiện", ""))
        ),
        executing=_agency(facts, "cơ quan thực hiện"),
        competent=_agency(facts, "cơ quan có thẩm quyền"),
        authorised=_agency(facts, "cơ quan được ủy quyền"),
        coordinating=_agency(facts, "cơ quan phối hợp"),
        receiving_address=tidy(facts.get("địa chỉ tiếp nhận hs")),
        methods=tuple(one for cells in methods if (one := _method(cells))),
        cases=tuple(papers.cases.values()),
        documents=tuple(papers.documents.values()),
        document_notes=tuple(papers.notes),
        steps=steps_of([(None, tidy(facts.get("trình tự thực hiện")))]),
        results=unique((tidy(facts.get("kết quả thực hiện")) or "").splitlines()),
        requirements=unique([tidy(facts.get("yêu cầu, điều kiện thực hiện"))]),
        legal_bases=tuple(
            LegalBasis(number=number, name=name or number or "")
            for number, name, *_ in bases
            if number or name
        ),
        description=tidy(facts.get("mô tả")),
    )


def quantities(text: str) -> tuple[int, int]:
    """Originals and copies out of "Bản chính: 1 - Bản sao: 0"."""
    counts = {kind: int(number) for kind, number in _QUANTITY.findall(text)}
    return counts.get("chính", 0), counts.get("sao", 0)


def _agency(facts: Mapping[str, str], label: str) -> tuple[str, ...]:
    said = one_line(facts.get(label))
    return (said.rstrip(" ."),) if said else ()


def _method(cells: Cells) -> Method | None:
    submission = SUBMISSIONS.get((cells[0] or "").lower()) if len(cells) == 4 else None
    if submission is None:
        return None
    limit, note = limit_and_note(limit_in_words(cells[1]), cells[3])
    return Method(submission=submission, time_limit=limit, fees=_fees(cells[2]), note=note)


def _fees(cell: str | None) -> tuple[Fee, ...]:
    """Each "Phí : 0 Đồng" with the words after it, which say what the number means."""
    text = one_line(cell) or ""
    found = list(_FEE.finditer(text))
    if not found:
        return (Fee(text=text),) if text else ()
    ends = [*(match.start() for match in found[1:]), len(text)]
    fees = (
        fee_of(
            _KINDS[match["kind"].lower()],
            float(match["amount"].replace(".", "")),
            currency=match["currency"],
            text=text[match.end() : end].strip(" ;,.") or None,
            table=None,
        )
        for match, end in zip(found, ends, strict=True)
    )
    return tuple(dict.fromkeys(fee for fee in fees if fee))
