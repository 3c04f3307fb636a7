"""A decision of publication as a small file that staff write, in their own words."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from knowledge.decisions import ACTION_NAMES, Item, Paper
from knowledge.history import Refused
from knowledge.importing.codes import BadCode, read_code
from knowledge.importing.own_words import FileError, day, listed, mapping, only, required, word

EXAMPLE: Final = """\
số: 123/QĐ-UBND
ngày: 2026-11-20
cơ quan: UBND tỉnh Thanh Hóa
người ký: Họ và tên
hiệu lực: 2026-12-01
văn bản có hiệu lực: 2026-12-10   # ngày hiệu lực của văn bản quy định thủ tục
thủ tục:
  - {mã: 1.900001, việc: mới}
  - {mã: 1.900002, việc: sửa đổi, ghi chú: giảm 2 ngày}
  - {mã: 1.900003, việc: thay thế, thay cho: 1.900004}
  - {mã: 1.900005, việc: bãi bỏ, thay bằng: 1.900001}
"""
_ACTIONS: Final = {name: action for action, name in ACTION_NAMES.items()}
_KEYS: Final = {
    "số", "ngày", "cơ quan", "người ký", "hiệu lực", "văn bản có hiệu lực", "thủ tục",
}  # fmt: skip


def read_decision(path: Path) -> Paper:
    """The decision that the file describes; Refused with all that cannot be read."""
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        return _paper(mapping(document, "quyết định"))
    except yaml.YAMLError as error:
        raise Refused([f"tệp không đúng dạng: {error}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([f"không đọc được tệp: {error}"]) from None
    except FileError as error:
        raise Refused([str(error)]) from None


def _paper(document: Mapping[str, Any]) -> Paper:
    only(document, _KEYS, "quyết định")
    items, faults = [], []
    for number, row in enumerate(listed(document, "thủ tục"), start=1):
        try:
            items.append(_item(mapping(row, "thủ tục")))
        except (FileError, BadCode) as error:
            faults.append(f"dòng thứ {number}: {error}")
    if faults:
        raise Refused(faults)
    return Paper(
        number=required(document, "số"),
        date=_day(document, "ngày"),
        agency=required(document, "cơ quan"),
        signer=document.get("người ký"),
        effective_from=_day(document, "hiệu lực"),
        basis_effective_from=day(document.get("văn bản có hiệu lực")),
        items=tuple(items),
    )


def _day(document: Mapping[str, Any], key: str) -> date:
    found = day(required(document, key))
    assert found is not None
    return found


def _item(row: Mapping[str, Any]) -> Item:
    only(row, {"mã", "việc", "thay cho", "thay bằng", "ghi chú"}, "thủ tục")
    return Item(
        code=read_code(required(row, "mã")).text,
        action=word(_ACTIONS, required(row, "việc"), "việc"),
        replaces=read_code(row["thay cho"]).text if row.get("thay cho") else None,
        successor=read_code(row["thay bằng"]).text if row.get("thay bằng") else None,
        note=row.get("ghi chú"),
    )
