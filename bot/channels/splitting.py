"""Cutting a text at a platform's limit: at a paragraph, a line, a space, or else anywhere."""

from collections.abc import Iterator

_SEAMS = ("\n\n", "\n", " ")


def utf16_length(text: str) -> int:
    """The length as Telegram and Zalo count it: a letter outside the first plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units, none of them empty.

    >>> split("một hai ba", 7)
    ['một hai', 'ba']
    """
    return list(_parts(text.strip(), limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    while utf16_length(text) > limit:
        end = _seam(text, _fitting(text, limit))
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into the limit."""
    room = 0
    for place, letter in enumerate(text):
        room += 2 if ord(letter) > 0xFFFF else 1
        if room > limit:
            return place
    return len(text)


def _seam(text: str, end: int) -> int:
    """The best place to cut before `end`, not before its half: a crumb helps nobody."""
    if text[end : end + 1].isspace():
        return end
    for seam in _SEAMS:
        place = text.rfind(seam, end // 2, end)
        if place > 0:
            return place
    return end
