"""Rows of the portal as it was until early 2026: they only tell that a code was once in use."""

from typing import Final

from knowledge.importing.codes import read_code
from knowledge.importing.rows import Row
from knowledge.provinces import province_of
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind

SOURCE: Final = "Cổng Dịch vụ công Quốc gia cũ (đến đầu năm 2026)"
UNKNOWN_SECTOR: Final = "(chưa rõ lĩnh vực)"


def is_old_row(record: Row) -> bool:
    """Whether the record is a row of the old portal's lists of procedures."""
    return ("TTHC_MA" in record and "NAME" in record) or (
        "PROCEDURE_CODE" in record and "PROCEDURE_NAME" in record
    )


def draft_of_old_row(record: Row) -> Draft:
    """The draft of a former procedure: code and name, no longer in force as far as this tells."""
    owner = record.line("PUBLISHED_AGENCY")
    province = province_of(None, owner)
    return Draft(
        code=read_code(record.raw("TTHC_MA") or record.raw("PROCEDURE_CODE")).text,
        name=record.line("NAME") or record.line("PROCEDURE_NAME") or "",
        sector=record.line("FIELD_NAME") or UNKNOWN_SECTOR,
        kind=Kind.LOCAL if province else Kind.CENTRAL,
        province=province,
        owner=owner,
        source=SOURCE,
        is_current=False,
    )
