"""How old somebody is, and which procedures are only for the old, the young, or those in between."""

import re

from nlp.bounds import Amount, with_digits
from nlp.bounds import admits as admits_amounts
from nlp.normalize import fold

OLD = 60  # years from which the law speaks of "người cao tuổi"
PENSIONED = 75  # and from which it grants "trợ cấp hưu trí xã hội" to who has no pension
_SAID = re.compile(r"(?<!duoi )(?<!tren )(?<!tu )\b(\d{1,3}) tuoi\b")
_THIS_YEAR = re.compile(  # "năm ni tám mươi hai", without the word for years of age
    r"\bnam (?:nay|ni) (?:(?:da|gan|ngoai|tron|vua|duoc) )?(\d{2})"
    r"(?= (?:roi|ma|xua|khong|chua|van|con|co|o|bi|muon|song)\b|$)"
)


def age_said(text: str) -> int | None:
    """The age that a normalised text tells, the last one if several.

    >>> age_said("con trai lớn 15 tuổi thì sao"), age_said("trên 80 tuổi")
    (15, None)
    >>> age_said("má em bảy mươi sáu tuổi"), age_said("mệ năm ni tám mươi hai")
    (76, 82)
    """
    folded = with_digits(fold(text))
    found = _SAID.findall(folded) or _THIS_YEAR.findall(folded)
    return int(found[-1]) if found else None


def without_ages(text: str) -> str:
    """The text without the ages that it tells."""
    words = text.split()
    for match in reversed(list(_SAID.finditer(fold(text)))):
        first = len(fold(text)[: match.start()].split())
        del words[first : first + 2]
    return " ".join(words)


def admits(name: str, age: int) -> bool:
    """Whether a procedure of that name is for somebody so old; one that names no age is for all.

    >>> admits("cấp thẻ căn cước cho người dưới 14 tuổi", 15)
    False
    """
    return admits_amounts(name, (Amount("tuổi", age, age),))
