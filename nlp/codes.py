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
_BARE_PROCEDURE = re.compile(r"^([1-9])(\d{6})$")


class Codes(NamedTuple):
    """What codes stand in a text: procedures as `d.dddddd`, dossiers in canonical form."""

    procedures: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()


def find_codes(text: str) -> Codes:
    """The codes in a text, each once, in order.

    >>> find_codes("thủ tục 1,000894 với hồ sơ h56.14-240823-0001")
    Codes(procedures=('1.000894',), dossiers=('H56.14-240823-0001',))
    """
    rest = _DASHES.sub("-", hide_dossiers(text, " ").upper())
    return Codes(_procedures(rest), read_dossiers(text).codes)


def _procedures(text: str) -> tuple[str, ...]:
    found = []
    for match in PROCEDURE.finditer(text):
        separated = not match[0][1:2].isdigit()
        if separated or _BARE_PROCEDURE.match(text.strip()) or "MÃ" in text[: match.start()]:
            found.append(f"{match[1]}.{match[2]}")
    return tuple(dict.fromkeys(found))
