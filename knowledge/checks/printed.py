"""A print of the portal against the record: what only one of them says.

Letters are compared, not spaces or marks: a print cuts words and splits Vietnamese vowels. Faults
that all prints have are told apart: they print "1 ngày" for a number whose unit is unknown,
"Miễn phí" for every 0, and đồng for any currency.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from knowledge.importing.printed import Printed
from knowledge.importing.wordings import LEVELS, limit_in_words
from knowledge.records.content import Method, Submission
from knowledge.records.draft import Draft

_WAYS: Final = {
    Submission.ONLINE: r"Trực tuyến",
    Submission.IN_PERSON: r"Trực tiếp",
    Submission.POST: r"Qua bưu điện|Dịch vụ bưu\s*chính|Bưu chính công ích",
}
_ROW: Final = re.compile(rf"^(?:{'|'.join(_WAYS.values())})\s", re.MULTILINE)
_COUNTS: Final = re.compile(r"\d+ban(?:chinh|sao)|khongco(?!gia|thongtin)")  # of letters; a column
_SHORTEST: Final = 6  # letters; less is found anywhere
_UNKNOWN_LIMITS: Final = ("Không xác định", "1 ngày")


class Unlike(NamedTuple):
    """One thing that the record and its print do not say alike."""

    part: str
    says: str
    is_fault_of_print: bool = False


def compare(printed: Printed, record: Draft) -> list[Unlike]:
    """All that differs, the head first."""
    parts = printed.parts
    content = record.content
    return [
        *_same("tên thủ tục", parts, record.name),
        *_same("số quyết định", parts, record.decision_number),
        *_same("lĩnh vực", parts, record.sector),
        *_levels(parts, record),
        *_holds("đối tượng thực hiện", parts, content.applicants),
        *_holds("cơ quan có thẩm quyền", parts, content.competent),
        *_holds("cơ quan thực hiện", parts, content.executing),
        *_holds("trình tự thực hiện", parts, _lines(content.steps)),
        *_holds("thành phần hồ sơ", parts, [paper.name for paper in content.documents]),
        *_methods(parts.get("cách thức thực hiện", ""), content.methods),
        *_holds("căn cứ pháp lý", parts, [one.number or one.name for one in content.legal_bases]),
        *_holds("yêu cầu, điều kiện thực hiện", parts, _lines(content.requirements)),
        *_holds("kết quả thực hiện", parts, content.results),
    ]


def letters(text: str) -> str:
    """The text without marks, spaces and signs."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in bare if sign.isascii() and sign.isalnum())


def _same(part: str, parts: dict[str, str], fact: str | None) -> Iterator[Unlike]:
    printed = parts.get(part, "")
    if letters(printed) != letters(fact or ""):
        ours, theirs = fact or "(trống)", " ".join(printed.split()) or "(trống)"
        yield Unlike(part, f"hồ sơ ghi «{ours}», bản in ghi «{theirs}»")


def _levels(parts: dict[str, str], record: Draft) -> Iterator[Unlike]:
    printed = letters(parts.get("cấp thực hiện", ""))
    for level, name in LEVELS.items():
        is_printed = letters(name.removeprefix("cấp ")) in printed
        if is_printed != (level in record.levels):
            where = "bản in" if is_printed else "hồ sơ"
            yield Unlike("cấp thực hiện", f"chỉ {where} ghi {name}")


def _holds(part: str, parts: dict[str, str], facts: Iterable[str]) -> Iterator[Unlike]:
    """What of the record is not printed; and whether there is print where the record is empty."""
    text, known = parts.get(part, ""), list(facts)
    printed = letters(text)
    without_counts = _COUNTS.sub("", printed)
    for fact in known:
        wanted = letters(fact)
        if wanted not in printed and _COUNTS.sub("", wanted) not in without_counts:
            yield Unlike(part, f"bản in không có: «{_short(fact)}»")
    if not known and len(printed) >= _SHORTEST and printed != letters("Không có thông tin"):
        yield Unlike(part, f"hồ sơ để trống, bản in ghi: «{_short(' '.join(text.split()))}»")


def _methods(text: str, methods: Iterable[Method]) -> Iterator[Unlike]:
    starts = [match.start() for match in _ROW.finditer(text)]
    rows = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    part = "cách thức thực hiện"
    for method in methods:
        mine = [row for row in rows if re.match(_WAYS[method.submission], row)]
        said = _WAYS[method.submission].split("|")[0].lower()
        if not mine:
            yield Unlike(part, f"bản in không có cách nộp {said}")
            continue
        printed = " ".join(" ".join(mine).split())
        yield from _limit(said, method, printed)
        yield from _fees(said, method, printed)


def _limit(said: str, method: Method, printed: str) -> Iterator[Unlike]:
    limit = method.time_limit
    wanted = limit_in_words(limit) if limit else ""
    if limit and letters(wanted) in letters(printed):
        return
    known = next((text for text in _UNKNOWN_LIMITS if letters(text) in letters(printed)), None)
    is_fault = known is not None and (limit is None or limit.value is None)
    ours = f"hồ sơ ghi thời hạn «{_short(wanted)}»" if limit else "hồ sơ chưa rõ thời hạn"
    yield Unlike("thời hạn", f"{said}: {ours}, bản in ghi «{known or _short(printed)}»", is_fault)


def _fees(said: str, method: Method, printed: str) -> Iterator[Unlike]:
    amounts = [fee for fee in method.fees if fee.amount]
    for fee in amounts:
        if f"{fee.amount:,}".replace(",", ".") not in printed:
            yield Unlike("phí, lệ phí", f"{said}: bản in không có mức {fee.amount:,} đồng")
    is_free = any(fee.free for fee in method.fees)
    if "miễn phí" in printed.lower() and not is_free and not amounts:
        says = f"{said}: bản in ghi «Miễn phí», hồ sơ không ghi như vậy"
        yield Unlike("phí, lệ phí", says, is_fault_of_print=True)


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in text.splitlines()]


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
