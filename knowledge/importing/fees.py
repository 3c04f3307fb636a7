"""Fees of the portal. Its number 0 is a placeholder more often than a price."""

import re
from typing import Final

from knowledge.importing.tidying import without_bullet
from knowledge.records.content import Fee, FeeKind

ZERO_WITHOUT_WORDS: Final = "Cổng Dịch vụ công ghi mức 0 đồng, không kèm giải thích"

KINDS: Final = {
    "FEE": FeeKind.FEE,
    "SERVICE_FEE": FeeKind.CHARGE,
    "PRICE_LEVEL": FeeKind.PRICE,
}

_WHAT: Final = r"(?:\s+(?:các khoản\s+)?(?:phí|lệ phí)(?:\s*(?:,|và|/|hoặc)\s*(?:phí|lệ phí))*)"
_FREE: Final = re.compile(
    rf"miễn{_WHAT}|miễn thu{_WHAT}?|không thu{_WHAT}?"
    rf"|không (?:có|mất|tốn|phải nộp|phải trả){_WHAT}"
)
# Anything of this beside the free words means: free for some, or free of one thing among others.
_CONTRADICTS: Final = re.compile(
    r"\d[\d.,]*\s*(?:đồng|đ\b|vnđ|vnd|usd|%)|\bphí|\bgiá\b|\bmức\b|trừ|đối với|trường hợp|"
    r"\bcho\b|\bnếu\b|\briêng\b|\bkhi\b|hội đồng|hđnd|\btừ\b|quyết định|\d{4,}|giảm"
)
_NOTHING_BUT_CURRENCY: Final = {"đồng", "vnđ", "vnd", "0", "0 đồng", "0đ", "0 đ", "-", "."}


def fee_of(
    kind: FeeKind,
    amount: float | None,
    *,
    currency: str | None,
    text: str | None,
    table: str | None,
) -> Fee | None:
    """One fee as far as the source knows it; None if it says nothing at all."""
    text = _said(text)
    if amount and amount > 0:
        return _stated(kind, amount, currency, text, table)
    if not (text or table):
        return Fee(kind=kind, text=ZERO_WITHOUT_WORDS) if amount == 0 else None
    free = amount == 0 and text is not None and says_free(text)
    return Fee(kind=kind, free=free, text=text, table=table)


def _said(text: str | None) -> str | None:
    """The words without brackets around the whole; None where they only name the currency."""
    if text and text[0] == "(" and text.find(")") == len(text) - 1:
        text = text[1:-1].strip()
    return None if not text or text.lower() in _NOTHING_BUT_CURRENCY else text


def _stated(
    kind: FeeKind, amount: float, currency: str | None, text: str | None, table: str | None
) -> Fee:
    if is_dong(currency) and amount == int(amount):
        return Fee(kind=kind, amount=int(amount), text=text, table=table)
    # 150 USD must not become 150 đồng: the record counts in đồng only.
    said = f"{amount:g} {'đồng' if is_dong(currency) else currency}"
    joint = "" if not text else "" if text.startswith("/") else ". "
    return Fee(kind=kind, text=f"{said}{joint}{text or ''}", table=table)


def is_dong(currency: str | None) -> bool:
    """True for Vietnamese đồng, which is also what no currency means."""
    return not currency or currency.strip().lower() in {"vnd", "vnđ", "đồng", "việt nam đồng"}


def says_free(text: str) -> bool:
    """True if the words say that nothing is paid, by anybody, for anything."""
    said = without_bullet(text.lower()).strip("() .")
    rest, count = _FREE.subn(" ", said)
    rest = re.sub(
        r"(?:thông tư|nghị định|nghị quyết|luật|điều|khoản|quyết định) (?:số )?\S+", " ", rest
    )
    return count > 0 and not _CONTRADICTS.search(rest)
