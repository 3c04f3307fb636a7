"""Procedure and dossier codes in running text, as people really type them.

The grammars follow the national identifiers (QCVN 102:2016, QĐ 20/2020/QĐ-TTg).
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

_DASHES = re.compile(r"[\u2010-\u2015\u2212_~]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_PROCEDURE = re.compile(
    r"(?<![\d.,/-])([1-9])\s?[.,_-]?\s?(\d{6})(?:\.\d{2})?(?:\.(?:000\.00\.00\.)?[GH]\d{2})?"
    r"(?:\.\d{2})?(?![\d/])",
    re.IGNORECASE,
)
_BARE_PROCEDURE = re.compile(r"^([1-9])(\d{6})$")
_AGENCY_OLD = r"[\dO]{3}\.?[\dO]{2}\.?[\dO]{2,3}\.?[GH][\dO]{2}"
_AGENCY_NEW = r"[GH][\dO]{2}(?:\.[\dO]{1,3}){0,4}"
DOSSIER = re.compile(
    rf"(?<![\w.])(?P<agency>{_AGENCY_OLD}|{_AGENCY_NEW})\s*[-/ ]\s*(?P<date>[\dOIL]{{8}}|[\dOIL]{{6}})"
    rf"\s*[-/ ]\s*(?P<seq>[\dOIL]{{3,7}})(?![\w])",
    re.IGNORECASE,
)
_CANONICAL = re.compile(
    r"^(?:\d{3}\.\d{2}\.\d{2,3}\.[GH]\d{2}|[GH]\d{2}(?:\.\d{1,3}){0,4})-(?:\d{8}|\d{6})-\d{3,7}$"
)


class Codes(NamedTuple):
    """What codes stand in a text: procedures as `d.dddddd`, dossiers in canonical form."""

    procedures: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()


def find_codes(text: str) -> Codes:
    """The codes in a text, each once, in order.

    >>> find_codes("thủ tục 1,000894 với hồ sơ h56.14-240823-0001")
    Codes(procedures=('1.000894',), dossiers=('H56.14-240823-0001',))
    """
    plain = _plain(text)
    dossiers = tuple(dict.fromkeys(code for m in DOSSIER.finditer(plain) if (code := _dossier(m))))
    rest = DOSSIER.sub(" ", plain)
    return Codes(_procedures(rest), dossiers)


def _plain(text: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _DASHES.sub("-", text)


def _procedures(text: str) -> tuple[str, ...]:
    found = []
    for match in _PROCEDURE.finditer(text):
        separated = not match[0][1:2].isdigit()
        if separated or _BARE_PROCEDURE.match(text.strip()) or "MÃ" in text[: match.start()]:
            found.append(f"{match[1]}.{match[2]}")
    return tuple(dict.fromkeys(found))


def _dossier(match: re.Match[str]) -> str | None:
    agency = _agency(match["agency"])
    day, seq = _digits(match["date"]), _digits(match["seq"])
    code = f"{agency}-{day}-{seq}"
    return code if _CANONICAL.match(code) and _is_day(day) and _is_place(agency) else None


def _agency(typed: str) -> str:
    agency = "".join(sign if sign in "GH." else _digits(sign) for sign in typed.upper())
    if re.match(r"^\d{7}[GH]", agency):
        return f"{agency[:3]}.{agency[3:5]}.{agency[5:7]}.{agency[7:]}"
    return agency


def _digits(typed: str) -> str:
    return typed.upper().translate(str.maketrans("OIL", "011"))


def _is_day(digits: str) -> bool:
    full = digits if len(digits) == 8 else "20" + digits
    try:
        day = date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return False
    return 2000 <= day.year <= 2099


def _is_place(agency: str) -> bool:
    """H codes are the 63 provinces of before the merger of 2025; their dossiers live on."""
    return all(1 <= int(number) <= 63 for number in re.findall(r"H(\d{2})", agency))
