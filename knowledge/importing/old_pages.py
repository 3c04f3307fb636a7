"""Saved pages of the old portal: they name codes that were in use, with what was asked then."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.importing.codes import BadCode
from knowledge.importing.old_words import Cells, former_draft, quantities
from knowledge.importing.papers import Group, Paper
from knowledge.importing.problems import Problem, sentences
from knowledge.importing.tidying import one_line, tidy, unique
from knowledge.records.content import Form
from knowledge.records.draft import Draft

Item = Draft | Problem

_CODE_IN_SCRIPT: Final = re.compile(r"procedure_code\s*=\s*'([^']+)'")
_SECTIONS: Final = {
    "trình tự thực hiện",
    "cách thức thực hiện",
    "thành phần hồ sơ",
    "căn cứ pháp lý",
    "kết quả thực hiện",
    "cơ quan thực hiện",
    "yêu cầu, điều kiện thực hiện",
}


def read_old_page(name: str, tree: LexborHTMLParser, *, legacy: bool) -> Iterator[Item] | None:
    """The former procedure of a page of the old portal; None if it is no such page."""
    parts = _labelled(tree) or _headed(tree)
    if not parts:
        decision = _decision(tree)
        return iter([Problem(name, "", decision)]) if decision else None
    return _items(name, parts, legacy=legacy)


def _items(name: str, parts: dict[str, LexborNode | str], *, legacy: bool) -> Iterator[Item]:
    facts = {
        key: part if isinstance(part, str) else tidy(part.text(separator="\n")) or ""
        for key, part in parts.items()
    }
    label = facts.get("mã thủ tục", "")
    if not legacy:
        says = "thủ tục của Cổng cũ, không còn hiện hành: chỉ nhập khi chọn nhập thủ tục cũ"
        yield Problem(name, label, says)
        return
    try:
        yield former_draft(
            facts,
            methods=_rows(parts.get("cách thức thực hiện")),
            groups=_groups(parts.get("thành phần hồ sơ")),
            bases=_rows(parts.get("căn cứ pháp lý")),
        )
    except BadCode as error:
        yield Problem(name, label, str(error))
    except ValidationError as error:
        yield from (Problem(name, label, says) for says in sentences(error))


def _labelled(tree: LexborHTMLParser) -> dict[str, LexborNode | str]:
    """The full page: a window with rows of label and value."""
    parts: dict[str, LexborNode | str] = {}
    for row in tree.css("#popupChitietTTHC .info-row"):
        label, *values = [node for node in row.iter() if node.tag == "div"]
        said = (one_line(label.text()) or "").rstrip(" :").lower()
        if values and one_line(values[0].text()):
            parts.setdefault(said, values[0])
    return parts if "mã thủ tục" in parts else {}


def _headed(tree: LexborHTMLParser) -> dict[str, LexborNode | str]:
    """The short page: a title, headings, and the code only within a script."""
    title = tree.css_first("h1.main-title")
    code = next(
        (match[1] for node in tree.css("script") if (match := _CODE_IN_SCRIPT.search(node.text()))),
        None,
    )
    if title is None or code is None:
        return {}
    parts: dict[str, LexborNode | str] = {"mã thủ tục": code, "tên thủ tục": title.text()}
    for heading in tree.css("h2.main-title-sub"):
        said = (one_line(heading.text()) or "").lower()
        body = heading.next
        while body is not None and body.tag in ("-text", "br"):
            body = body.next
        if said in _SECTIONS and body is not None and body.tag in ("div", "table"):
            parts.setdefault(said, body)
    return parts


def _decision(tree: LexborHTMLParser) -> str | None:
    """What to say of the page of a decision: its lists of procedures come by script only."""
    text = one_line(tree.body.text(separator=" ")) if tree.body else None
    found = re.search(r"Số quyết định:? (\S+).{0,40}TT Quyết định công bố", text or "")
    if found is None:
        return None
    return (
        f"trang quyết định công bố {found[1]}, không kèm danh sách thủ tục: "
        "lập tệp quyết định theo mẫu «motcua publish example»"
    )


def _rows(part: LexborNode | str | None) -> Iterator[Cells]:
    for row in part.css("tbody tr") if isinstance(part, LexborNode) else ():
        yield tuple(tidy(cell.text(separator=" ")) for cell in row.css("td"))


def _groups(part: LexborNode | str | None) -> Iterator[Group]:
    """Tables of papers, each under the nearest text before it that names a case."""
    label = ""
    for node in part.css("div.key, div.title, table") if isinstance(part, LexborNode) else ():
        if node.tag == "div":
            label = one_line(node.text(separator=" ")) or ""
            continue
        heads = [(one_line(head.text()) or "").lower() for head in node.css("thead th")]
        papers = (_paper(heads, row.css("td")) for row in node.css("tbody tr"))
        yield Group(label, tuple(paper for paper in papers if paper))
        label = ""


def _paper(heads: list[str], cells: list[LexborNode]) -> Paper | None:
    """A row, whether originals and copies have columns of their own or share one."""
    by_head = dict(zip(heads, cells, strict=False))
    texts = {head: cell.text(separator=" ") for head, cell in by_head.items()}
    name = one_line(texts.get("tên giấy tờ") or texts.get("loại giấy tờ"))
    if not name:
        return None
    counts = quantities(texts.get("số lượng", ""))
    if "bản chính" in texts:
        counts = _count(texts["bản chính"]), _count(texts.get("bản sao", ""))
    forms = by_head.get("mẫu đơn, tờ khai")
    lines = (tidy(forms.text(separator="\n")) or "").splitlines() if forms else []
    return Paper(name, *counts, tuple(Form(name=line) for line in unique(lines)))


def _count(text: str) -> int:
    return int(text) if text.strip().isdigit() else 0
