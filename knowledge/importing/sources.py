"""Opening what is to be imported: the format is told by the content, never by the file's name."""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, cast

from knowledge.importing.json_files import read_json
from knowledge.importing.listing_rows import read_workbook
from knowledge.importing.own_files import read_own_text
from knowledge.importing.pages import read_page
from knowledge.importing.problems import Problem
from knowledge.records.draft import Draft

Item = Draft | Problem

DATA_SUFFIXES: Final = {
    ".json", ".jsonl", ".ndjson", ".gz", ".xlsx", ".html", ".htm", ".yaml", ".yml", ".pdf",
}  # fmt: skip


def files_under(path: Path) -> list[Path]:
    """The file itself, or all data files in a folder and below."""
    if not path.is_dir():
        return [path]
    inside = sorted(one for one in path.rglob("*") if one.is_file())
    return [one for one in inside if one.suffix.lower() in DATA_SUFFIXES]


def items_of(path: Path, *, legacy: bool = False) -> Iterator[Item]:
    """Drafts and problems of one file in their order, read as they are asked for."""
    try:
        with path.open("rb") as stream:
            yield from _items(path.name, stream, legacy=legacy)
    except UnicodeDecodeError:
        yield Problem(path.name, "", "không phải văn bản UTF-8: lưu lại tệp theo bảng mã UTF-8")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Problem(path.name, "", f"không đọc được tệp ({reason}): kiểm tra đường dẫn, tệp hỏng")


def _items(name: str, stream: IO[bytes], *, legacy: bool) -> Iterable[Item]:
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), 1 << 16)
    head = buffered.peek(1024)[:1024]
    if head.startswith(b"\x1f\x8b"):
        return _items(name, cast(IO[bytes], gzip.GzipFile(fileobj=buffered)), legacy=legacy)
    if head.startswith(b"%PDF-"):
        says = "tệp PDF không nhập được, chỉ để đối chiếu: «motcua compare TỆP»"
        return [Problem(name, "", says)]
    if head.startswith(b"PK\x03\x04"):
        return read_workbook(name, cast(IO[bytes], buffered))
    text = io.TextIOWrapper(buffered, encoding="utf-8-sig")
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first in (b"{", b"["):
        return read_json(name, text, legacy=legacy)
    if first == b"<":
        return read_page(name, text.read(), legacy=legacy)
    if not first:
        return [Problem(name, "", "tệp rỗng")]
    drafts, problems = read_own_text(name, text.read())
    return [*drafts, *problems]
