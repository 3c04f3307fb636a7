"""Amounts in questions and ranges in names: read alike, compared as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.ages import admits as admits_age
from nlp.ages import age_said
from nlp.bounds import _DIGITS, Amount, admits, amounts, with_digits
from nlp.normalize import fold, normalize

UNITS = st.sampled_from(["m3", "tấn", "tuổi", "kva", "năm"])
NUMBERS = st.integers(min_value=1, max_value=99_999)
TENS = ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def written(number):
    """As Vietnamese write it: points between thousands."""
    return f"{number:,}".replace(",", ".")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("giếng 3.000 m3/ngày đêm", Amount("m3", 3000, 3000)),
        ("khai thác 800 khối một ngày", Amount("m3", 800, 800)),
        ("tàu 9,5 tấn", Amount("tấn", 9.5, 9.5)),
        ("người dưới 14 tuổi", Amount("tuổi", float("-inf"), 14, True, False)),
        ("từ đủ 14 tuổi trở lên", Amount("tuổi", 14, float("inf"))),
        ("tu 200 tan tro xuong", Amount("tấn", float("-inf"), 200)),
        ("có từ đủ 15 đến dưới 20 năm công tác", Amount("năm", 15, 20, True, False)),
        ("từ 50 m3 đến dưới 50.000 m3", Amount("m3", 50, 50_000, True, False)),
        ("má tui bảy mươi lăm tuổi", Amount("tuổi", 75, 75)),
        ("bé 6 tháng tuổi", Amount("tuổi", 0.5, 0.5)),
    ],
)
def test_amounts_are_read(text, amount):
    assert amounts(normalize(text)) == (amount,)


@pytest.mark.parametrize("text", ["ngày 1 tháng 2 năm 2020", "sinh năm 1980", "5 năm nay", "02 xã"])
def test_dates_and_counts_are_no_amounts(text):
    assert amounts(normalize(text)) == ()


@given(NUMBERS, NUMBERS, UNITS)
def test_two_halves_share_every_number_between_them(bound, said, unit):
    below = f"công trình có quy mô dưới {written(bound)} {unit}"
    above = f"công trình có quy mô từ {written(bound)} {unit} trở lên"
    asked = amounts(normalize(f"của tôi {written(said)} {unit}"))
    assert admits(normalize(below), asked) == (said < bound)
    assert admits(normalize(above), asked) == (said >= bound)


@given(NUMBERS, NUMBERS, UNITS)
def test_ranges_meet_alike_in_both_orders(one, other, unit):
    first = Amount(unit, one, one + 10, True, False)
    second = Amount(unit, other, other + 10, True, False)
    assert first.meets(second) == second.meets(first) == (abs(one - other) < 10)


@given(NUMBERS, UNITS)
def test_a_name_without_a_range_of_the_unit_is_for_all(said, unit):
    asked = (Amount(unit, said, said),)
    assert admits("đăng ký kết hôn", asked)
    assert admits("khai thác 5.000 m3 trở lên" if unit != "m3" else "trên 5 năm", asked)


@given(st.sampled_from(TENS), st.sampled_from(sorted(_DIGITS)))
def test_spelled_tens_are_digits(tens, ones):
    spelled = with_digits(f"nam nay {fold(tens)} muoi {ones} tuoi")
    assert spelled == f"nam nay {_DIGITS[fold(tens)]}{_DIGITS[ones]} tuoi"


def test_ages_in_words_and_without_the_word_for_years():
    assert age_said("mệ tui năm ni tám mươi hai xưa làm ruộng") == 82
    assert age_said("bà tám hai tuổi") == 82
    assert age_said("ba tôi bảy mươi tuổi") == 70
    assert age_said("nhà ba tầng") is None
    assert not admits_age("người từ đủ 75 tuổi đến 80 tuổi", 82)
