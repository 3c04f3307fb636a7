"""Telegram by polling, over real HTTP."""

import logging

from prometheus_client import REGISTRY
from sqlalchemy import select

from knowledge.records.delivery import Inbox, Outbox
from tests.channels.running import Running, wait_for
from tests.channels.telegram_server import TelegramServer


def test_a_question_is_answered(polling: Running, telegram: TelegramServer):
    telegram.say(1, "đăng ký thường trú 1.004222")
    [first, *_] = wait_for(lambda: telegram.shown(1))
    assert first.text.startswith("Đăng ký thường trú")
    wait_for(lambda: boxes(polling) == (1, 0))


def test_nothing_of_the_citizen_is_kept(polling: Running, telegram: TelegramServer):
    telegram.say(987654321, "mất căn cước")
    wait_for(lambda: telegram.shown(987654321))
    wait_for(lambda: boxes(polling) == (1, 0))
    with polling.app.sessions() as session:
        [row] = session.scalars(select(Inbox))
    assert (row.text, row.conversation_id, row.details) == ("", "", {})


def test_a_repeated_update_is_answered_once(polling: Running, telegram: TelegramServer):
    telegram.say(1, "/help")
    wait_for(lambda: telegram.shown(1))
    update = telegram.say(1, "cảm ơn")
    telegram.push({"message": update["message"]}, update_id=update["update_id"])
    telegram.say(1, "tạm biệt")
    shown = wait_for(lambda: len(telegram.shown(1)) >= 3 and telegram.shown(1))
    assert len(shown) == 3


def test_order_within_a_conversation(polling: Running, telegram: TelegramServer):
    for number in range(10):
        telegram.say(1, "1.004222" if number % 2 else "xin chào")
    shown = wait_for(lambda: len(telegram.shown(1)) >= 15 and telegram.shown(1))
    starts = [m.text[:8] for m in shown if m.text.startswith(("Xin chào", "Đăng ký"))]
    assert starts == ["Xin chào", "Đăng ký "] * 5


def test_a_429_is_waited_for(polling: Running, telegram: TelegramServer):
    telegram.trouble("sendMessage", retry_after=1)
    telegram.say(1, "xin chào")
    assert len(wait_for(lambda: telegram.shown(1))) == 1


def test_a_fault_of_the_platform_is_outlived(polling: Running, telegram: TelegramServer):
    telegram.trouble("sendMessage", status=502, times=2)
    telegram.say(1, "xin chào")
    assert len(wait_for(lambda: telegram.shown(1))) == 1


def test_shown_although_the_platform_said_no_comes_twice(polling: Running, telegram):
    """The documented window: nobody can ask Telegram whether it has shown a message."""
    labels = {"channel": "telegram", "result": "in_doubt"}
    before = REGISTRY.get_sample_value("motcua_sendings_total", labels) or 0
    telegram.trouble("sendMessage", status=504, happens_anyway=True)
    telegram.say(1, "cảm ơn")
    telegram.say(1, "tạm biệt")
    shown = wait_for(lambda: len(telegram.shown(1)) >= 3 and telegram.shown(1))
    assert ["Không có gì" in one.text for one in shown] == [True, True, False]
    assert REGISTRY.get_sample_value("motcua_sendings_total", labels) == before + 1


def test_a_slow_answer_holds_up_its_own_chat_only(polling: Running, telegram: TelegramServer):
    telegram.trouble("sendMessage", status=200, delay=2.0)
    telegram.say(1, "cảm ơn")
    wait_for(lambda: not telegram.troubles[0].times)
    telegram.say(1, "tạm biệt")
    telegram.say(2, "xin chào")
    wait_for(lambda: telegram.shown(2))
    assert telegram.shown(1) == []
    shown = wait_for(lambda: len(telegram.shown(1)) == 2 and telegram.shown(1))
    assert "Không có gì" in shown[0].text


def test_webhooks_that_come_twice_and_the_wrong_way_round(hooked: Running, telegram):
    """Two that were said at once: each is answered once, whatever order they come in."""
    updates = [
        {"update_id": 900 + number, "message": telegram.message(1, text=text)}
        for number, text in enumerate(("cảm ơn", "tạm biệt"))
    ]
    for update in (updates[1], updates[0], updates[1], updates[0]):
        assert telegram.deliver(update).status_code == 200
    wait_for(lambda: len(telegram.shown(1)) == 2 and boxes(hooked) == (2, 0))
    assert len(telegram.shown(1)) == 2


def test_tokens_and_words_stay_out_of_the_log(
    polling: Running, telegram: TelegramServer, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    telegram.trouble("sendMessage", status=502)
    telegram.say(987654321, "mất căn cước ở Nga Sơn")
    wait_for(lambda: telegram.shown(987654321))
    written = caplog.text + "".join(capfd.readouterr())
    for secret in ("987654321", "Nga Sơn", "test-token-of-the-stand-in"):
        assert secret not in written


def boxes(running: Running) -> tuple[int, int]:
    """How many messages have been handled, and how many calls are still to be made."""
    with running.app.sessions() as session:
        handled = session.scalars(select(Inbox).where(Inbox.handled_at.is_not(None))).all()
        return len(handled), len(session.scalars(select(Outbox)).all())
