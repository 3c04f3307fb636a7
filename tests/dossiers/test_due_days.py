"""\"Nếu nộp hôm nay thì khi nào có?\": heard, and said by case and by way of submitting."""

from datetime import UTC, datetime

import pytest

from bot.due_days import asks_day, due_answer
from knowledge.records.content import Case, Content, Method, Submission, TimeLimit, Unit
from knowledge.records.procedure import Revision
from nlp.intents import Facet

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 9:00 on a Wednesday in Vietnam
WORKING_DAY, DAY = Unit.WORKING_DAY, Unit.DAY


def days(count, unit=WORKING_DAY, text=None):
    return TimeLimit(value=count, unit=unit, text=text)


def told(said="nếu nộp hôm nay thì khi nào có", now=MORNING, cases=(), **ways):
    content = Content(
        cases=tuple(Case(name=name, time_limit=limit) for name, limit in cases),
        methods=tuple(
            Method(submission=Submission(way), time_limit=limit) for way, limit in ways.items()
        ),
    )
    text = due_answer(Revision(content=content), said, now)
    return "\n".join((text.first, *text.rest))


def test_each_way_has_its_own_day():
    shown = told(online=TimeLimit(value=4, unit=Unit.HOUR, text="giờ làm việc"), in_person=days(3))
    assert "lúc 09:00 thứ Tư ngày 25/11/2026" in shown
    assert "• Trực tuyến: 15:00 thứ Tư ngày 25/11/2026" in shown
    assert "• Trực tiếp: thứ Hai ngày 30/11/2026 – thời hạn 3 ngày làm việc" in shown
    assert "dự kiến" not in shown


def test_cases_rule_where_they_differ():
    """In most such records the ways show one number for all; it is not said for every case."""
    shown = told(cases=[("Thường", days(4)), ("Phải xác minh", days(14))], in_person=days(4))
    assert "• Thường: thứ Ba ngày 01/12/2026" in shown
    assert "• Phải xác minh: thứ Ba ngày 15/12/2026" in shown
    assert "Trực tiếp" not in shown


def test_beyond_the_confirmed_year_it_is_a_forecast():
    assert "(dự kiến" in told(post=days(60))


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("mai nộp thì bao giờ có", "Nếu nộp thứ Năm ngày 26/11/2026,"),
        ("nộp thứ hai thì hôm nào lấy được", "Nếu nộp thứ Hai ngày 30/11/2026,"),
        ("thứ 4 nộp thì bao giờ có", "Nếu nộp thứ Tư ngày 02/12/2026,"),
        ("nếu nộp ngày 20/12 thì khi nào có", "Nếu nộp Chủ nhật ngày 20/12/2026,"),
        ("nộp ngày 3 tháng 2 thì khi nào có", "Nếu nộp thứ Tư ngày 03/02/2027,"),
        ("nộp ngày 5 thì khi nào có", "Nếu nộp thứ Bảy ngày 05/12/2026,"),
        ("nộp ngày 31/2 thì khi nào có", "Nếu nộp lúc 09:00 thứ Tư ngày 25/11/2026,"),
        ("nộp ngày 1/1/2020 thì khi nào có", "Nếu nộp lúc 09:00 thứ Tư ngày 25/11/2026,"),
    ],
)
def test_the_day_of_handing_in_may_be_named(said, named):
    assert told(said, in_person=days(1)).startswith(named)


def test_a_day_off_counts_from_the_next_working_day():
    shown = told("chủ nhật nộp thì bao giờ có", online=days(1))
    assert "được tính từ thứ Hai ngày 30/11/2026" in shown
    assert "thứ Ba ngày 01/12/2026" in shown


def test_after_hours_counts_as_the_next_morning():
    shown = told(now=datetime(2026, 11, 25, 11, 0, tzinfo=UTC), online=days(1))
    assert "được tính từ thứ Năm ngày 26/11/2026" in shown


@pytest.mark.parametrize(
    "limit",
    [TimeLimit(text="Trong ngày"), days(3, DAY, "kể từ ngày kết thúc kỳ sát hạch")],
)
def test_what_cannot_be_counted_from_the_receipt_is_quoted(limit):
    shown = told(post=limit)
    assert "không nói trước được" in shown
    assert limit.text in shown


def test_a_limit_that_may_grow_gives_the_earliest_day():
    assert "sớm nhất" in told(online=days(10, DAY, "không quá 45 ngày nếu phải xác minh"))


@pytest.mark.parametrize(
    "said",
    [
        "nếu nộp hôm nay thì khi nào có",
        "nop hom nay thi bao gio co ket qua",
        "hôm nay nộp thì chừng nào lấy",
        "chiều nay đi nộp hôm nào lấy được",
        "mai nộp thứ mấy có",
        "giờ nộp thì kịp trước tết không",
    ],
)
def test_the_question_is_heard_without_a_facet(said):
    assert asks_day(said, None)


def test_with_the_facet_it_needs_no_day():
    assert asks_day("bao giờ có kết quả", Facet.TIME_LIMIT)
    assert not asks_day("bao giờ có kết quả", None)


@pytest.mark.parametrize(
    "said", ["mất bao lâu", "khi nào phải nộp", "hạn nộp là ngày nào", "nộp hôm nay được không"]
)
def test_other_questions_of_time_are_not_it(said):
    assert not asks_day(said, Facet.TIME_LIMIT)
