"""Reading JSON that others wrote: each value is asked for with the type that is expected."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from knowledge.importing.tidying import one_line, tidy

_TOO_MUCH: Final = 1e15  # more đồng, copies or milliseconds than anything here can have
_VIETNAM: Final = timedelta(hours=7)


class Row:
    """One JSON object. What is absent or of another type is unknown, never an error."""

    def __init__(self, data: object) -> None:
        self._data: dict[str, object] = data if isinstance(data, dict) else {}

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def everything(self) -> dict[str, object]:
        """The whole object as it stands."""
        return dict(self._data)

    def raw(self, key: str) -> object:
        """The value as it stands."""
        return self._data.get(key)

    def line(self, key: str) -> str | None:
        """A text on one line."""
        value = self._data.get(key)
        return one_line(value) if isinstance(value, str) else None

    def text(self, key: str) -> str:
        """A text on one line, empty if there is none."""
        return self.line(key) or ""

    def block(self, key: str) -> str | None:
        """A text that may have several lines."""
        value = self._data.get(key)
        return tidy(value) if isinstance(value, str) else None

    def number(self, key: str) -> float | None:
        """A number; a text is none, even if it looks like one."""
        value = self._data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if abs(value) < _TOO_MUCH else None  # nor infinite, nor "not a number"

    def count(self, key: str) -> int | None:
        """A whole number that is not negative."""
        number = self.number(key)
        return int(number) if number is not None and number >= 0 else None

    def flag(self, key: str) -> bool:
        """True only if the source says true."""
        return self._data.get(key) is True

    def row(self, key: str) -> "Row":
        """The object under the key, empty if there is none."""
        return Row(self._data.get(key))

    def rows(self, key: str) -> Iterator["Row"]:
        """The objects of a list."""
        value = self._data.get(key)
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict):
                yield Row(item)

    def lines(self, key: str) -> tuple[str, ...]:
        """The texts of a list, or the one text that stands in its place."""
        value = self._data.get(key)
        items = value if isinstance(value, list) else [value]
        found = (one_line(item) for item in items if isinstance(item, str))
        return tuple(dict.fromkeys(item for item in found if item))

    def day_of_milliseconds(self, key: str) -> date | None:
        """The day in Vietnam of a time in milliseconds."""
        number = self.number(key)
        if not number or number < 0:
            return None
        try:
            return (datetime.fromtimestamp(number / 1000, UTC) + _VIETNAM).date()
        except (OverflowError, ValueError, OSError):
            return None

    def day(self, key: str) -> date | None:
        """A day written as 2026-07-18."""
        value = self._data.get(key)
        try:
            return date.fromisoformat(value[:10]) if isinstance(value, str) else None
        except ValueError:
            return None
