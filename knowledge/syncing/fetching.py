"""One fetch of the whole catalogue into a file of JSON lines, which is then imported as any other.

The file grows record by record; a second run reads what is there and asks only for the rest.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from knowledge.syncing.portal_api import Portal, PortalDown

LISTED: Final = "danh-sach.jsonl"
DETAILS: Final = "chi-tiet.jsonl"
_DONE: Final = "xong"
_MOST_FAULTS: Final = 5  # so many records in a row that fail: the portal is down, not the record

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What was fetched; `stopped` says why it ended before the end."""

    listed: int
    fetched: int  # in this run
    held: int  # from earlier runs
    failed: tuple[str, ...] = ()
    stopped: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the files hold the whole catalogue."""
        return self.stopped is None and not self.failed


def sync(
    portal: Portal,
    folder: Path,
    *,
    department: str | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Fetch list and details into the folder; what is there already is not asked for again."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        rows = _listed(portal, folder, department)
    except PortalDown as stop:
        rows = _read(folder / LISTED)
        return SyncReport(len(rows), 0, len(_read(folder / DETAILS)), stopped=str(stop))
    return _details(portal, folder, rows, progress)


def _listed(portal: Portal, folder: Path, department: str | None) -> list[dict[str, Any]]:
    path = folder / LISTED
    rows = [row for row in _read(path) if _DONE not in row]
    if any(_DONE in row for row in _read(path)):
        return rows
    known = {row.get("id") for row in rows}
    after = str(rows[-1]["id"]) if rows else None
    with path.open("a", encoding="utf-8") as file:
        for row in portal.items(department=department, after=after):
            if row.get("id") and row["id"] not in known:
                _write(file, row)
                known.add(row["id"])
                rows.append(row)
        _write(file, {_DONE: len(rows)})
    return rows


def _details(
    portal: Portal, folder: Path, rows: list[dict[str, Any]], progress: Progress | None
) -> SyncReport:
    path = folder / DETAILS
    held = {row.get("id") for row in _read(path)}
    wanted = [row for row in rows if row["id"] not in held]
    fetched, failed, in_a_row, stopped = 0, [], 0, None
    with path.open("a", encoding="utf-8") as file:
        for row in wanted:
            try:
                _write(file, portal.detail(str(row["id"])))
                fetched, in_a_row = fetched + 1, 0
            except PortalDown as fault:
                failed.append(f"{row.get('code') or row['id']}: {fault}")
                in_a_row += 1
                if in_a_row >= _MOST_FAULTS or type(fault) is not PortalDown:
                    stopped = str(fault)
                    break
            if progress:
                progress(len(held) + fetched, len(rows))
    return SyncReport(len(rows), fetched, len(held), tuple(failed), stopped)


def _write(file: Any, row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    file.flush()


def _read(path: Path) -> list[dict[str, Any]]:
    """The records of an earlier run; a last line that was cut by a kill is dropped from the file."""
    if not path.is_file():
        return []
    rows, whole = [], []
    for line in path.read_text("utf-8").splitlines():
        try:
            rows.append(json.loads(line))
            whole.append(line)
        except json.JSONDecodeError:
            continue
    text = "".join(f"{line}\n" for line in whole)
    if text != path.read_text("utf-8"):
        path.write_text(text, "utf-8")
    return rows
