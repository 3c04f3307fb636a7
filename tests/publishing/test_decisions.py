from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.catalogue import load_catalogue
from knowledge.decision_files import EXAMPLE, read_decision
from knowledge.decisions import Item, Paper, carry_out
from knowledge.history import Refused
from knowledge.records.decision import Decision
from knowledge.records.kinds import Action
from knowledge.workflow import approve, submit, write
from tests.knowledge.conftest import House
from tests.knowledge.making import draft
from tests.publishing.conftest import HOA, LAN, MINH

FIRST, SECOND = date(2025, 7, 1), date(2026, 1, 1)


def ready(session: Session, code: str, name: str) -> None:
    revision = write(session, LAN, draft(code, name=name))
    submit(session, LAN, revision)
    approve(session, MINH, revision)


def paper(number: str, day: date, *items: Item) -> Paper:
    return Paper(number, day - timedelta(days=10), "UBND tỉnh", day, items)


def two_decisions(house: House) -> None:
    with house.begin() as session:
        for code, name in (("1.900001", "Vịt, lời một"), ("1.900002", "Ngan"), ("1.900003", "Gà")):
            ready(session, code, name)
        new = [Item(f"1.90000{n}", Action.NEW) for n in (1, 2, 3)]
        carry_out(session, HOA, paper("1/QĐ", FIRST, *new))
        ready(session, "1.900001", "Vịt, lời hai")
        ready(session, "1.900004", "Ngan và ngỗng")
        items = (
            Item("1.900001", Action.AMENDED),
            Item("1.900004", Action.REPLACED, replaces="1.900002"),
            Item("1.900003", Action.ABOLISHED, successor="1.900001"),
        )
        carry_out(session, HOA, paper("2/QĐ", SECOND, *items))


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2025, 6, 30), {}),
        (FIRST, {"1.900001": "Vịt, lời một", "1.900002": "Ngan", "1.900003": "Gà"}),
        (SECOND - timedelta(1), {"1.900001": "Vịt, lời một", "1.900002": "Ngan", "1.900003": "Gà"}),
        (SECOND, {"1.900001": "Vịt, lời hai", "1.900004": "Ngan và ngỗng"}),
    ],
)
def test_any_day_answers_from_what_was_in_force(staffed: House, day: date, names: dict[str, str]):
    two_decisions(staffed)
    catalogue = load_catalogue(staffed, on=day)
    assert {code: one.name for code, one in catalogue.listings.items()} == names
    if day >= SECOND:
        gone = {code: catalogue.withdrawn(code) for code in ("1.900002", "1.900003")}
        assert {code: one and (one.successor_code, one.on) for code, one in gone.items()} == {
            "1.900002": ("1.900004", SECOND),
            "1.900003": ("1.900001", SECOND),
        }
    else:
        assert catalogue.withdrawn("1.900002") is None


def test_a_decision_is_carried_out_whole_or_not_at_all(staffed: House):
    with staffed.begin() as session:
        ready(session, "1.900001", "Vịt")
    items = (
        Item("1.900001", Action.AMENDED),
        Item("1.900001", Action.NEW),
        Item("1.900002", Action.NEW),
        Item("1.900003", Action.ABOLISHED, successor="1.900009"),
        Item("1.900004", Action.REPLACED),
    )
    bad = Paper("", date(2026, 1, 2), "", date(2026, 1, 1), items)
    with staffed() as session:
        with pytest.raises(Refused) as told:
            carry_out(session, LAN, bad)
        said = "\n".join(told.value.reasons)
        for part in (
            "không có vai trò công bố",
            "phải có số và cơ quan",
            "sớm hơn ngày ký",
            "mã 1.900001 có hai dòng",
            "1.900001 (sửa đổi): thủ tục chưa có bản nào hiệu lực",
            "1.900002 (mới): chưa có bản nháp đã duyệt",
            "1.900003 (bãi bỏ): mã 1.900003 không có bản nào",
            "thay bằng 1.900009 không có",
            "1.900004 (thay thế): chưa có bản nháp",
        ):
            assert part in said
        assert session.scalar(select(func.count()).select_from(Decision)) == 0


def test_a_decision_is_carried_out_once(staffed: House):
    two_decisions(staffed)
    with staffed() as session, pytest.raises(Refused, match="đã thực hiện rồi"):
        carry_out(session, HOA, paper("2/QĐ", SECOND, Item("1.900001", Action.AMENDED)))


def test_what_was_in_force_later_is_not_overtaken_from_behind(staffed: House):
    two_decisions(staffed)
    with staffed.begin() as session:
        ready(session, "1.900001", "Vịt, lời ba")
        with pytest.raises(Refused, match="hiệu lực muộn hơn, từ 01/01/2026"):
            carry_out(session, HOA, paper("3/QĐ", FIRST, Item("1.900001", Action.AMENDED)))


def test_the_example_file_can_be_read(tmp_path: Path):
    file = tmp_path / "q.yaml"
    file.write_text(EXAMPLE, "utf-8")
    read = read_decision(file)
    assert (read.number, read.effective_from) == ("123/QĐ-UBND", date(2026, 12, 1))
    assert [item.action for item in read.items] == list(Action)
    assert read.items[2].replaces == "1.900004"
    assert read.items[3].successor == "1.900001"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("số: [", "không đúng dạng"),
        ("số: 1/QĐ", "thiếu «ngày»"),
        ("số: 1/QĐ\nlạ: x", "khóa lạ: lạ"),
        (EXAMPLE.replace("bãi bỏ,", "xóa,"), "dòng thứ 4: «việc: xóa»"),
        (EXAMPLE.replace("1.900002", "19"), "dòng thứ 2: mã không đúng dạng"),
        (EXAMPLE.replace("2026-12-01", "1/12"), "ghi như 2026-07-18"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, text: str, says: str):
    file = tmp_path / "q.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(Refused, match=says):
        read_decision(file)
