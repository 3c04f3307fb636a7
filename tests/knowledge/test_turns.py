"""A month's figures are the same before its turns are erased, after, and after later edits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from knowledge.importing.store import Orders, store
from knowledge.question_reports import questions_report, unanswered_questions
from knowledge.records.conversation import Turn, TurnMonth
from knowledge.turns import forget_turns, settle_months
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import draft

MARCH = (datetime(2027, 2, 28, 17, tzinfo=UTC), datetime(2027, 3, 31, 17, tzinfo=UTC))
KEEP = timedelta(days=62)
GROUPINGS = ("sector", "facet", "channel", "procedure", "outcome")


@pytest.fixture
def asked(any_house: House) -> House:
    """Turns from the end of February to April, at the very edges of March too."""
    drafts = [draft(), draft("1.900002", sector="Chăn ngan")]
    store(any_house, drafts, Orders(publish=True, today=TODAY))
    start, end = MARCH
    moments = [start - timedelta(seconds=1), start, start, end - timedelta(seconds=1), end]
    with any_house.begin() as session:
        for number, at in enumerate(moments * 2):
            code = ("1.900001", "1.900002", None)[number % 3]
            session.add(
                Turn(at=at, channel="web", conversation="h", question=f"câu {number}", code=code,
                     outcome="answer" if code else "no_match", facet="fee", elapsed_ms=1.0)
            )  # fmt: skip
    return any_house


def figures(house: House) -> list[object]:
    with house() as session:
        return [questions_report(session, *MARCH, by) for by in GROUPINGS]


def test_figures_outlive_the_turns_and_later_edits(asked: House):
    before = figures(asked)
    assert before[0][-1].asked == 6
    with asked.begin() as session:
        assert settle_months(session, datetime(2027, 6, 15, tzinfo=UTC), KEEP) == 8
    assert figures(asked) == before
    later = Orders(publish=True, today=MARCH[1].date() + timedelta(days=20))
    store(asked, [draft(sector="Lĩnh vực mới", name="Tên mới")], later)
    assert figures(asked) == before
    with asked.begin() as session:
        assert settle_months(session, datetime(2027, 6, 15, tzinfo=UTC), KEEP) == 0
        assert session.scalar(select(func.count()).select_from(Turn)) == 2
    assert figures(asked) == before


def test_later_edits_change_no_figure_of_turns_still_there(asked: House):
    before = figures(asked)
    later = Orders(publish=True, today=MARCH[1].date() + timedelta(days=20))
    store(asked, [draft(sector="Lĩnh vực mới", name="Tên mới")], later)
    assert figures(asked) == before


def test_a_month_is_not_settled_before_all_of_it_is_old(asked: House):
    with asked.begin() as session:
        assert settle_months(session, datetime(2027, 5, 20, tzinfo=UTC), KEEP) == 2  # February's
        months = session.scalars(select(TurnMonth.month).distinct()).all()
    assert [month.month for month in months] == [2]


def test_forgetting_takes_the_words_and_leaves_the_count(asked: House):
    before = figures(asked)
    with asked.begin() as session:
        forget_turns(session, "h")
    assert figures(asked) == before
    with asked() as session:
        assert unanswered_questions(session, *MARCH) == []
        assert set(session.execute(select(Turn.question, Turn.conversation)).all()) == {("", "")}


@pytest.mark.parametrize("act", ["UPDATE turn_month SET count = 9", "DELETE FROM turn_month"])
def test_the_database_itself_keeps_the_sums(asked: House, act: str):
    with asked.begin() as session:
        settle_months(session, datetime(2027, 6, 15, tzinfo=UTC), KEEP)
    with pytest.raises(DBAPIError, match="chỉ được thêm"), asked.begin() as session:
        session.execute(text(act))
