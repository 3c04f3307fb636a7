"""JSON that other crawls made of the portal's pages and Word exports."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.importing.codes import read_code
from knowledge.importing.old_words import LEVELS, Cells, former_draft, quantities
from knowledge.importing.papers import Group, Paper
from knowledge.importing.portal import SOURCE
from knowledge.importing.rows import Row
from knowledge.records.content import Content, Form
from knowledge.records.draft import Draft

PAGE_SOURCE: Final = f"{SOURCE} (văn bản trang)"
_PORTAL_ID: Final = re.compile(r"/thu-tuc-hanh-chinh/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def draft_of_page_text(record: Row) -> Draft:
    """What is certain in the text of a page whose table cells were glued together: the head.

    Papers, fees and time limits cannot be told apart in such a text, so they are left unknown.
    """
    levels = (LEVELS.get(word.strip().lower()) for word in record.text("cap_thuc_hien").split(","))
    address = _PORTAL_ID.search(record.text("detail_url"))
    return Draft(
        code=read_code(record.raw("ma_thu_tuc")).text,
        name=record.line("ten_thu_tuc") or "",
        levels=tuple(level for level in levels if level),
        sector=record.line("linh_vuc") or "",
        decision_number=record.line("so_quyet_dinh"),
        portal_id=address[1] if address else None,
        source=PAGE_SOURCE,
        content=Content(executing=record.lines("co_quan_thuc_hien")),
    )


def draft_of_word_export(record: Row) -> Draft:
    """The former procedure out of the old portal's Word export, its texts and tables apart."""
    texts = {
        key.replace("_", " "): value
        for part in ("metadata", "content")
        for key, value in record.row(part).everything().items()
        if isinstance(value, str)
    }
    texts["yêu cầu, điều kiện thực hiện"] = texts.pop("yêu cầu điều kiện thực hiện", "")
    tables = record.row("tables")
    return former_draft(
        texts,
        methods=_rows(tables, "hinh_thuc_nop", "hinh_thuc", "thoi_han_giai_quyet", "phi_le_phi", "mo_ta"),
        groups=[Group("", tuple(_papers(tables)))],
        bases=_rows(tables, "can_cu_phap_ly", "so_ky_hieu", "trich_yeu"),
    )  # fmt: skip


def _rows(tables: Row, name: str, *keys: str) -> Iterator[Cells]:
    for row in tables.rows(name):
        yield tuple(row.block(key) for key in keys)


def _papers(tables: Row) -> Iterator[Paper]:
    """Rows of papers; some extractions put the form's name and the quantities one column on."""
    for row in tables.rows("thanh_phan_ho_so"):
        name, second, third = (row.line(key) for key in ("ten_giay_to", "so_luong", "ghi_chu"))
        if not name:
            continue
        counted = third if third and "Bản chính" in third else second
        form = second if counted is third else None
        forms = (Form(name=form),) if form else ()
        yield Paper(name, *quantities(counted or ""), forms)
