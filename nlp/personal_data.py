"""Masks the numbers of people before a text is stored or logged."""

import re

from nlp.dossier_codes import hide_dossiers

# A procedure's code, also with the agency behind it, is no number of a person.
_CODES = re.compile(
    r"(?<![\d.])([1-9]\.\d{6}(?:\.\d{2})?(?:\.000\.00\.00\.[GHgh]\d{2})?(?:\.\d{2})?)(?![\d.])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)(?:\d[ .-]?){8,}\d(?!\d)")
_SOCIAL_INSURANCE = re.compile(r"(?<!\d)\d{5}/\d{4}/\d{5}(?!\d)")
_TOKEN = re.compile(r"\b\d{6,10}:[\w-]{30,}\b")


def mask(text: str) -> str:
    """The text with dossier codes, long numbers, telephone numbers and addresses blotted out.

    >>> mask("cccd 038099001234, gọi 0912 345 678")
    'cccd [số], gọi [số]'
    """
    text = hide_dossiers(_TOKEN.sub("[khóa]", text), "[mã hồ sơ]")
    return "".join(
        part if _CODES.fullmatch(part) else _masked(part) for part in _CODES.split(text) if part
    )


def _masked(text: str) -> str:
    for pattern, sign in (
        (_SOCIAL_INSURANCE, "[số]"),
        (_EMAIL, "[thư điện tử]"),
        (_PHONE, "[số]"),
        (_ID_NUMBER, "[số]"),
    ):
        text = pattern.sub(sign, text)
    return text
