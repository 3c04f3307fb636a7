"""Import: files of the portal and our own become revisions; bad data becomes a list of problems."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from knowledge.importing.problems import Problem
from knowledge.importing.sources import files_under, items_of
from knowledge.importing.store import ImportReport, import_paths
from knowledge.records.draft import Draft

__all__ = ["Draft", "ImportReport", "Problem", "Reading", "import_paths", "read"]


class Reading(NamedTuple):
    """Drafts, read as they are asked for, and the problems met so far."""

    drafts: Iterator[Draft]
    problems: list[Problem]


def read(path: Path, *, legacy: bool = False) -> Reading:
    """Read a file or a folder of any known format; `problems` fills while drafts are taken."""
    problems: list[Problem] = []
    return Reading(_drafts(path, problems, legacy=legacy), problems)


def _drafts(path: Path, problems: list[Problem], *, legacy: bool) -> Iterator[Draft]:
    for file in files_under(path):
        for item in items_of(file, legacy=legacy):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                yield item
