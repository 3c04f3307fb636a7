"""Parts of a record in plain words: a time limit, a fee, a paper, a level."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.wording import say
from knowledge.records.content import (
    Document,
    Fee,
    FeeKind,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)

T = TypeVar("T")

UNITS = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.DAY: "ngày",
    Unit.HOUR: "giờ",
    Unit.MONTH: "tháng",
    Unit.YEAR: "năm",
}
SUBMISSIONS = {
    Submission.IN_PERSON: "Trực tiếp",
    Submission.ONLINE: "Trực tuyến",
    Submission.POST: "Qua bưu chính",
}
LEVELS = {
    Level.COMMUNE: "cấp xã",
    Level.PROVINCE: "cấp tỉnh",
    Level.MINISTRY: "cấp bộ",
    Level.OTHER: "cơ quan khác",
}
ZERO = "ghi mức 0 đồng"  # the importer's words for a bare zero, which may only be a placeholder
FEE_KINDS = {
    FeeKind.FEE: "Phí",
    FeeKind.CHARGE: "Lệ phí",
    FeeKind.PRICE: "Giá",
    FeeKind.UNSPECIFIED: "Mức thu",
}


def money(amount: int) -> str:
    """An amount in đồng with dots: 20.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def time_limit(limit: TimeLimit) -> str:
    """A time limit with its unit, and the words that stand beside it."""
    if limit.value is None or limit.unit is None:
        return limit.text or ""
    number = f"{limit.value:g}".replace(".", ",")
    text = f"{number} {UNITS[limit.unit]}"
    return f"{text} ({_tail(limit.text)})" if limit.text else text


def fee(item: Fee) -> str:
    """One fee: what, how much or in which words, where the table is."""
    said = [money(item.amount)] if item.amount else [say("fee_free")] if item.free else []
    text = " – ".join([*said, *([_tail(item.text)] if item.text else [])])
    if item.text and ZERO in item.text:
        text += f": {say('fee_zero')}"
    if item.table:
        text = f"{text}; " if text else ""
        text += say("fee_table", table=item.table)
    kind = FEE_KINDS[item.kind]
    return text if text.lower().startswith(("phí", "lệ phí", "giá")) else f"{kind}: {text}"


def paper(document: Document) -> str:
    """One paper with its copies, as an item of a list."""
    counts = [
        f"{count} {label}"
        for count, label in ((document.originals, "bản chính"), (document.copies, "bản sao"))
        if count
    ]
    if document.shown_only:
        counts = [say("documents_shown")]
    name = document.name.rstrip(" .;,")
    return f"• {name} ({', '.join(counts)})" if counts else f"• {name}"


def limits_by_way(methods: Sequence[Method]) -> list[tuple[str, str]]:
    """Pairs of "by which way" and its time limit; ways with the same limit are joined."""
    stated = ((m, time_limit(m.time_limit)) for m in methods if m.time_limit)
    return [(_join(ways), text) for text, ways in _grouped(stated).items() if text]


def fees_by_way(methods: Sequence[Method]) -> list[tuple[str, tuple[str, ...]]]:
    """Pairs of "by which way" and its fees; ways with the same fees are joined."""
    stated = ((m, tuple(dict.fromkeys(fee(item) for item in m.fees))) for m in methods)
    return [(_join(ways), fees) for fees, ways in _grouped(stated).items() if fees]


def _grouped(stated: Iterable[tuple[Method, T]]) -> dict[T, list[str]]:
    grouped: dict[T, list[str]] = {}
    for method, text in stated:
        ways = grouped.setdefault(text, [])
        if (way := SUBMISSIONS[method.submission]) not in ways:
            ways.append(way)
    return grouped


def levels(values: Iterable[Level]) -> str:
    """Levels as "cấp xã, cấp tỉnh"."""
    return ", ".join(LEVELS[level] for level in values)


def form_name(file_name: str) -> str:
    """A form's file name for reading: no ending, spaces for underscores."""
    return re.sub(
        r"\.(?:docx?|pdf|xlsx?|rtf)$", "", file_name.strip(), flags=re.IGNORECASE
    ).replace("_", " ")


def shorten(text: str, length: int) -> str:
    """The text cut at a word to at most so many characters."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:(-–") + "…"


def display_name(name: str) -> str:
    """A procedure's name for reading: without a leading "Thủ tục", in sentence case."""
    bare = name.strip().rstrip(".")
    for lead in ("Thủ tục ", "thủ tục "):
        bare = bare.removeprefix(lead)
    return bare[:1].upper() + bare[1:]


def _join(ways: Sequence[str]) -> str:
    first, *others = ways
    return ", ".join([first, *(other[0].lower() + other[1:] for other in others)])


def _tail(text: str | None) -> str:
    return (text or "").strip().rstrip(".;")
