"""Faults that a record shows by itself. A new check is one function and one line in `running`."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from knowledge.checks.finding import Around
from knowledge.importing.fees import ZERO_WITHOUT_WORDS
from knowledge.importing.wordings import limit_in_words
from knowledge.links import LinkEra, classify
from knowledge.provinces import province_of, provinces
from knowledge.publishing import missing_parts
from knowledge.records.content import Content, Unit
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Revision

_MONEY: Final = re.compile(r"\d[\d.,]*\s*(?:đồng|đ\b|vnđ|vnd)|\d+(?:[.,]\d+)?\s*%", re.IGNORECASE)
_NOTE: Final = re.compile(r"^(?:\*+\s*)?(?:lưu ý|ghi chú|chú ý)\b", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"^(?:thành phần hồ sơ|hồ sơ(?: gồm| bao gồm)?|giấy tờ phải (?:nộp|xuất trình)"
    r"|(?:bao )?gồm)\s*:?$",
    re.IGNORECASE,
)
# A hospital, the police or an army command "cấp huyện" may be meant as of its own time.
_DISTRICT: Final = re.compile(
    r"(?:ủy|uỷ) ban nhân dân (?:cấp )?(?:huyện|quận)|ubnd (?:cấp )?(?:huyện|quận)|"
    r"phòng tư pháp\b|phòng (?:giáo dục và đào tạo|tài nguyên và môi trường|"
    r"lao động\s*[-–]?\s*thương binh)|chi cục thuế (?:khu vực )?(?:huyện|quận)|"
    r"(?:cơ quan|công an|bảo hiểm xã hội) (?:cấp )?(?:huyện|quận)\b",
    re.IGNORECASE,
)
# Most texts hold none of these: they are let through without the slow search.
_DISTRICT_WORDS: Final = ("huyện", "quận", "phòng tư pháp", "phòng giáo", "phòng tài", "phòng lao")
_URL_WORDS: Final = ("http", "www.", "dichvucong")
_IN_THE_PAST: Final = re.compile(r"trước đây|trước ngày|đã cấp|được cấp|do .{0,30}cấp\b|\bcũ\b")
_URL: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'(),;]+"
    r"|\b[a-z.]*dichvucong[a-z.]*\.gov\.vn[^\s<>\"'(),;]*"
)
# "chỉ áp dụng đến hết" says by itself that the sum is past.
_UNTIL: Final = re.compile(r"(?<!chỉ áp dụng )đến hết (?:ngày )?(\d{1,2})/(\d{1,2})/(\d{4})")
_NUMBER_ALONE: Final = re.compile(r"^[\d.,\s]+$")
_LAW: Final = re.compile(r"\b\d{1,3}/\d{4}/[A-ZĐ]{2}[A-ZĐ0-9-]*")


def lacks_parts(revision: Revision, _around: Around) -> Iterator[str]:
    """The seven parts of khoản 2 Điều 8 NĐ 63/2010/NĐ-CP."""
    if revision.is_list_only:
        yield "mới có tên trong danh sách, chưa có nội dung"
    elif missing := missing_parts(revision):
        yield f"thiếu {', '.join(missing)}"


def says_free_wrongly(revision: Revision, _around: Around) -> Iterator[str]:
    """The portal's page prints "Miễn phí" for every 0, also where the text beside it names a sum."""
    for method in revision.content.methods:
        for fee in method.fees:
            if fee.amount or fee.free or not fee.text or fee.text == ZERO_WITHOUT_WORDS:
                continue
            if _MONEY.search(fee.text):
                yield f"ô mức thu là 0 hoặc trống (trang Cổng in «Miễn phí»), lời văn ghi «{_cut(fee.text)}»"
                return


def fee_lapsed(revision: Revision, around: Around) -> Iterator[str]:
    """A sum that the text itself limits to a day that has passed: reductions that ended."""
    for method in revision.content.methods:
        for fee in method.fees:
            for day, month, year in _UNTIL.findall(fee.text or ""):
                if f"{year}-{int(month):02}-{int(day):02}" < around.on.isoformat():
                    yield f"mức thu ghi áp dụng đến hết {day}/{month}/{year}: «{_cut(fee.text or '')}»"
                    return


