from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from knowledge.history import VIETNAM, Actor
from knowledge.importing import import_paths
from knowledge.importing.proposing import propose_paths
from knowledge.importing.store import Orders, store
from knowledge.index766 import group_one
from knowledge.link_checks import LinkState, looked
from knowledge.records.content import Content
from knowledge.records.decision import Decision, DecisionItem
from knowledge.records.kinds import Action
from knowledge.reports import TOTAL, listing_report
from knowledge.spreadsheets import write_index, write_listing
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, draft, json_lines, record
from tests.publishing.conftest import LAN

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


def test_against_the_last_import(staffed: House, tmp_path: Path):
    rows = [record(f"1.9000{number:02}") for number in range(30)]
    import_paths(staffed, [json_lines(tmp_path / "a", *rows)], publish=True, today=TODAY)
    newer = json_lines(tmp_path / "b", *rows[2:], record("1.990001"), record("1.990002"))
    propose_paths(staffed, [newer], today=TODAY, now=NOW)
    with staffed.begin() as session:
        looked(session, LAN, "1.900005", LinkState.OK)
        looked(
            session,
            Actor("lan", datetime(2026, 11, 24, 9, tzinfo=VIETNAM)),
            "1.900006",
            LinkState.OK,
        )
    with staffed() as session:
        *rows_by_level, total = listing_report(session, TODAY, "level")
    assert total.name == TOTAL
    assert (total.in_force, total.listed, total.surplus, total.missing) == (30, 28, 2, 2)
    assert rows_by_level[0].missing == 2
    assert (total.looked_at, total.oldest_look) == (2, date(2026, 11, 24))
    write_listing(tmp_path / "a.xlsx", {"Cấp": [total]}, on=TODAY)
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["Danh mục", "Đối chiếu"]


def decide(house: House, number: str, agency: str, day: date, basis: date, done: date) -> None:
    """A decision of the past, about two procedures."""
    with house.begin() as session:
        decision = Decision(number=number, date=day, agency=agency, effective_from=basis)
        decision.basis_effective_from = basis
        decision.carried_out_at = datetime(done.year, done.month, done.day, 12, tzinfo=VIETNAM)
        decision.items = [
            DecisionItem(procedure_slug=f"1.90000{n}", action=Action.AMENDED) for n in (1, 2)
        ]
        session.add(decision)


def test_the_index_by_its_rules(any_house: House, tmp_path: Path):
    undated = {"decision_date": None}
    drafts = [draft(**undated), draft("1.900002", content=Content(), **undated)]
    store(any_house, drafts, Orders(publish=True, today=FIRST))
    with any_house() as session:
        none, nothing, parts = group_one(session, FIRST, LAST)
    assert (none.percent, nothing.percent, parts.percent) == (None, None, 50.0)
    # 1/6/2026 is a Monday: five working days later is the 8th, ten are the 15th.
    decide(any_house, "1", "UBND tỉnh Thanh Hóa", FIRST, date(2026, 6, 8), date(2026, 6, 8))
    with any_house() as session:
        before, listed, _ = group_one(session, FIRST, LAST)
    assert (before.reached, before.of, listed.reached, listed.of) == (2, 2, 2, 2)
    # Late in one decision is late, and a procedure in two decisions counts once.
    decide(any_house, "2", "Bộ Vịt", FIRST, date(2026, 6, 26), date(2026, 6, 16))
    with any_house() as session:
        figures = group_one(session, FIRST, LAST)
    assert [(f.reached, f.of) for f in figures] == [(0, 2), (0, 2), (1, 2)]
    names = {"1.900001": ("Nuôi vịt", "Bộ Vịt")}
    write_index(tmp_path / "i.xlsx", figures, since=FIRST, until=LAST, names=names)
    late = load_workbook(tmp_path / "i.xlsx")["Chưa đạt"].iter_rows(min_row=4, values_only=True)
    told = {row[1]: (row[0], row[2], row[3].count(";")) for row in late}
    assert len(told) == 2  # each procedure once, with all that it missed
    assert told["1.900001"][:2] == ("Bộ Vịt", "Nuôi vịt")
    assert sorted(count for _, _, count in told.values()) == [1, 2]
