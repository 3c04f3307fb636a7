"""The built-in catalogue: our own files, put into an empty house so that it can answer at once."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from knowledge.importing.problems import Problem
from knowledge.importing.sources import Item, items_of
from knowledge.importing.store import ImportReport, Orders, store
from knowledge.publishing import current_revision, draft_of
from knowledge.records.draft import Draft
from knowledge.records.procedure import Procedure
from knowledge.records.setting import Setting

FOLDER: Final = Path(__file__).parent / "builtin"
_SETTING: Final = "builtin-catalogue"


def seed(
    session_factory: sessionmaker[Session], *, today: date, folder: Path = FOLDER
) -> ImportReport:
    """Import and publish the built-in files; nothing is done if they are those of the last time.

    Whatever came from another source or was withdrawn by staff is newer than these files and
    stays; it only gets the everyday names if it has none.
    """
    files = sorted(folder.glob("*.yaml"))
    digest = _digest_of(files)
    seeded = _remembered(session_factory)
    if seeded.get("files") == [digest]:
        return ImportReport()
    ours = set(seeded.get("fingerprints", ()))
    items = [item for file in files for item in items_of(file)]
    orders = Orders(publish=True, today=today, settle=lambda d, p: _settled(d, p, ours))
    report = store(session_factory, iter(items), orders)
    ours |= set(_fingerprints(items))
    _remember(session_factory, {"files": [digest], "fingerprints": sorted(ours)})
    return report


def _settled(draft: Draft, procedure: Procedure, ours: set[str]) -> Draft | None:
    latest = procedure.revisions[-1]
    if current_revision(procedure) is not latest or latest.fingerprint == draft.fingerprint:
        return None  # withdrawn, or staff are at work on it, or nothing new
    if latest.fingerprint in ours:
        return draft
    if latest.everyday_names or not draft.content.everyday_names:
        return None
    known = draft_of(latest)
    names = {"everyday_names": draft.content.everyday_names}
    return known.model_copy(update={"content": known.content.model_copy(update=names)})


def _fingerprints(items: list[Item]) -> Iterator[str]:
    return (item.fingerprint for item in items if not isinstance(item, Problem))


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _remembered(factory: sessionmaker[Session]) -> dict[str, list[str]]:
    with factory() as session:
        stored = session.get(Setting, _SETTING)
        found: dict[str, list[str]] = json.loads(stored.value) if stored else {}
        return found


def _remember(factory: sessionmaker[Session], facts: dict[str, list[str]]) -> None:
    with factory.begin() as session:
        session.merge(Setting(key=_SETTING, value=json.dumps(facts)))
