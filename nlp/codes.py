"""Procedure codes in running text, as people really type them; beside them the dossier codes."""

import re
from typing import NamedTuple

from nlp.dossier_codes import hide_dossiers, read_dossiers

_DASHES = re.compile(r"[\u2010-\u2015\u2212_~]")
PROCEDURE = re.compile(
    r"(?<![\d.,/-])([1-9])\s?[.,_-]?\s?(\d{6})(?:\.\d{2})?(?:\.(?:000\.00\.00\.)?[GH]\d{2})?"
    r"(?:\.\d{2})?(?![\d/])",
    re.IGNORECASE,
)
# "1.000.894", grouped like a sum: only where nothing else is said or "mã" stands before it.
_GROUPED = re.compile(r"(?:^|MÃ(?: SỐ| THỦ TỤC)?:?)\s*([1-9])[.,\s](\d{3})[.,\s](\d{3})\s*$")
_BROKEN = re.compile(r"(?:^|MÃ(?: SỐ| THỦ TỤC)?:?)\s*([1-9][.,](?:\d{3,5}|\d{7,9}))\s*$")
_BARE_PROCEDURE = re.compile(r"^([1-9])(\d{6})$")


class Codes(NamedTuple):
    """What codes stand in a text: procedures as `d.dddddd`, dossiers in canonical form."""

    procedures: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    broken: str = ""  # meant for a procedure code, but with too few or too many digits


def find_codes(text: str) -> Codes:
    """The codes in a text, each once, in order.

    >>> find_codes("thủ tục 1,000894 với hồ sơ h56.14-240823-0001")
    Codes(procedures=('1.000894',), dossiers=('H56.14-240823-0001',), broken='')
    """
    rest = _DASHES.sub("-", hide_dossiers(text, " ").upper())
    procedures = _procedures(rest)
    broken = None if procedures else _BROKEN.search(rest.strip())
    return Codes(procedures, read_dossiers(text).codes, broken[1] if broken else "")


def _procedures(text: str) -> tuple[str, ...]:
    if grouped := _GROUPED.search(text.strip()):
        return (f"{grouped[1]}.{grouped[2]}{grouped[3]}",)
    found = []
    for match in PROCEDURE.finditer(text):
        separated = not match[0][1:2].isdigit()
        if separated or _BARE_PROCEDURE.match(text.strip()) or "MÃ" in text[: match.start()]:
            found.append(f"{match[1]}.{match[2]}")
    return tuple(dict.fromkeys(found))
