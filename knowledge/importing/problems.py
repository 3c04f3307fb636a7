"""A fault found while reading a source is a value: it names its place and what to do."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One fault in a source. It costs its own record, never the run."""

    source: str  # file, with the line or the record where that is known
    record: str  # procedure code, or what stood in its place
    says: str  # what is wrong, for staff

    def __str__(self) -> str:
        return (
            f"{self.source}: {self.record}: {self.says}"
            if self.record
            else f"{self.source}: {self.says}"
        )
