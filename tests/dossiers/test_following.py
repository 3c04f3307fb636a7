"""News to followers, quiet hours, limits, retention: on both kinds of database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.channels.contract import Call
from bot.delivery_inbox import key_of
from bot.delivery_outbox import give_up_on
from bot.dossier_desk import Found, chat_key
from bot.dossier_news import post_news
from knowledge.dossiers import chats
from knowledge.dossiers.facts import Status
from knowledge.dossiers.limits import PER_CHAT, PROOFS, Asker, Counter, Limit
from knowledge.records.delivery import Correspondent, Outbox
from knowledge.records.dossier import Dossier, DossierFollow, State
from tests.dossiers.conftest import KEYS, NOW, facts, put

CODE = "H56.14-261120-0001"


class Plain:
    """A channel that renders a reply as one call."""

    def render(self, reply, to):
        return (Call("send", {"to": to.conversation_id, "text": reply.bubbles[0].text}),)


def wish(code=CODE, chat="c1", state=State.IN_PROGRESS):
    return DossierFollow(
        chat=chat_key(chat), channel="telegram", conversation_id=chat, code=code,
        told_state=state, told_due=None, since=NOW,
    )  # fmt: skip


def follow(factory, *wishes):
    with factory.begin() as session:
        return [chats.follow(session, one) for one in wishes]


def news(factory, now=NOW):
    with factory.begin() as session:
        post_news(session, {"telegram": Plain()}, now)
    with factory() as session:
        return [row.body["text"] for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def test_a_change_is_told_once(any_house):
    put(any_house, facts())
    follow(any_house, wish())
    assert news(any_house) == []
    put(any_house, facts(state="Yêu cầu bổ sung giấy tờ"))
    assert len(news(any_house)) == 1
    told = news(any_house)
    assert len(told) == 1
    assert "yêu cầu bổ sung giấy tờ" in told[0]


def test_who_has_blocked_us_is_told_nothing_until_they_write(any_house):
    put(any_house, facts())
    follow(any_house, wish())
    with any_house.begin() as session:
        give_up_on(session, "telegram", "c1", NOW)
    put(any_house, facts(state="Yêu cầu bổ sung giấy tờ"))
    assert news(any_house) == []
    with any_house.begin() as session:
        session.get_one(Correspondent, key_of("c1")).is_unreachable = False
    put(any_house, facts(state="Đã trả kết quả", returned="25/11/2026"))
    assert len(news(any_house)) == 1


def test_following_ends_with_the_dossier(any_house):
    put(any_house, facts())
    follow(any_house, wish())
    put(any_house, facts(state="Đã trả kết quả", returned="25/11/2026"))
    assert "ngừng theo dõi" in news(any_house)[0]
    with any_house() as session:
        assert session.scalar(select(func.count(DossierFollow.id))) == 0


def test_the_day_before_is_told_once(any_house):
    put(any_house, facts(due="26/11/2026"))
    follow(any_house, wish())
    assert len(news(any_house)) == 1
    told = news(any_house)
    assert len(told) == 1
    assert "26/11/2026" in told[0]


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(0, True), (6, True), (7, False), (20, False), (21, True)]
)
def test_nothing_is_sent_while_citizens_sleep(any_house, hour, is_quiet):
    now = datetime(2026, 11, 26, (hour - 7) % 24, 30, tzinfo=UTC)
    assert chats.is_quiet(now) is is_quiet
    put(any_house, facts())
    follow(any_house, wish())
    put(any_house, facts(state="Dừng xử lý"))
    assert bool(news(any_house, now)) is not is_quiet


def test_ten_a_chat_and_each_once(any_house):
    codes = [f"H56.14-261120-{number:04d}" for number in range(12)]
    became = follow(any_house, *(wish(code) for code in codes), wish(codes[0]))
    assert became[:10] == [chats.Following.STARTED] * 10
    assert became[10:12] == [chats.Following.TOO_MANY] * 2
    assert became[12] is chats.Following.ALREADY
    assert follow(any_house, wish(chat="c2", state=State.HANDED_OVER)) == [chats.Following.ENDED]


def test_ended_dossiers_are_erased_after_a_while(any_house):
    """By the day on which they ended; by the last change where no day is known."""
    old = NOW - timedelta(days=400)
    put(
        any_house,
        facts("H56.14-251001-0001", state="Đã trả kết quả", returned="02/10/2025"),
        facts("H56.14-251001-0002", changed=old),
        facts("H56.14-251001-0003", state="Dừng xử lý", changed=old),
        facts("H56.14-251001-0004", state="Dừng xử lý"),
        facts("H56.14-251001-0005", state="Đã xử lý xong", finished="26/11/2025"),
    )
    with any_house.begin() as session:
        assert chats.carry_out_retention(session, NOW) == 2
        left = session.scalars(select(Dossier.code).order_by(Dossier.code)).all()
        assert [code[-1] for code in left] == ["2", "4", "5"]


def test_limits_hold_per_chat_and_per_code(desk):
    asker, other = desk.asker("a", "web"), desk.asker("b", "web")
    for _ in range(PROOFS):
        assert isinstance(desk.look_up(asker, CODE, "0000"), Found)
    assert desk.look_up(asker, CODE, "0000") is Limit.PROOFS
    assert desk.look_up(other, CODE, "0000") is Limit.PROOFS
    assert isinstance(desk.look_up(other, CODE, None), Found)


def test_limits_end_after_an_hour_and_count_every_look_up(any_house):
    asker = Asker("a", "web")
    with any_house.begin() as session:
        counter = Counter(session, KEYS, NOW)
        for number in range(PER_CHAT):
            counter.note(asker, f"H{number % 60 + 1:02d}.1-261120-0001", is_wrong_proof=False)
        session.flush()
        assert counter.reached(asker, CODE, with_proof=False) is Limit.CHAT
        later = Counter(session, KEYS, NOW + timedelta(minutes=61))
        assert later.reached(asker, CODE, with_proof=False) is None


def test_a_hundred_guesses_at_once_are_not_all_let_through(desk, any_house):
    put(any_house, facts())
    from concurrent.futures import ThreadPoolExecutor

    def guess(number):
        return desk.look_up(desk.asker(f"g{number}", "web"), CODE, f"{number:04d}")

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(guess, range(40)))
    assert sum(isinstance(result, Found) for result in results) == PROOFS


def test_a_right_proof_is_not_counted_against(desk, any_house):
    put(any_house, facts())
    for _ in range(PROOFS + 2):
        found = desk.look_up(desk.asker("a", "web"), CODE, "4321")
        assert isinstance(found, Found)
        assert isinstance(found.result, Status)