def fee_unknown(revision: Revision, _around: Around) -> Iterator[str]:
    """No fee at all is not "free": nobody has said so."""
    fees = [fee for method in revision.content.methods for fee in method.fees]
    if revision.is_list_only or not revision.content.methods:
        return
    if not fees:
        yield "không ghi có thu phí hay không"


def zero_without_words(revision: Revision, _around: Around) -> Iterator[str]:
    """A 0 without a word may be a true "free" or an empty form: 0 is what the form begins with."""
    fees = [fee for method in revision.content.methods for fee in method.fees]
    if fees and all(fee.text == ZERO_WITHOUT_WORDS for fee in fees):
        yield "mức thu là số 0, không có lời giải thích: chưa rõ có miễn phí không"


def time_without_unit(revision: Revision, _around: Around) -> Iterator[str]:
    """A bare number was lost at import: 1 may have meant one day, one hour, or the same day."""
    content = revision.content
    silent = [m for m in content.methods if m.time_limit is None or _is_bare(m.time_limit.text)]
    if not silent or revision.is_list_only:
        return
    if len(silent) < len(content.methods):
        yield "có cách nộp không ghi thời hạn, hoặc chỉ ghi con số không có đơn vị"
    elif any(case.time_limit for case in content.cases):
        yield "cách thức không ghi thời hạn, hoặc chỉ ghi con số; chỉ trường hợp có ghi"
    else:
        yield "không ghi thời hạn, hoặc chỉ ghi con số không có đơn vị"


def limits_differ_by_case(revision: Revision, _around: Around) -> Iterator[str]:
    """Cases of different length behind one number: some citizens are promised too little time."""
    of_cases = {case.time_limit for case in revision.content.cases if case.time_limit}
    of_methods = {m.time_limit for m in revision.content.methods if m.time_limit}
    if len(of_cases) > 1 and len(of_methods) == 1:
        one = limit_in_words(next(iter(of_methods)))
        several = " / ".join(sorted(limit_in_words(limit) for limit in of_cases))
        yield f"cách thức chỉ ghi {_cut(one)}, các trường hợp là {_cut(several)}"


def papers_that_are_none(revision: Revision, _around: Around) -> Iterator[str]:
    """Notes and headings among the papers: nobody can bring them."""
    for document in revision.content.documents:
        if _NOTE.match(document.name):
            yield f"lưu ý đứng như một giấy tờ: «{_cut(document.name)}»"
        elif _HEADING.match(document.name):
            yield f"đề mục đứng như một giấy tờ: «{_cut(document.name)}»"


def agency_of_another_province(revision: Revision, _around: Around) -> Iterator[str]:
    """A local procedure that sends people to another province."""
    if revision.kind is not Kind.LOCAL or revision.province is None:
        return
    foreign = [code for code in revision.agency_codes if _elsewhere(code, None, revision)]
    if foreign:
        places = sorted({_elsewhere(code, None, revision) or "" for code in foreign})
        yield f"cơ quan thực hiện mang mã {', '.join(foreign[:3])} của {', '.join(places)}"
        return
    for agency in (*revision.content.executing, *revision.content.competent):
        if place := _elsewhere(None, agency, revision):
            yield f"«{_cut(agency)}» là cơ quan của {place}"


def district_level(revision: Revision, around: Around) -> Iterator[str]:
    """Since 1/7/2025 there is no district level (Luật 72/2025/QH15)."""
    if around.on.isoformat() < "2025-07-01":
        return
    for part, text in _parts_with(_DISTRICT_WORDS, revision):
        for found in _DISTRICT.finditer(text):
            near = text[max(0, found.start() - 60) : found.end() + 40]
            if not _IN_THE_PAST.search(near.lower()):
                yield f"{part} còn ghi «{_cut(near.strip(), 110)}»"
                return


