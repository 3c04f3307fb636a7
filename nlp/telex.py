"""Letters that were typed with Telex or VNI keys while the keyboard was off."""

import unicodedata
from functools import lru_cache

from nlp.syllables import is_syllable
from nlp.tables import lines

TELEX_TONES = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
VNI_TONES = {"2": "\u0300", "1": "\u0301", "4": "\u0303", "3": "\u0309", "5": "\u0323"}
_TELEX_LETTERS = (
    ("dd", "đ"), ("uow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"),
    ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_VNI_LETTERS = (
    ("d9", "đ"), ("uo7", "ươ"), ("a6", "â"), ("a8", "ă"), ("e6", "ê"), ("o6", "ô"),
    ("o7", "ơ"), ("u7", "ư"),
)  # fmt: skip
# Foreign words that happen to look like keys: "form", "fax", "visa" …
FOREIGN = frozenset(word for line in lines("foreign_words.txt") for word in line.split())


@lru_cache(maxsize=16384)
def decode(word: str) -> str:
    """The word that the keys spell, or the word itself when it needs no decoding.

    >>> decode("dduowngf"), decode("kys"), decode("d9ang8"), decode("the"), decode("visa")
    ('đường', 'ký', 'đăng', 'the', 'visa')
    """
    if not word.isascii() or len(word) < 2 or word.isdigit() or word in FOREIGN:
        return word
    if is_syllable(word):
        return word
    if any(sign.isdigit() for sign in word):
        return _vni(word) or word
    return _telex(word) or word


def _telex(word: str) -> str | None:
    tone, rest = _take_tone(word, TELEX_TONES)
    return _compose(rest, tone, _TELEX_LETTERS, late={"w", "d", "a", "e", "o"})


def _vni(word: str) -> str | None:
    tone, rest = _take_tone(word, VNI_TONES)
    return _compose(rest, tone, _VNI_LETTERS, late={"6", "7", "8", "9"})


def _take_tone(word: str, tones: dict[str, str]) -> tuple[str, str]:
    """The tone key, which may stand after any vowel, and the word without it."""
    for place in range(len(word) - 1, 0, -1):
        if word[place] in tones and any(sign in "aeiouy" for sign in word[:place]):
            return tones[word[place]], word[:place] + word[place + 1 :]
    return "", word


def _compose(
    keys: str, tone: str, letters: tuple[tuple[str, str], ...], late: set[str]
) -> str | None:
    for spelling in {keys, _pull_back(keys, late)}:
        made = spelling
        for key, letter in letters:
            made = made.replace(key, letter)
        if made == keys and not tone:
            continue
        if made.isalpha() and is_syllable(_bare(made)):
            return _with_tone(made, tone)
    return None


def _pull_back(keys: str, late: set[str]) -> str:
    """Marks typed at the end of the word go back to their letter: "dangwd" → "ddawng"."""
    body, marks = keys, ""
    while body and body[-1] in late and len(body) > 2:
        marks = body[-1] + marks
        body = body[:-1]
    for mark in marks:
        body = _attach(body, mark)
    return body


def _attach(body: str, mark: str) -> str:
    homes = {"w": "uoa", "6": "aeo", "7": "uo", "8": "a", "9": "d"}.get(mark, mark)
    if mark in "d9":
        return "d" + mark + body[1:] if body.startswith("d") else body + mark
    for place, sign in enumerate(body):
        if sign in homes:
            if body[place : place + 2] == "uo" and mark in "w7":
                return body[: place + 2] + mark + body[place + 2 :]
            return body[: place + 1] + mark + body[place + 1 :]
    return body + mark


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")


def _with_tone(word: str, tone: str) -> str:
    if not tone:
        return word
    vowels = [place for place, sign in enumerate(word) if _bare(sign) in "aeiouy"]
    place = next((p for p in reversed(vowels) if word[p] in "âăêôơư"), vowels[0])
    return unicodedata.normalize("NFC", word[: place + 1] + tone + word[place + 1 :])
