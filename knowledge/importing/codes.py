"""Procedure codes as sources write them, brought to the national form d.dddddd."""

import re
from typing import Final, NamedTuple

_CODE: Final = re.compile(
    r"^(?P<code>[1-9]\.\d{6})(?:\.\d{2})?(?:\.(?:000\.00\.00\.)?[GH]\d{2})?(?:\.\d{2})?$"
)


class BadCode(ValueError):
    """A code that no repair brings to the national form; its text is for staff."""


class Code(NamedTuple):
    """The national code, and what was repaired in it, if anything was."""

    text: str
    repair: str | None


def read_code(source: object) -> Code:
    """The national code within what the source wrote; BadCode if there is none."""
    if not isinstance(source, str) or not source.strip():
        raise BadCode("thiếu mã thủ tục: điền mã dạng 1.001193")
    trimmed = source.strip()
    found = _CODE.match(trimmed)
    if not found:
        raise BadCode(f"mã không đúng dạng d.dddddd: «{source}»; sửa mã ở nguồn rồi nhập lại")
    repair = f"mã có khoảng trắng thừa «{source}», đã sửa thành {found['code']}"
    return Code(found["code"], repair if trimmed != source else None)
