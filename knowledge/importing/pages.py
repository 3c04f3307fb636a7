"""A saved detail page of the portal (since 2026), as a browser has rendered it."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.importing.codes import BadCode, read_code
from knowledge.importing.fees import fee_of
from knowledge.importing.listing_rows import read_rows
from knowledge.importing.old_pages import read_old_page
from knowledge.importing.papers import Group, Paper, papers_of
from knowledge.importing.portal import SOURCE, keywords_of
from knowledge.importing.problems import Problem, sentences
from knowledge.importing.steps import steps_of
from knowledge.importing.tidying import one_line, tidy, unique
from knowledge.importing.time_limits import limit_and_note, limit_in_words
from knowledge.links import is_challenge
from knowledge.records.content import (
    Content,
    Fee,
    FeeKind,
    Form,
    LegalBasis,
    Level,
    Method,
    Submission,
)
from knowledge.records.draft import Draft

Item = Draft | Problem

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
    "bưu chính": Submission.POST,
}
LABELS: Final = {
    "Tên thủ tục",
    "Mã thủ tục",
    "Số quyết định",
    "Cấp thực hiện",
    "Lĩnh vực",
    "Đối tượng thực hiện",
    "Cơ quan có thẩm quyền",
    "Địa chỉ tiếp nhận HS",
    "Cơ quan được ủy quyền",
    "Cơ quan phối hợp",
}
# Names of applicants hold commas only inside brackets; the next one begins with a capital letter.
_NEXT_APPLICANT: Final = re.compile(r",\s+(?=[A-ZĐ])(?![^()]*\))")
_MONEY: Final = re.compile(r"^(?P<amount>\d[\d.]*)(?:,\d+)?\s*(?P<currency>\D*)$")
_QUANTITY: Final = re.compile(r"(\d+)\s*bản\s*(chính|sao)")
_PORTAL_ID: Final = re.compile(r"/thu-tuc-hanh-chinh/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def read_page(name: str, text: str, *, legacy: bool) -> Iterator[Item]:
    """The drafts of a saved page of the portal, new or old, or what is wrong with it."""
    tree = LexborHTMLParser(text)
    facts = _facts(tree)
    label = facts.get("Mã thủ tục", "")
    if not label:
        yield from _of_another_kind(name, tree, legacy=legacy)
        return
    try:
        yield _draft(tree, facts)
    except BadCode as error:
        yield Problem(name, label, str(error))
    except ValidationError as error:
        yield from (Problem(name, label, says) for says in sentences(error))


def _of_another_kind(name: str, tree: LexborHTMLParser, *, legacy: bool) -> Iterator[Item]:
    """A list of procedures, a page of the old portal, the wall against robots, or nothing known."""
    if (former := read_old_page(name, tree, legacy=legacy)) is not None:
        yield from former
    elif listed := _list_rows(tree):
        yield from read_rows(name, iter(listed))
    elif is_challenge(tree.html or ""):
        says = "trang chặn chương trình tự động của Cổng, không phải nội dung: mở bằng trình duyệt"
        yield Problem(name, "", says)
    else:
        says = "không phải trang chi tiết thủ tục của Cổng: mở trang thủ tục hoặc danh sách rồi lưu lại"
        yield Problem(name, "", says)


def _list_rows(tree: LexborHTMLParser) -> list[tuple[object, ...]]:
    """The rows of a saved list page; its first table, since the page repeats it for phones."""
    table = tree.css_first("main table")
    rows = table.css("tr") if table is not None else []
    return [tuple(one_line(cell.text(separator=" ")) for cell in row.css("th, td")) for row in rows]


def _facts(tree: LexborHTMLParser) -> dict[str, str]:
    """The table of label and value at the head of the page."""
    facts: dict[str, str] = {}
    for cell in tree.css("main div"):
        said = one_line(cell.text(deep=False))
        value = cell.next
        if said in LABELS and value is not None and value.tag == "div":
            facts.setdefault(said, _text(value) or "")
    return {key: value for key, value in facts.items() if value}


def _draft(tree: LexborHTMLParser, facts: dict[str, str]) -> Draft:
    levels = (
        LEVELS.get(word.strip().lower()) for word in facts.get("Cấp thực hiện", "").split(",")
    )
    return Draft(
        code=read_code(facts.get("Mã thủ tục")).text,
        name=one_line(facts.get("Tên thủ tục")) or "",
        levels=tuple(level for level in levels if level),
        sector=one_line(facts.get("Lĩnh vực")) or "",
        decision_number=facts.get("Số quyết định"),
        portal_id=_portal_id(tree),
        source=SOURCE,
        content=_content(_sections(tree), facts),
    )


def _portal_id(tree: LexborHTMLParser) -> str | None:
    for node in tree.css("link[rel=canonical]"):
        if found := _PORTAL_ID.search(node.attributes.get("href") or ""):
            return found[1]
    return None


def _sections(tree: LexborHTMLParser) -> dict[str, LexborNode]:
    found: dict[str, LexborNode] = {}
    for heading in tree.css("main h4"):
        title = (one_line(heading.text()) or "").lower()
        if heading.parent is not None:
            found.setdefault(title, heading.parent)
    return found


def _content(sections: dict[str, LexborNode], facts: dict[str, str]) -> Content:
    papers = papers_of(_groups(sections.get("thành phần hồ sơ")))
    return Content(
        applicants=unique(_NEXT_APPLICANT.split(facts.get("Đối tượng thực hiện", ""))),
        executing=_plain_lines(sections.get("cơ quan thực hiện")),
        competent=unique([facts.get("Cơ quan có thẩm quyền")]),
        authorised=unique([facts.get("Cơ quan được ủy quyền")]),
        coordinating=unique([facts.get("Cơ quan phối hợp")]),
        receiving_address=facts.get("Địa chỉ tiếp nhận HS"),
        methods=tuple(_methods(sections.get("cách thức thực hiện"))),
        cases=tuple(papers.cases.values()),
        documents=tuple(papers.documents.values()),
        document_notes=tuple(papers.notes),
        steps=steps_of(_blocks(sections.get("trình tự thực hiện"))),
        results=_results(sections.get("kết quả xử lý")),
        requirements=unique([_body(sections.get("yêu cầu, điều kiện thực hiện"))]),
        legal_bases=tuple(_legal_bases(sections.get("căn cứ pháp lý"))),
        keywords=keywords_of(_body(sections.get("từ khóa"))),
    )


def _text(node: LexborNode) -> str | None:
    return tidy(node.text(separator="\n"))


def _body(section: LexborNode | None) -> str | None:
    """What stands under the heading of a section."""
    if section is None:
        return None
    parts = (_text(node) for node in section.iter() if node.tag != "h4")
    return tidy("\n".join(part for part in parts if part))


def _plain_lines(section: LexborNode | None) -> tuple[str, ...]:
    return unique(line.rstrip(" .") for line in (_body(section) or "").splitlines())


def _results(section: LexborNode | None) -> tuple[str, ...]:
    return tuple(line for line in _plain_lines(section) if not line.startswith("Mã:"))


def _blocks(section: LexborNode | None) -> Iterator[tuple[str | None, str | None]]:
    for item in section.css("li") if section is not None else ():
        texts = [tidy(node.text()) for node in item.css("p")]
        if len(texts) == 2:
            yield texts[0], texts[1]
        else:
            yield None, tidy(item.text(separator="\n"))


def _rows(section: LexborNode | None) -> Iterator[list[LexborNode]]:
    for row in section.css("tbody tr") if section is not None else ():
        yield row.css("td")


def _methods(section: LexborNode | None) -> Iterator[Method]:
    for cells in _rows(section):
        submission = SUBMISSIONS.get((one_line(cells[0].text()) or "").lower()) if cells else None
        if submission is None or len(cells) < 4:
            continue
        limit = limit_in_words(one_line(cells[1].text(separator=" ")))
        limit, note = limit_and_note(limit, _text(cells[3]))
        yield Method(
            submission=submission, time_limit=limit, fees=tuple(_fees(cells[2])), note=note
        )


def _fees(cell: LexborNode) -> Iterator[Fee]:
    """Pairs of an amount and, in brackets after it, what the source says about it."""
    parts = [text for span in cell.css("span") if (text := one_line(span.text()))]
    for place, part in enumerate(parts):
        if part.startswith("("):
            continue
        after = parts[place + 1] if place + 1 < len(parts) else ""
        words = after[1:].removesuffix(")") if after.startswith("(") else None
        if fee := _fee(part, words):
            yield fee


def _fee(part: str, words: str | None) -> Fee | None:
    if part.lower() == "miễn phí":  # what the page prints for every 0
        amount, currency = 0.0, None
    elif found := _MONEY.match(part):
        amount, currency = float(found["amount"].replace(".", "")), found["currency"].strip()
    else:
        said = f"{part}. {words}" if words else part
        return Fee(text=said)
    return fee_of(FeeKind.UNSPECIFIED, amount, currency=currency, text=words, table=None)


def _groups(section: LexborNode | None) -> Iterator[Group]:
    label = ""
    for node in section.css("h5, table") if section is not None else ():
        if node.tag == "h5":
            label = one_line(node.text()) or ""
        else:
            papers = (_paper(cells) for cells in _rows(node))
            yield Group(label, tuple(paper for paper in papers if paper))
            label = ""


def _paper(cells: list[LexborNode]) -> Paper | None:
    name = one_line(cells[0].text(separator=" ")) if len(cells) >= 3 else None
    if not name:
        return None
    counts = {kind: int(number) for number, kind in _QUANTITY.findall(cells[2].text(separator=" "))}
    forms = tuple(Form(name=line) for line in unique((_text(cells[1]) or "").splitlines()))
    return Paper(name, counts.get("chính", 0), counts.get("sao", 0), forms)


def _legal_bases(section: LexborNode | None) -> Iterator[LegalBasis]:
    for cells in _rows(section):
        texts = [one_line(cell.text(separator=" ")) for cell in cells]
        if len(texts) >= 2 and (name := texts[0] or texts[1]):
            yield LegalBasis(number=texts[1], name=name)
