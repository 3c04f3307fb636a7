import gzip
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from knowledge.checks import CHECKS, check_catalogue
from knowledge.importing import import_paths
from knowledge.importing.store import Orders, store
from knowledge.records.content import (
    Case,
    Document,
    Fee,
    LegalBasis,
    Method,
    Submission,
    TimeLimit,
    Unit,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind
from knowledge.spreadsheets import write_findings
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import content, draft

DAYS = TimeLimit(value=3, unit=Unit.WORKING_DAY)
MORE = TimeLimit(value=9, unit=Unit.WORKING_DAY)
FREE = Fee(free=True)
HERE = {"kind": Kind.LOCAL, "province": "38", "owner": "UBND tỉnh Thanh Hóa"}


def by(limit: TimeLimit | None = DAYS, *fees: Fee) -> Method:
    return Method(submission=Submission.IN_PERSON, time_limit=limit, fees=fees or (FREE,))


def sound(**facts: object) -> Draft:
    """A record in which no check finds anything."""
    inside = {"methods": (by(),)} | dict(facts.pop("content", {}))  # type: ignore[call-overload]
    return draft(content=content(**inside), **facts)


# Of each check: a record with the fault, and one that only looks like it.
FAULTS: dict[str, tuple[Draft, Draft]] = {
    "seven-parts": (sound(content={"steps": ()}), sound()),
    "false-free": (
        sound(content={"methods": (by(DAYS, Fee(text="135.000 đồng/lần")),)}),
        sound(content={"methods": (by(DAYS, Fee(amount=135000, text="135.000 đồng/lần")),)}),
    ),
    "fee-lapsed": (
        sound(content={"methods": (by(DAYS, Fee(amount=5, text="đến hết ngày 31/12/2025")),)}),
        sound(
            content={
                "methods": (
                    by(DAYS, Fee(amount=5, text="từ 1/7/2025 đến hết 31/12/2026")),
                    by(DAYS, Fee(amount=5, text="mức 4 đồng chỉ áp dụng đến hết 31/12/2025")),
                )
            }
        ),
    ),
    "fee-unknown": (
        sound(content={"methods": (Method(submission=Submission.ONLINE, time_limit=DAYS),)}),
        sound(content={"methods": (by(DAYS, Fee(text="xem biểu phí kèm theo")),)}),
    ),
    "fee-zero": (
        sound(
            content={
                "methods": (
                    by(DAYS, Fee(text="Cổng Dịch vụ công ghi mức 0 đồng, không kèm giải thích")),
                )
            }
        ),
        sound(),
    ),
    "time-unit": (sound(content={"methods": (by(), by(None))}), sound()),
    "case-limits": (
        sound(
            content={
                "cases": (Case(name="A", time_limit=DAYS), Case(name="B", time_limit=MORE)),
            }
        ),
        sound(
            content={
                "methods": (by(), by(MORE)),
                "cases": (Case(name="A", time_limit=DAYS), Case(name="B", time_limit=MORE)),
            }
        ),
    ),
    "not-a-paper": (
        sound(content={"documents": (Document(name="Lưu ý: nộp sớm", originals=1),)}),
        sound(content={"documents": (Document(name="Giấy tờ liên quan (nếu có)", originals=1),)}),
    ),
    "other-province": (
        sound(**HERE, agency_codes=("H21.24.01.01",)),
        sound(**HERE, agency_codes=("H56.21", "CTUBNDXA")),
    ),
    "district": (
        sound(content={"steps": ("Nộp tại Ủy ban nhân dân cấp huyện.",)}),
        sound(content={"steps": ("Giấy đã cấp bởi Ủy ban nhân dân cấp huyện trước đây.",)}),
    ),
    "abolished-basis": (
        sound(content={"legal_bases": (LegalBasis(number="45/2013/QH13", name="Luật Đất đai"),)}),
        sound(content={"legal_bases": (LegalBasis(number="31/2024/QH15", name="Luật Đất đai"),)}),
    ),
    "dead-address": (
        sound(content={"receiving_address": "https://dichvucong.thanhhoa.gov.vn/"}),
        sound(content={"receiving_address": "https://dichvucong.gov.vn/tra-cuu-ho-so"}),
    ),
    "paper-count": (
        sound(content={"documents": (Document(name="Tờ khai", originals=0, copies=0),)}),
        sound(content={"documents": (Document(name="Thẻ căn cước", shown_only=True),)}),
    ),
    "paper-twice": (
        sound(content={"documents": (Document(name="Tờ khai", originals=1),) * 2}),
        sound(
            content={
                "cases": (Case(name="A"), Case(name="B")),
                "documents": (
                    Document(name="Tờ khai", case="A", originals=1),
                    Document(name="Tờ khai", case="B", originals=1),
                ),
            }
        ),
    ),
    "code": (sound(is_suspect=True), sound()),
    "spelling": (sound(name="Cấp giấy tòan trình"), sound(name="Hoà giải, uỷ quyền, quý, toàn")),
    "long-name": (sound(name="Nuôi vịt " * 60), sound()),
    "odd-limit": (
        sound(content={"methods": (by(TimeLimit(value=3, unit=Unit.YEAR)),)}),
        sound(content={"methods": (by(TimeLimit(value=30, unit=Unit.DAY)),)}),
    ),
    "published-late": (
        sound(decision_date=date(2026, 6, 1), listed_on=date(2026, 6, 16)),
        sound(decision_date=date(2026, 6, 1), listed_on=date(2026, 6, 15)),
    ),
}


def names(house: House, *drafts: Draft) -> list[str]:
    store(house, drafts, Orders(publish=True, today=TODAY))
    with house() as session:
        return [finding.check for finding in check_catalogue(session, TODAY)]


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_found(house: House, name: str):
    assert name in names(house, FAULTS[name][0])


@pytest.mark.parametrize("name", FAULTS)
def test_what_only_looks_like_it_is_left_alone(house: House, name: str):
    assert names(house, FAULTS[name][1]) == []


def test_every_check_has_its_fault():
    assert {check.name for check in CHECKS} == FAULTS.keys() | {"same-name"}


def test_a_province_has_five_days(house: House):
    late = sound(**HERE, decision_date=date(2026, 6, 1), listed_on=date(2026, 6, 9))
    assert names(house, late) == ["published-late"]


def test_the_same_name_at_the_same_level(house: House):
    other_level = sound(code="1.900003", levels=())
    assert names(house, sound(), sound(code="1.900002", name="Thủ tục đăng ký nuôi vịt")) == [
        "same-name",
        "same-name",
    ]
    assert names(house, other_level).count("same-name") == 2


def test_findings_as_a_workbook(house: House, tmp_path: Path):
    store(house, [sound(is_suspect=True, name="=1+1")], Orders(publish=True, today=TODAY))
    with house() as session:
        found = list(check_catalogue(session, TODAY))
    write_findings(tmp_path / "a.xlsx", found, on=TODAY)
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Theo cơ quan", "Từng chỗ"]
    assert book["Từng chỗ"]["C4"].data_type == "s"


def test_faults_of_the_portal_itself(
    house: House, shared: Path, tmp_path: Path, record_property: Callable[..., None]
):
    """What was counted in the raw data by other means; an eighth of the crawl and one province."""
    (july,) = (shared / "raw").glob("qtungnui07*/raw_procedures.jsonl.gz")
    with gzip.open(july, "rt", encoding="utf-8") as stream:
        lines = [
            line
            for number, line in enumerate(stream)
            if number % 8 == 0 or "UBND tỉnh Thanh Hóa" in line or "1.014325" in line
        ]
    part = tmp_path / "part.jsonl"
    part.write_text("".join(lines), "utf-8")
    import_paths(house, [part], publish=True, today=TODAY)
    with house() as session:
        found = list(check_catalogue(session, TODAY))
    counts = Counter(finding.check for finding in found)
    record_property("counts", dict(counts))
    of_thanh_hoa = {f.slug for f in found if f.check == "other-province" and "Thanh Hóa" in f.unit}
    assert 15 <= len(of_thanh_hoa) <= 30  # 21 of its 54 land procedures, counted in the raw data
    assert counts["case-limits"] > 20
    assert counts["code"] == 1
