"""The built-in catalogue: our own files, put into an empty house so that it can answer at once."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session, sessionmaker

from knowledge.importing.problems import Problem
from knowledge.importing.settling import Settled, said_before
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
    stays; it only gets the everyday names, unless staff have chosen others.
    """
    files = sorted(folder.glob("*.yaml"))
    digest = _digest_of(files)
    seeded = _remembered(session_factory)
    if seeded.get("files") == [digest]:
        return ImportReport()
    ours = set(seeded.get("fingerprints", ()))
    names = {code: list(said) for code, *said in seeded.get("names", ())}
    items = [item for file in files for item in items_of(file)]
    orders = Orders(publish=True, today=today, settle=lambda d, p: _settled(d, p, ours, names))
    report = store(session_factory, iter(items), orders)
    ours |= set(_fingerprints(items))
    names |= {d.code: list(d.content.everyday_names) for d in items if isinstance(d, Draft)}
    facts = {"files": [digest], "fingerprints": sorted(ours)}
    _remember(session_factory, facts | {"names": [[code, *said] for code, said in names.items()]})
    return report


def _settled(
    draft: Draft, procedure: Procedure, ours: set[str], names: dict[str, list[str]]
) -> Settled | None:
    latest = procedure.revisions[-1]
    if current_revision(procedure) is not latest or latest.fingerprint == draft.fingerprint:
        return None  # withdrawn, or staff are at work on it, or nothing new
    if latest.fingerprint in ours:
        return Settled(draft, latest)
    new = draft.content.everyday_names
    if not new or new == latest.everyday_names or not _are_ours(procedure, ours, names):
        return None
    known = draft_of(latest)
    content = known.content.model_copy(update={"everyday_names": new})
    corrected = latest.author is not None or latest.origin is not None
    origin = said_before(procedure.revisions) if corrected else None
    return Settled(known.model_copy(update={"content": content}), latest, origin=origin)


def _are_ours(procedure: Procedure, ours: set[str], names: dict[str, list[str]]) -> bool:
    """Whether the everyday names are those of an earlier release, which staff left as they were."""
    present = procedure.revisions[-1].everyday_names
    if not present or list(present) == names.get(procedure.code):
        return True
    return any(
        one.fingerprint in ours and one.everyday_names == present for one in procedure.revisions
    )


def _fingerprints(items: list[Item]) -> Iterator[str]:
    return (item.fingerprint for item in items if not isinstance(item, Problem))


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _remembered(factory: sessionmaker[Session]) -> dict[str, list[Any]]:
    with factory() as session:
        stored = session.get(Setting, _SETTING)
        found: dict[str, list[Any]] = json.loads(stored.value) if stored else {}
        return found


def _remember(factory: sessionmaker[Session], facts: Mapping[str, list[Any]]) -> None:
    with factory.begin() as session:
        session.merge(Setting(key=_SETTING, value=json.dumps(facts)))
