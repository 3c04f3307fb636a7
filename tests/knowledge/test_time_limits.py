import pytest

from knowledge.importing.time_limits import limit_and_note, limit_in_words, time_limit_of
from knowledge.records.content import TimeLimit, Unit


@pytest.mark.parametrize(
    ("value", "unit", "words", "limit"),
    [
        (3, "WORKING_DAY", None, TimeLimit(value=3, unit=Unit.WORKING_DAY)),
        (0.5, "WORKING_DAY", None, TimeLimit(value=0.5, unit=Unit.WORKING_DAY)),
        (24, "HOUR", None, TimeLimit(value=24, unit=Unit.HOUR)),
        (8, "WORKING_HOUR", None, TimeLimit(value=8, unit=Unit.HOUR, text="giờ làm việc")),
        (1, "YEAR", None, TimeLimit(value=1, unit=Unit.YEAR)),
        # the unit was lost: a bare number is no time limit
        (1, "OTHER", None, None),
        (None, "OTHER", "1", None),
        (None, "OTHER", "0", None),
        (None, "OTHER", "15/12", None),
        (0, "OTHER", None, None),
        (0, "DAY", None, None),
        # words are kept
        (None, "OTHER", "Không quá 15 ngày", TimeLimit(text="Không quá 15 ngày")),
        (None, "OTHER", "Theo mô tả", None),
        (None, "OTHER", "Xem phần mô tả", None),
        (None, None, None, None),
    ],
)
def test_time_limit(value, unit, words, limit):
    assert time_limit_of(value, unit, words) == limit


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("7 Ngày làm việc", TimeLimit(value=7, unit=Unit.WORKING_DAY)),
        ("12,5 ngày", TimeLimit(value=12.5, unit=Unit.DAY)),
        ("2 tháng", TimeLimit(value=2, unit=Unit.MONTH)),
        ("0 ngày", None),
        ("Trong ngày", TimeLimit(text="Trong ngày")),
    ],
)
def test_limit_in_words(words, limit):
    assert limit_in_words(words) == limit


def test_a_limit_that_stands_only_in_the_note_is_taken_from_there():
    note = "05 ngày làm việc nếu là vịt trời"
    assert limit_and_note(None, note) == (TimeLimit(text=note), None)


def test_a_note_that_also_says_where_stays():
    note = "Nộp tại chuồng. Thời hạn giải quyết: ngay trong ngày"
    assert limit_and_note(None, note) == (TimeLimit(text=note), note)


def test_a_note_without_time_is_only_a_note():
    assert limit_and_note(None, "gửi qua văn thư") == (None, "gửi qua văn thư")
    limit = TimeLimit(value=3, unit=Unit.DAY)
    assert limit_and_note(limit, "3 ngày kể từ khi nhận") == (limit, "3 ngày kể từ khi nhận")
