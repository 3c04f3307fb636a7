"""Small made-up records. Nothing here was copied from a real procedure."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from knowledge.records.content import Content, Document, Level, Method, Submission, TimeLimit, Unit
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PORTAL_ID = "019d0000-0000-7000-8000-00000000000{}"


def content(**facts: Any) -> Content:
    """All seven parts, as short as they can be."""
    parts: dict[str, Any] = {
        "applicants": ("Công dân Việt Nam",),
        "executing": ("Ủy ban nhân dân cấp xã",),
        "methods": (
            Method(
                submission=Submission.IN_PERSON,
                time_limit=TimeLimit(value=3, unit=Unit.WORKING_DAY),
            ),
        ),
        "documents": (Document(name="Tờ khai nuôi vịt", originals=1, copies=0),),
        "steps": ("Nộp tờ khai.", "Nhận giấy."),
    }
    return Content(**(parts | facts))


def draft(code: str = "1.900001", **facts: Any) -> Draft:
    """A draft with all parts."""
    fields: dict[str, Any] = {
        "code": code,
        "name": "Đăng ký nuôi vịt",
        "levels": (Level.COMMUNE,),
        "sector": "Chăn nuôi vịt",
        "kind": Kind.CENTRAL,
        "owner": "Bộ Vịt",
        "decision_number": "1/QĐ-BV",
        "decision_date": date(2026, 1, 2),
        "portal_id": PORTAL_ID.format(1),
        "source": "Cổng thử",
        "source_date": date(2026, 7, 1),
        "content": content(),
    }
    return Draft(**(fields | facts))


def method(submission: str = "DIRECT", **facts: Any) -> dict[str, Any]:
    """One way to submit, as the portal writes it."""
    return {
        "submissionMethod": submission,
        "processingTime": 3,
        "processingTimeUnit": "WORKING_DAY",
        "description": "",
        "fees": [],
    } | facts


def fee(value: int | None = 0, text: str | None = "", **facts: Any) -> dict[str, Any]:
    """One fee, as the portal writes it."""
    return {"type": "FEE", "value": value, "description": text, "attachment": None} | facts


def paper(name: str, originals: int = 1, copies: int = 0, **facts: Any) -> dict[str, Any]:
    """One row of a group of papers, as the portal writes it."""
    return {
        "name": name,
        "originalQty": originals,
        "copyQty": copies,
        "required": False,
        "attachments": [],
    } | facts


def group(label: str, *papers: dict[str, Any]) -> dict[str, Any]:
    """A group of papers under a label, as the portal writes it."""
    return {"name": label, "profileComponents": list(papers)}


def record(code: str = "1.900001", **facts: Any) -> dict[str, Any]:
    """A detail record of the portal."""
    return {
        "id": PORTAL_ID.format(1),
        "code": code,
        "name": "Thủ tục đăng ký nuôi vịt",
        "type": "STANDARD",
        "state": "ACTIVE",
        "isInternal": False,
        "isWard": True,
        "isProvince": False,
        "isMinistry": False,
        "isOtherAgency": False,
        "decisionNo": "",
        "procedureProposal": {"proposalNumber": "1/QĐ-BV", "decisionDate": 1767286800000},
        "departmentPromulgateName": "Bộ Vịt",
        "departmentPromulgateCode": "G98",
        "categoriesDetails": [{"name": "Chăn nuôi vịt", "code": "G98-V01"}],
        "subjectTypesDetails": [{"name": "Công dân Việt Nam", "code": "ĐT1"}],
        "departmentsExecuting": [{"name": "Ủy ban nhân dân cấp xã."}],
        "executionSteps": [{"name": "", "description": "Nộp tờ khai rồi nhận giấy."}],
        "executionMethods": [method()],
        "executionCases": [group("", paper("- Tờ khai nuôi vịt"))],
        "cases": [],
        "resultsDetails": [{"name": "Giấy nuôi vịt", "code": "KQ1"}],
        "legalBasisesDetails": [{"name": "Luật Vịt", "code": "1/2026/QH16"}],
        "updatedAt": 1782838800000,
    } | facts


def local_record(code: str, agency_code: str, agency: str, **facts: Any) -> dict[str, Any]:
    """A record of one province."""
    return record(
        code,
        type="SPECIFIC",
        departmentPromulgateCode=agency_code,
        departmentPromulgateName=agency,
        **facts,
    )


def normalised(code: str = "1.900001", **facts: Any) -> dict[str, Any]:
    """A record in the plain words of procedures.jsonl."""
    return {
        "code": code,
        "name": "Thủ tục đăng ký nuôi vịt",
        "level": ["cấp xã"],
        "sector": "Chăn nuôi vịt",
        "applicants": ["Công dân Việt Nam"],
        "agency": "Ủy ban nhân dân cấp xã",
        "channels": [
            {
                "channel": "trực tiếp",
                "time_limit": "3 ngày làm việc",
                "fee": "20.000 đồng",
                "note": None,
                "time_value": 3,
                "time_unit": "WORKING_DAY",
                "fees": [{"type": "FEE", "amount": 20000.0, "text": None, "file": None}],
            }
        ],
        "documents": [{"case": None, "name": "Tờ khai", "originals": 1, "copies": 0}],
        "cases": [{"code": f"{code}.01", "name": "Nuôi vịt", "time_limit": "1 ngày"}],
        "steps": "Bước 1: Nộp tờ khai\nBước 2: Nhận giấy",
        "result": "Giấy nuôi vịt",
        "legal_basis": ["Luật Vịt (1/2026/QH16)"],
        "promulgating_agency": "Bộ Vịt",
        "type": "STANDARD",
        "state": "ACTIVE",
        "formality_id": PORTAL_ID.format(1),
        "crawl_date": "2026-07-18",
    } | facts


def json_file(path: Path, value: Any) -> Path:
    """A file with one JSON value."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def json_lines(path: Path, *values: Any) -> Path:
    """A file with one JSON value a line."""
    lines = (json.dumps(value, ensure_ascii=False) for value in values)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def list_workbook(path: Path, *rows: tuple[str | None, ...]) -> Path:
    """A list export in Excel: title in merged cells, header in the second row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DANH SÁCH THỦ TỤC HÀNH CHÍNH"])
    sheet.merge_cells("A1:E1")
    sheet.append(["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"])
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
