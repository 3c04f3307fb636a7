"""Reads the word tables under `nlp/data`: UTF-8 text that a Vietnamese speaker edits.

A line that starts with `#` is a remark. Columns are separated by one tab.
"""

import unicodedata
from collections.abc import Iterator
from importlib.resources import files


def lines(name: str) -> Iterator[str]:
    """The lines of `nlp/data/<name>` in NFC, without remarks and empty lines."""
    text = (files("nlp") / "data" / name).read_text(encoding="utf-8")
    for line in unicodedata.normalize("NFC", text).splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def rows(name: str, columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of a table; a row with another number of columns is an error that names it."""
    for line in lines(name):
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if len(cells) != columns or not all(cells):
            raise ValueError(
                f"nlp/data/{name}: dòng «{line}» phải có {columns} cột, cách nhau bằng tab"
            )
        yield cells