def abolished_basis(revision: Revision, around: Around) -> Iterator[str]:
    """A legal basis that is no longer in force as a whole."""
    for basis in revision.content.legal_bases:
        for number in _LAW.findall(f"{basis.number or ''} {basis.name}"):
            law = abolished_laws().get(number)
            if law and law.until <= around.on.isoformat():
                yield f"căn cứ {number} ({law.name}) đã hết hiệu lực, thay bằng {law.successor}"
                break


def dead_link(revision: Revision, _around: Around) -> Iterator[str]:
    """Addresses of portals that answer no more, within the texts."""
    for part, text in _parts_with(_URL_WORDS, revision):
        for url in _URL.findall(text):
            if classify(url.rstrip(".")) in (LinkEra.DEAD, LinkEra.OLD):
                yield f"{part} dẫn đến địa chỉ cũ «{_cut(url)}»"
                return


def papers_without_number(revision: Revision, _around: Around) -> Iterator[str]:
    """How many copies to bring is one of the seven parts (số lượng hồ sơ)."""
    papers = [d for d in revision.content.documents if not d.shown_only]
    blank = [document for document in papers if not document.originals and not document.copies]
    if papers and len(blank) == len(papers):
        yield "không giấy tờ nào ghi số bản chính, bản sao"


def same_paper_twice(revision: Revision, _around: Around) -> Iterator[str]:
    """A paper that stands twice for the same case."""
    seen: set[tuple[str | None, str]] = set()
    for document in revision.content.documents:
        key = (document.case, document.name.lower())
        if key in seen:
            yield f"giấy tờ ghi hai lần: «{_cut(document.name)}»"
            return
        seen.add(key)


def malformed_code(revision: Revision, _around: Around) -> Iterator[str]:
    """The source's own code was repaired at import."""
    if revision.is_suspect:
        yield "mã ở nguồn viết sai, đã sửa khi nhập: đối chiếu với quyết định công bố"


def long_name(revision: Revision, _around: Around) -> Iterator[str]:
    """A name that nobody can read in a list."""
    if len(revision.name) > 500:
        yield f"tên dài {len(revision.name)} chữ cái"


def odd_limit(revision: Revision, _around: Around) -> Iterator[str]:
    """A limit that is most likely a slip: longer than two years."""
    days = {Unit.WORKING_DAY: 1.4, Unit.DAY: 1, Unit.HOUR: 1 / 24, Unit.MONTH: 30, Unit.YEAR: 365}
    for method in revision.content.methods:
        limit = method.time_limit
        if limit and limit.value and limit.unit and limit.value * days[limit.unit] > 730:
            yield f"thời hạn {limit_in_words(limit)}"
            return


def _elsewhere(code: str | None, name: str | None, revision: Revision) -> str | None:
    """The name of the province of an agency, if it is another one."""
    if code is not None and not code.startswith("H"):
        return None
    place = province_of(code, name)
    return provinces()[place].name if place and place != revision.province else None


class Law(NamedTuple):
    """A legal text that was replaced as a whole."""

    number: str
    name: str
    until: str
    successor: str


@cache
def abolished_laws() -> dict[str, Law]:
    """The table that staff keep, by number."""
    text = files("knowledge").joinpath("data/abolished_laws.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line[:1].isdigit()]
    return {row[0]: Law(*row) for row in rows}


def _parts_with(words: tuple[str, ...], revision: Revision) -> Iterator[tuple[str, str]]:
    for part, text in _parts(revision):
        lowered = text.lower()
        if any(word in lowered for word in words):
            yield part, text


def _parts(revision: Revision) -> Iterator[tuple[str, str]]:
    content: Content = revision.content
    yield "tên", revision.name
    yield "trình tự", "\n".join(content.steps)
    yield "cơ quan thực hiện", "\n".join(content.executing)
    yield "địa chỉ tiếp nhận", content.receiving_address or ""
    yield "cách thức", "\n".join(method.note or "" for method in content.methods)
    yield "điều kiện", "\n".join(content.requirements)


def _is_bare(text: str | None) -> bool:
    return bool(text and _NUMBER_ALONE.match(text))


def _cut(text: str, length: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rstrip()}…"
