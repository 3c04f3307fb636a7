"""The portal's PDF of a procedure as text: never imported, only held against the record.

A print loses tables, cuts words, and is wrong about some fees and time limits (see
`knowledge/checks/printed.py`), so it is a witness and not a source.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_LABELS: Final = (
    "Tên thủ tục", "Mã thủ tục", "Số quyết định", "Cấp thực hiện", "Loại thủ tục", "Lĩnh vực",
    "Đối tượng thực hiện", "Cơ quan có thẩm quyền", "Địa chỉ tiếp nhận HS",
    "Cơ quan được ủy quyền", "Cơ quan phối hợp", "Trình tự thực hiện", "Thành phần hồ sơ",
    "Cách thức thực hiện", "Căn cứ pháp lý", "Cơ quan thực hiện", "Kết quả thực hiện",
    "Yêu cầu, điều kiện thực hiện", "Kết quả xử lý", "Từ khóa", "Mô tả",
)  # fmt: skip
_KEYS: Final = {label.lower(): label.lower() for label in _LABELS} | {
    "kết quả xử lý": "kết quả thực hiện"
}
_NAMES: Final = "|".join(re.escape(label) for label in _LABELS)
# The new print has headings in capitals on a line of their own, the old one labels with a colon.
_HEAD: Final = re.compile(
    rf"^(?:(?P<upper>{_NAMES.upper()})[ \t]*$|(?P<old>{_NAMES}):|(?P<new>{_NAMES})(?=[ \t]|$))",
    re.MULTILINE,
)
_TITLE: Final = "chi tiết thủ tục hành chính"


class NotPrinted(ValueError):
    """The file is no print of a procedure; its text is for staff."""


@dataclass(frozen=True)
class Printed:
    """What stands under each label and heading of a print, by its name in small letters."""

    parts: dict[str, str]

    @property
    def code(self) -> str:
        """The procedure's code as it is printed."""
        return self.parts.get("mã thủ tục", "").split(" ")[0].strip()


def read_print(source: Path | IO[bytes]) -> Printed:
    """The parts of a PDF; NotPrinted if it is broken or of something else."""
    try:
        text = "\n".join(page.extract_text() for page in PdfReader(source).pages)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError) as error:
        raise NotPrinted(f"không đọc được tệp PDF ({error}): tải lại từ Cổng") from None
    return parts_of(text)


def parts_of(text: str) -> Printed:
    """The parts of a print's text."""
    if _TITLE not in text[:400].lower():
        raise NotPrinted("không phải bản in «Chi tiết thủ tục hành chính» của Cổng")
    parts: dict[str, str] = {}
    heads = list(_in_order(text))
    for (key, _, start), following in zip(heads, [*heads[1:], None], strict=True):
        end = following[1] if following else len(text)
        parts.setdefault(key, text[start:end].strip())
    return Printed(parts)


def _in_order(text: str) -> list[tuple[str, int, int]]:
    """Labels with where they begin and where their text does; each counts once."""
    found: list[tuple[str, int, int]] = []
    is_old = re.search(r"^Mã thủ tục:", text, re.MULTILINE) is not None
    is_in_head = True
    for match in _HEAD.finditer(text):
        is_in_head = is_in_head and not match["upper"]
        if is_old != bool(match["old"]) or (match["new"] and not is_in_head):
            continue
        key = _KEYS[match[0].rstrip(" :\t").lower()]
        if all(key != known for known, _, _ in found):
            found.append((key, match.start(), match.end()))
    return found
