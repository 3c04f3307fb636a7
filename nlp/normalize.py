"""Vietnamese as people type it, brought to one written form. Folding (no marks) is kept apart.

`normalize` keeps the marks that were typed: they decide where folding only widens.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from nlp import abbreviations
from nlp.syllables import is_syllable, toneless
from nlp.tables import lines
from nlp.telex import decode

Step = Callable[[str], str]

_INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]"
)
_WORD = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"\b(?![ivx]+\b)(\w*?)([^\W\d])\2{2,}")
_NOT_WORD = re.compile(r"[^\w.,/%-]+|_+")
_LOOSE_POINT = re.compile(r"(?<!\d)[.,/-]+|[.,/-]+(?!\d)")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")


def compose(text: str) -> str:
    """One Unicode form: full-width letters become plain, split marks join, invisible signs go.

    >>> compose("ｄăng\\u200b ky\\u0301")
    'dăng ký'
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def lower_case(text: str) -> str:
    """Small letters; the Icelandic ð that some keyboards produce is đ.

    >>> lower_case("ĐĂNG KÝ Ðất")
    'đăng ký đất'
    """
    return unicodedata.normalize("NFC", text.lower().replace("ð", "đ"))


def drop_signs(text: str) -> str:
    """Only letters, digits and the signs inside numbers and codes stay.

    >>> drop_signs("khai sinh?? 1.001193 (gấp!!!) 😀")
    'khai sinh 1.001193 gấp'
    """
    return " ".join(_LOOSE_POINT.sub(" ", _NOT_WORD.sub(" ", text)).split())


def shorten_stretched(text: str) -> str:
    """A letter typed three times or more in play is typed once; Roman numerals stay.

    >>> shorten_stretched("emmmm ơiiii")
    'em ơi'
    >>> shorten_stretched("cấp iii")
    'cấp iii'
    """
    while (shorter := _STRETCHED.sub(r"\1\2", text)) != text:
        text = shorter
    return text


def decode_keys(text: str) -> str:
    """Telex and VNI keys that the keyboard left undone become the letters that were meant.

    >>> decode_keys("ddawng kys khai sinh")
    'đăng ký khai sinh'
    >>> decode_keys("mẫu aj")
    'mẫu aj'
    """
    words = text.split()
    return " ".join(
        word if is_label(words, place) else _WORD.sub(lambda match: decode(match[0]), word)
        for place, word in enumerate(words)
    )


def is_label(words: Sequence[str], place: int) -> bool:
    """Whether a word is the one or two letters that stand after "mẫu", "hạng" and the like."""
    word = words[place]
    return place > 0 and len(word) <= 2 and word.isascii() and fold(words[place - 1]) in _labelled()


@lru_cache(maxsize=1)
def _labelled() -> frozenset[str]:
    return frozenset(fold(line) for line in lines("labels.txt"))


def place_tones(text: str) -> str:
    """Each tone mark stands where the school rule puts it: hoà is hòa, thừơng is thường.

    >>> place_tones("hoà thuỷ thừơng quý")
    'hòa thủy thường quý'
    """
    return _WORD.sub(lambda match: _place_tone(match[0]), text)


def expand_abbreviations(text: str) -> str:
    """Abbreviations and chat spellings are written out (`nlp/data/abbreviations.tsv`).

    >>> expand_abbreviations("làm cccd ở đâu")
    'làm căn cước công dân ở đâu'
    """
    return abbreviations.expand(text)


STEPS: tuple[Step, ...] = (
    compose,
    lower_case,
    drop_signs,
    expand_abbreviations,  # before the next steps, which would spoil "cccd" and "ppp"
    shorten_stretched,
    decode_keys,
    place_tones,
    expand_abbreviations,  # once more, for what the keys and tones have revealed
)


@lru_cache(maxsize=64)  # one message is normalised by several readers in a row
def normalize(text: str) -> str:
    """The text in one written form, marks as typed; idempotent.

    >>> normalize("  Làm lại CCCD bị mất?? ")
    'làm lại căn cước công dân bị mất'
    """
    for step in STEPS:
        text = step(text)
    return text


def explain(text: str) -> list[tuple[str, str]]:
    """Name each step that changed the text, and what it made of it."""
    changes = []
    for step in STEPS:
        after = step(text)
        if after != text:
            changes.append((step.__name__, after))
        text = after
    return changes


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The same text without marks, for look-up only.

    >>> fold("đăng ký khai sinh")
    'dang ky khai sinh'
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = _LATIN_MARKS.sub("", decomposed)
    if bare.isascii():
        return bare
    return "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn")


@lru_cache(maxsize=16384)
def _place_tone(word: str) -> str:
    bare, tones = toneless(word)
    if len(tones) != 1 or not is_syllable(fold(word)):
        return word
    start, end = _vowels(bare)
    if start == end:
        return word
    place = _tone_position(bare, start, end)
    placed = unicodedata.normalize("NFC", bare[: place + 1] + tones + bare[place + 1 :])
    # A letter that cannot carry the tone (ä, å) is not Vietnamese: the word stays as it was.
    return word if any(unicodedata.combining(sign) for sign in placed) else placed


def _vowels(bare: str) -> tuple[int, int]:
    """Where the vowels of a toneless syllable begin and end; the u of qu and i of gi are not among them."""
    plain = fold(bare)
    start = 0
    while start < len(plain) and plain[start] not in "aeiouy":
        start += 1
    end = start
    while end < len(plain) and plain[end] in "aeiouy":
        end += 1
    if plain[:2] in ("qu", "gi") and end - start > 1:
        start += 1
    return start, end


def _tone_position(bare: str, start: int, end: int) -> int:
    for place in range(end - 1, start - 1, -1):
        if bare[place] in "âăêôơư" and not (bare[place] == "ư" and place + 1 < end):
            return place
    count = end - start
    if count == 1:
        return start
    if count == 3:
        return start + 1
    return start + 1 if end < len(bare) else start
