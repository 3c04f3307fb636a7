"""July's catalogue, then a changed copy: what an import must propose, and what must survive it.

40 changed (3 of them corrected here before), 5 new, 5 gone, 2 broken; the import of the copy is
killed in the middle. Used by a test on a small catalogue and by the benchmark on the national one.
"""

import copy
import multiprocessing
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.catalogue import load_catalogue
from knowledge.database import connect, sessions
from knowledge.decisions import Item, Paper, carry_out
from knowledge.importing.proposing import ProposalReport, propose_paths
from knowledge.importing.store import BATCH
from knowledge.proposals import accept, open_proposals
from knowledge.records.kinds import Action
from knowledge.records.procedure import Procedure, Revision
from knowledge.records.proposal import Change, Proposal
from knowledge.workflow import approve, next_wording, submit, write
from tests.knowledge.making import NOW, json_lines, record
from tests.publishing.conftest import HOA, LAN, MINH

House = sessionmaker[Session]
Rows = list[dict[str, Any]]

CHANGED, NEW, GONE = 40, 5, 5
CLEARER = "Tên dễ hiểu do cán bộ đặt"
EVERYDAY = ("cách dân mình hay gọi",)
MENDED = "019d0000-0000-7000-8000-0000000000aa"
CONDITION = "Điều kiện mới của nguồn số {}"


@dataclass(frozen=True)
class Copy:
    """The changed copy, and what is to come of it."""

    path: Path
    changed: tuple[str, ...]
    corrected: tuple[str, ...]  # the first three of the changed: name, everyday name, link
    new: tuple[str, ...]
    gone: tuple[str, ...]
    broken: tuple[str, ...]


def codes_of(rows: Rows, start: int) -> Iterator[str]:
    """Codes of public rows, from one on, that no other row shares and that need no repair."""
    times = Counter(row["code"] for row in rows)
    public = (row["code"] for row in rows[start:] if row.get("type") != "STANDARD_INTERNAL")
    return (code for code in public if times[code] == 1 and re.fullmatch(r"\d\.\d{6}", code))


def changed_copy(
    rows: Rows, path: Path, *, start: int, complete: Callable[[str], bool] = lambda _: True
) -> Copy:
    """Write the copy. The rows are details of the portal, as `record` makes them.

    Only what is `complete` can be corrected: staff cannot send anything else to review.
    """
    rows = copy.deepcopy(rows)
    corrected = tuple(islice(filter(complete, codes_of(rows, start)), 3))
    others = [code for code in codes_of(rows, start) if code not in corrected]
    changed = (*corrected, *others[: CHANGED - 3])
    gone = tuple(others[CHANGED : CHANGED + GONE])
    by_code = {row["code"]: row for row in rows}
    for number, code in enumerate(changed):
        by_code[code]["requirementsAndConditions"] = CONDITION.format(number)
    by_code[changed[0]]["name"] += " (nguồn cũng đổi tên)"
    new = tuple(f"9.99000{number}" for number in range(NEW))
    kept = [row for row in rows if row["code"] not in gone]
    broken = ({"code": "hỏng", "executionSteps": []}, {"code": "1.0", "executionMethods": []})
    middle = len(kept) // 2
    told = [*kept[:middle], broken[0], *map(record, new), *kept[middle:], broken[1]]
    return Copy(json_lines(path, *told), changed, corrected, new, gone, ("hỏng", "1.0"))


def correct(house: House, codes: Sequence[str], today: date) -> None:
    """Staff mend three: a better phrasing, an everyday name, a link; by one decision."""
    facts: tuple[dict[str, Any], ...] = (
        {"name": CLEARER},
        {"everyday_names": EVERYDAY},
        {"portal_id": MENDED},
    )
    with house.begin() as session:
        for code, better in zip(codes, facts, strict=True):
            known = next_wording(session, code)
            assert known is not None
            inside = known.content.model_copy(update=better) if "everyday_names" in better else None
            update = {"content": inside} if inside else better
            revision = write(session, LAN, known.model_copy(update=update))
            submit(session, LAN, revision)
            approve(session, MINH, revision)
        items = tuple(Item(code, Action.AMENDED) for code in codes)
        carry_out(session, HOA, Paper("7/QĐ", today, "UBND", today, items))


