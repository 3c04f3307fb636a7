"""Tone marks on the wrong letter ("tòan trình", "qúa cảnh"): such a name is not found by search."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from knowledge.checks.finding import Around
from knowledge.records.procedure import Revision

_WORD: Final = re.compile(r"[^\W\d_]+")
# "hoà" and "hòa" are both taught; on these endings neither is a fault.
_EITHER_WAY: Final = ("oa", "oe", "uy")


def misplaced_marks(revision: Revision, _around: Around) -> Iterator[str]:
    """Words of the name and of its papers' names whose mark no school rule puts there."""
    texts = (revision.name, *(paper.name for paper in revision.content.documents))
    wrong = dict.fromkeys(word for text in texts for word in _WORD.findall(text) if meant(word))
    if wrong:
        yield ", ".join(f"«{word}» (đúng: {meant(word)})" for word in wrong)


@lru_cache(maxsize=8192)
def meant(word: str) -> str:
    """The word with its mark where underthesea puts it, "" where the word is right as it is.

    >>> meant("tòan"), meant("hoà"), meant("toàn")
    ('toàn', '', '')
    """
    if word.isascii():
        return ""
    # It loads for most of a second, and nothing else here needs it.
    from underthesea.pipeline.text_normalize import text_normalize  # noqa: PLC0415

    lower = unicodedata.normalize("NFC", word.lower())
    right: str = text_normalize(lower)
    bare = _bare(lower)
    is_taught = bare.endswith(_EITHER_WAY) and not bare.startswith("qu")
    return "" if right == lower or _bare(right) != bare or is_taught else right


def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
