"""Dossier codes in running text, as people type them: found, doubtful or wrong, never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from nlp.dossier_grammar import MOST_OPTIONS, Fault, FaultKind, Typed, fault_of, readings

_DASHES: Final = r"\-\u2010-\u2015\u2212\u2043\ufe58_~/"
_DASH: Final = re.compile(rf"[{_DASHES}]")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SIGN: Final = r"[\dOIL]"
_GAP: Final = rf"\s?[.,·\s{_DASHES}]?\s?"
_HEAD_OLD: Final = rf"(?:[\dO]{{3}}{_GAP}[\dO]{{2}}{_GAP}[\dO]{{2,3}}{_GAP})?"
_HEAD: Final = rf"(?<![A-Za-z\d.,/]){_HEAD_OLD}[GH]{_GAP}[\dO]{{2}}"
_BETWEEN: Final = rf"\s{{0,2}}[.,·:{_DASHES}]?[.,{_DASHES}]?\s{{0,2}}"
_LAST_FOUR: Final = (
    r"4\s*(?:S[ỐO]|CH[ỮU]\s+S[ỐO])\s+CU"  # "4 số cuối" behind a code is no part of it
)
_PART: Final = rf"{_BETWEEN}(?!{_LAST_FOUR})(?=[OIL]*\d){_SIGN}++"
DOSSIER: Final = re.compile(
    rf"(?P<head>{_HEAD})(?!\s+[1-9][.,]\d{{6}}(?!\d))(?P<tail>(?:{_PART})+)(?![A-Za-z\d])",
    re.IGNORECASE,
)
"""Whatever looks like a dossier code, right or wrong: also what is masked."""

_GROUP: Final = re.compile(rf"(?P<end>[^\dOIL]*)(?P<group>{_SIGN}+)")
_INSURANCE: Final = re.compile(r"(?<!\d)\d{5}/\d{4}/\d{5}(?!\d)")
_FOUR: Final = re.compile(r"(?<![\d.,/-])\d{4}(?![\d/-])")
_PERSONAL: Final = re.compile(r"(?<![\d.,/-])(?:0\d{9}|\d{9}|\d{12})(?![\d/-])")
_LEAST_DIGITS: Final = 6
_SHORT: Final = 12  # words of a message that may give a proof


@dataclass(frozen=True)
class Mention:
    """What a text says of dossiers; `options` or `fault` is set for the first doubt, never both."""

    codes: tuple[str, ...] = ()  # canonical, each once, in order
    options: tuple[str, ...] = ()  # one typed code can be any of these: ask
    fault: Fault | None = None  # one typed code cannot be right: explain
    is_insurance: bool = False  # a social insurance code: another authority's look-up
    proof: str | None = None  # the last four digits of a personal number
    is_whole_number: bool = False  # the whole number was sent where four digits would do

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a code was seen."""
        return not (self.codes or self.options or self.fault or self.is_insurance)


def read_dossiers(text: str) -> Mention:
    """The dossier codes in a text, and what is doubtful or wrong about them.

    >>> read_dossiers("hồ sơ h56.14 240823 0001 tới đâu").codes
    ('H56.14-240823-0001',)
    >>> read_dossiers("H561203-250702-0003").options
    ('H56.120.3-250702-0003', 'H56.12.03-250702-0003')
    >>> read_dossiers("H56.121-251302-0003").fault
    Fault(kind=<FaultKind.MONTH: 'month'>, part='13')
    """
    plain = tidy(text)
    codes: list[str] = []
    options: tuple[str, ...] = ()
    fault: Fault | None = None
    for match in DOSSIER.finditer(plain):
        typed = _typed(match)
        found = readings(typed)
        if found.is_sure:
            codes.append(found.codes[0])
        elif 0 < len(found.codes) <= MOST_OPTIONS:
            options = options or found.codes
        else:
            unclear = Fault(FaultKind.AGENCY, typed.head) if found.codes else fault_of(typed)
            fault = fault or unclear
    proof, is_whole = _proof(plain, codes)
    is_insurance = bool(_INSURANCE.search(plain))
    return Mention(
        tuple(dict.fromkeys(codes)),
        options,
        None if options else fault,
        is_insurance,
        proof,
        is_whole,
    )


def hide_dossiers(text: str, sign: str) -> str:
    """The text in compatibility form with `sign` for everything that looks like a dossier code.

    >>> hide_dossiers("hồ sơ H56.14-240823-0001 của tôi", "…")
    'hồ sơ … của tôi'
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return DOSSIER.sub(lambda match: sign if _is_long(match) else match[0], plain)


def _is_long(match: re.Match[str]) -> bool:
    """Whether there are digits enough for a code: "G20 2026" has not."""
    return len(re.sub(r"\W", "", match["tail"])) >= _LEAST_DIGITS


def tidy(text: str) -> str:
    """Upper case in compatibility form, without signs that nobody sees."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def _typed(match: re.Match[str]) -> Typed:
    head = re.sub(r"[^\dOGH]", "", match["head"]).replace("O", "0")
    groups, ends = [], []
    for part in _GROUP.finditer(match["tail"]):
        groups.append(_digits(part["group"]))
        ends.append(_kind(part["end"]))
    return Typed(head, tuple(groups), tuple(ends))


def _kind(end: str) -> str:
    if _DASH.search(end):
        return "-"
    return "." if end.strip() else " "


def _digits(typed: str) -> str:
    return typed.translate(str.maketrans("OIL", "011"))


def _proof(plain: str, codes: list[str]) -> tuple[str | None, bool]:
    """Four digits that stand alone in a short message, or behind a code; never part of a date."""
    after = _after_code(plain, codes)
    if len(after.split()) > _SHORT:
        return None, False
    whole = _PERSONAL.findall(after)
    if len(whole) == 1:
        return whole[0][-4:], True
    four = _FOUR.findall(after)
    return (four[0], False) if len(four) == 1 else (None, False)


def _after_code(plain: str, codes: list[str]) -> str:
    """The text without codes; four digits that a code's pattern swallowed are given back."""

    def leave(match: re.Match[str]) -> str:
        last = _GROUP.findall(match["tail"])[-1]
        is_behind = not last[0].strip() and len(last[1]) in (4, 9, 10, 12)
        is_ordinal = any(code.endswith("-" + _digits(last[1])) for code in codes)
        return f" {_digits(last[1])} " if is_behind and not is_ordinal else " "

    return DOSSIER.sub(leave, plain)
