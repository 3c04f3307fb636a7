"""Steps of the portal: mostly one long text in which the steps are only numbered by words."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.importing.tidying import label_of

_AT_LINE_START: Final = re.compile(r"(?m)^[^\w\n]*bước\s+(\d+)\b", re.IGNORECASE)
_WITHIN_LINE: Final = re.compile(r"(?<=[.;:,)\s])[-+*•\s]*bước\s+(\d+)\s*[:.–-]", re.IGNORECASE)


def steps_of(blocks: Iterable[tuple[str | None, str | None]]) -> tuple[str, ...]:
    """The steps of all blocks (title and text), those numbered inside one text apart."""
    return tuple(step for title, text in blocks for step in _steps_of_block(title, text))


def _steps_of_block(title: str | None, text: str | None) -> Iterator[str]:
    parts = list(split_steps(text)) if text else []
    heading = label_of(title) if title else ""
    if not heading:
        yield from parts
    elif not parts:
        yield heading
    else:
        yield f"{heading}:\n{parts[0]}" if "\n" in parts[0] else f"{heading}: {parts[0]}"
        yield from parts[1:]


def split_steps(text: str) -> Iterator[str]:
    """The text cut before each "Bước n" that begins a step, not where one is referred to."""
    cuts = _cuts(text)
    if len(cuts) < 2:
        yield text
        return
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        part = text[start:end].strip(" \n;-+*•")
        if part:
            yield part


def _cuts(text: str) -> list[int]:
    """Places of steps that count on: 1, 2, 3 …; a new count may begin at a line's start only."""
    starts = {match.start(): (int(match[1]), True) for match in _AT_LINE_START.finditer(text)}
    for match in _WITHIN_LINE.finditer(text):
        if not any(match.start() <= place <= match.end() for place in starts):
            starts[match.start()] = (int(match[1]), False)
    cuts: list[int] = []
    last = 0
    for place, (number, is_line_start) in sorted(starts.items()):
        if number == last + 1 or (is_line_start and number == 1):
            cuts.append(place)
            last = number
    return cuts
