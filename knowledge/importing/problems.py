"""A fault found while reading a source is a value: it names its place and what to do."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import ValidationError


class Problem(NamedTuple):
    """One fault in a source. It costs its own record, never the run."""

    source: str  # file, with the line or the record where that is known
    record: str  # procedure code, or what stood in its place
    says: str  # what is wrong, for staff

    def __str__(self) -> str:
        return (
            f"{self.source}: {self.record}: {self.says}"
            if self.record
            else f"{self.source}: {self.says}"
        )


def sentences(error: ValidationError) -> Iterator[str]:
    """Each fault of a record as a sentence: where it stands, and what is wrong."""
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        says = MESSAGES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        yield f"{FIELDS.get(where, where)}: {says}".removeprefix(": ")


FIELDS = {
    "code": "mã",
    "name": "tên",
    "sector": "lĩnh vực",
    "levels": "cấp thực hiện",
    "province": "tỉnh",
    "source_date": "ngày số liệu",
    "decision_number": "số quyết định",
    "decision_date": "ngày quyết định",
}
MESSAGES = {
    "string_too_short": "đang để trống, hãy điền vào",
    "missing": "đang thiếu, hãy điền vào",
    "string_pattern_mismatch": "không đúng dạng d.dddddd, như 1.001193",
    "string_type": "phải là một dòng chữ",
    "greater_than": "phải lớn hơn 0",
    "greater_than_equal": "không được âm",
}
