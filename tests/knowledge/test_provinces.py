import json

import pytest

from knowledge.provinces import province_of, provinces


def test_there_are_34_provinces_and_each_agency_code_stands_once():
    assert len(provinces()) == 34
    kept = [province.agency_code for province in provinces().values()]
    merged = [code for province in provinces().values() for _, code in province.former]
    assert len(set(kept)) == 34
    assert {f"H{number:02}" for number in range(1, 64)} == set(kept) | set(merged)
    assert provinces()["38"].short_name == "Thanh Hóa"


@pytest.mark.parametrize(
    ("code", "name", "province"),
    [
        ("H56", "UBND tỉnh Thanh Hóa", "38"),
        ("H56.24", None, "38"),
        ("H63", "UBND tỉnh Yên Bái", "15"),  # merged into Lào Cai
        (None, "UBND tỉnh Thanh Hóa", "38"),
        (None, "UBND Thành phố Huế", "46"),
        (None, "Sở Xây dựng - tỉnh Quảng Ngãi", "51"),
        (None, "Trung tâm Phục vụ hành chính công Thành phố Hà Nội", "01"),
        (None, "UBND tỉnh Bắc Giang", "24"),
        (None, "Bộ Tư pháp", None),
        ("G15", "Bộ Tư pháp", None),
        (None, None, None),
    ],
)
def test_province_of_an_agency(code, name, province):
    assert province_of(code, name) == province


def test_table_agrees_with_the_portals_list(shared):
    rows = json.loads((shared / "api-samples" / "portal2026-provinces-34.json").read_text("utf-8"))
    assert {row["code"]: row["name"] for row in rows} == {
        code: province.name for code, province in provinces().items()
    }