def die_after(url: str, path: Path, count: int, today: date) -> None:
    """The import in a process of its own, ended without a word when it has read so many."""

    def progress(done: int, _total: int | None) -> None:
        if done >= count:
            os._exit(9)

    propose_paths(sessions(connect(url)), [path], today=today, now=NOW, progress=progress)


def kill_in_the_middle(url: str, copy: Copy, today: date, *, after: int) -> None:
    """Start the import of the copy and kill it after at least so many rows."""
    run = multiprocessing.get_context("spawn").Process(
        target=die_after, args=(url, copy.path, after, today)
    )
    run.start()
    run.join()
    assert run.exitcode == 9


def in_force(house: House, on: date) -> dict[str, int]:
    """Which revision of each procedure is in force."""
    listings = load_catalogue(house, on=on).listings
    return {slug: one.revision_id for slug, one in listings.items()}


def proposed(house: House) -> dict[Change, set[str]]:
    """The codes of the open proposals."""
    with house() as session:
        found = open_proposals(session)
        return {change: {one.code for one in found if one.change is change} for change in Change}


def accept_all(house: House, on: date) -> None:
    """Staff take all that is proposed."""
    with house() as session:
        numbers = [one.id for one in open_proposals(session)]
    with house.begin() as session:
        for number in numbers:
            accept(session, MINH, session.get_one(Proposal, number), on=on)


def play(house: House, url: str, copy: Copy, *, today: date, total: int) -> ProposalReport:
    """Correct, import the copy through a kill, accept; every promise is asserted on the way."""
    correct(house, copy.corrected, today)
    before = in_force(house, today)
    kill_in_the_middle(url, copy, today, after=total // 2)
    assert in_force(house, today) == before
    report = propose_paths(house, [copy.path], today=today, now=NOW)
    assert report.resumed_at >= total // 2
    assert report.resumed_at % BATCH == 0
    _proposals_are_exact(house, report, copy)
    assert in_force(house, today) == before  # proposals change nothing
    tomorrow = today + timedelta(days=1)
    accept_all(house, tomorrow)
    assert in_force(house, today) == before
    _corrections_are_kept(house, copy, tomorrow)
    _nothing_is_lost(before, in_force(house, tomorrow), copy, house)
    again = propose_paths(house, [copy.path], today=tomorrow, now=NOW)
    assert (again.new, again.changed, again.gone) == (0, 0, 0)
    return report


def _proposals_are_exact(house: House, report: ProposalReport, copy: Copy) -> None:
    assert proposed(house) == {
        Change.NEW: set(copy.new),
        Change.CHANGED: set(copy.changed),
        Change.GONE: set(copy.gone),
    }
    assert (report.new, report.changed, report.gone) == (NEW, CHANGED, GONE)
    assert (report.conflicts, report.is_whole) == (1, True)
    told = [problem.record for problem in report.problems if problem.record in copy.broken]
    assert sorted(told) == sorted(copy.broken)
    with house() as session:
        (clash,) = open_proposals(session, conflicts_only=True)
        assert clash.code == copy.corrected[0]
        assert CLEARER in clash.differences["conflicts"][0]


def _corrections_are_kept(house: House, copy: Copy, on: date) -> None:
    catalogue = load_catalogue(house, on=on)
    one, two, three = ((catalogue.revision(code)) for code in copy.corrected)
    assert one.name == CLEARER
    assert two.content.everyday_names == EVERYDAY
    assert three.portal_id == MENDED
    for number, code in enumerate(copy.changed):
        assert catalogue.revision(code).content.requirements == (CONDITION.format(number),)
    for code in copy.gone:
        assert not catalogue.by_code(code)
        assert catalogue.withdrawn(code) is not None


def _nothing_is_lost(
    before: dict[str, int], after: dict[str, int], copy: Copy, house: House
) -> None:
    touched = {*copy.changed, *copy.new, *copy.gone}
    assert {slug: one for slug, one in before.items() if slug not in touched} == {
        slug: one for slug, one in after.items() if slug not in touched
    }
    assert set(after) == set(before) - set(copy.gone) | set(copy.new)
    with house() as session:  # former wordings are all still there
        query = select(Revision.id).join(Procedure).where(Procedure.code.in_(touched))
        assert set(before.values()) - set(after.values()) <= set(session.scalars(query))
