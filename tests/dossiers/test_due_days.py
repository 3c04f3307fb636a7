"""\"Nếu nộp hôm nay thì khi nào có?\": said by case and by way of submitting."""

from datetime import UTC, datetime

from bot.due_days import due_answer
from knowledge.records.content import Case, Content, Method, Submission, TimeLimit, Unit
from knowledge.records.procedure import Revision

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 9:00 in Vietnam


def revision(**parts) -> Revision:
    return Revision(content=Content(**parts))


def test_each_case_and_way_has_its_own_day():
    told = due_answer(
        revision(
            cases=(Case(name="Có xác minh", time_limit=TimeLimit(value=8, unit=Unit.WORKING_DAY)),),
            methods=(
                Method(
                    submission=Submission.ONLINE,
                    time_limit=TimeLimit(value=4, unit=Unit.HOUR, text="giờ làm việc"),
                ),
                Method(
                    submission=Submission.IN_PERSON,
                    time_limit=TimeLimit(value=3, unit=Unit.WORKING_DAY),
                ),
            ),
        ),
        MORNING,
    )
    assert "lúc 09:00 ngày 25/11/2026" in told
    assert "• Có xác minh: ngày 07/12/2026" in told
    assert "• Trực tuyến: 15:00 ngày 25/11/2026" in told
    assert "• Trực tiếp: ngày 30/11/2026" in told
    assert "dự kiến" not in told


def test_beyond_the_confirmed_year_it_is_a_forecast():
    method = Method(
        submission=Submission.POST, time_limit=TimeLimit(value=60, unit=Unit.WORKING_DAY)
    )
    assert "dự kiến" in due_answer(revision(methods=(method,)), MORNING)


def test_words_without_a_number_are_not_counted():
    method = Method(submission=Submission.POST, time_limit=TimeLimit(text="Trong ngày"))
    assert "không tính được" in due_answer(revision(methods=(method,)), MORNING)
