"""Codes in running text, and numbers of people that must never be taken for one or kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.codes import Codes, find_codes
from nlp.personal_data import mask


@pytest.mark.parametrize(
    "typed",
    ["1.000894", "1000894", "1-000894", "1. 000894", "1,000894", "1_000894",
     "1.000894.000.00.00.H56", "thủ tục 1.000894 cần gì", "mã 1000894 nhé"],
)  # fmt: skip
def test_a_procedure_code_is_found_however_it_is_typed(typed):
    assert find_codes(typed) == Codes(("1.000894",), ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("000.17.22.H56-210531-0001", "000.17.22.H56-210531-0001"),
        ("h56.14-240823-0001", "H56.14-240823-0001"),
        ("H56.14 240823 0001", "H56.14-240823-0001"),
        ("hồ sơ H56.121–250702–0003 tới đâu", "H56.121-250702-0003"),
        ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
        ("H56.121-25O7O2-OOO3", "H56.121-250702-0003"),
        ("0000016H56-210815-0001", "000.00.16.H56-210815-0001"),
    ],
)
def test_a_dossier_code_is_found_in_canonical_form(typed, code):
    assert find_codes(typed) == Codes((), (code,))


@pytest.mark.parametrize(
    "typed",
    ["038099001234", "0912345678", "vay 1000000 đồng", "năm 2026", "03706/2026/07906", "",
     "H56.14-241323-0001", "H99.14-240823-0001", "ngày 12.10.2025"],
)  # fmt: skip
def test_other_numbers_are_no_codes(typed):
    assert find_codes(typed) == Codes((), ())


@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text):
    codes = find_codes(text)
    assert all(len(code) == 8 for code in codes.procedures)
    mask(text)


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_telephone_numbers_are_masked(number):
    assert number not in mask(f"gọi tôi {number} nhé")


@given(st.from_regex(r"0[0-9]{11}", fullmatch=True))
def test_personal_numbers_are_masked(number):
    assert number not in mask(f"căn cước {number}")
    assert find_codes(number) == Codes((), ())


def test_dossier_codes_and_tokens_are_masked():
    assert "240823" not in mask("hồ sơ H56.14-240823-0001 của tôi")
    assert mask("khóa 123456789:AAExxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1") == "khóa [khóa]"


def test_a_procedure_code_is_not_masked():
    assert mask("mã 1.000894") == "mã 1.000894"


@pytest.mark.parametrize(
    ("typed", "found", "broken"),
    [
        ("1.000.894", ("1.000894",), ""),
        ("mã 1.000.894", ("1.000894",), ""),
        ("1.00119", (), "1.00119"),
        ("mã số 1.0011934", (), "1.0011934"),
        ("nộp 1.000.894 đồng", (), ""),
    ],
)
def test_a_code_grouped_like_a_sum_or_with_wrong_digits(typed, found, broken):
    codes = find_codes(typed)
    assert (codes.procedures, codes.broken) == (found, broken)
