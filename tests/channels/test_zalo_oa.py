"""A Zalo Official Account, over real HTTP."""

import json
import time
from pathlib import Path

import pytest

from bot.channels.contract import Recipient
from bot.channels.zalo_oa import ERRORS
from bot.channels.zalo_oa_rendering import render_reply
from bot.messages import Bubble, Choice, Outcome, Reply
from tests.channels.running import Running, wait_for
from tests.channels.scripted import LIST
from tests.channels.zalo_rules import check_message
from tests.channels.zalo_server import Shown, ZaloServer, sign

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "api-samples"


@pytest.fixture
def oa(account: Running, zalo: ZaloServer) -> ZaloServer:
    return zalo


def last(zalo: ZaloServer, user: str, count: int) -> Shown:
    return wait_for(lambda: len(zalo.shown(user)) >= count and zalo.shown(user))[-1]


def test_a_question_is_answered(oa: ZaloServer):
    oa.say("u1", "lệ phí 1.004222")
    answer = last(oa, "u1", 1)
    assert "Đăng ký thường trú" in answer.text
    assert answer.text.splitlines()[-1].startswith("https://")
    assert len(answer.buttons) == 5


def test_the_page_of_the_procedure_is_a_button_where_there_is_room(oa: ZaloServer):
    oa.say("u1", "2")
    [button] = last(oa, "u1", 1).buttons
    assert button["type"] == "oa.open.url"


def test_a_button_is_the_same_as_its_words(oa: ZaloServer):
    oa.say("u1", "lệ phí 1.004222")
    answer = last(oa, "u1", 1)
    oa.press(answer, "Thời hạn")
    assert "thường trú" in last(oa, "u1", 2).text.lower()


def test_more_choices_than_buttons_lose_nothing(oa: ZaloServer):
    oa.say("u1", LIST)
    offer = last(oa, "u1", 1)
    assert len(offer.buttons) == 5
    assert offer.buttons[-1]["title"] == "Xem thêm"
    assert all(f"\n{number}. " in offer.text for number in range(1, 6))
    oa.say("u1", "5")
    assert last(oa, "u1", 2).text.startswith("Đã chọn 5.")


def test_a_repeated_event_is_answered_once(oa: ZaloServer):
    event = oa.say("u1", "cảm ơn")
    assert oa.deliver(event) == 200
    oa.say("u1", "tạm biệt")
    last(oa, "u1", 2)
    time.sleep(0.3)
    assert len(oa.shown("u1")) == 2


def test_forged_and_replayed_events_stay_out(oa: ZaloServer):
    event = oa.say("u1", "cảm ơn")
    last(oa, "u1", 1)
    forged = {**event, "message": {"msg_id": "f1", "text": "xin chào"}}
    body = json.dumps(event, ensure_ascii=False).encode()
    wrong_key = sign(body, event["timestamp"], secret="app-secret")
    for signature in (sign(body, event["timestamp"]), wrong_key, "mac=", "mac=ố".encode()):
        assert oa.deliver(forged, signature=signature) == 401
    old = {**event, "timestamp": str(int((time.time() - 2 * 86400) * 1000))}
    assert oa.deliver(old) == 401
    time.sleep(0.3)
    assert len(oa.shown("u1")) == 1


def test_echoes_and_receipts_are_ignored(oa: ZaloServer):
    for name in ("oa_send_text", "oa_send_list", "user_seen_message", "user_click_button"):
        message = {"msg_id": name, "text": "xin chào"}
        oa.event(name, sender={"id": "900"}, recipient={"id": "u1"}, message=message)
    oa.say("u1", "cảm ơn")
    assert "Không có gì" in last(oa, "u1", 1).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("user_send_location", "vị trí"),
        ("user_send_image", "ảnh"),
        ("user_send_audio", "nghe"),
        ("user_send_file", "tệp"),
        ("user_send_sticker", "chữ"),
        ("user_submit_info", "không lưu"),
        ("follow", "Xin chào"),
    ],
)
def test_what_is_no_text_gets_a_helpful_sentence(oa: ZaloServer, name: str, said: str):
    who = "follower" if name == "follow" else "sender"
    message = {} if name in ("follow", "user_submit_info") else {"message": {"msg_id": name}}
    oa.event(name, **{who: {"id": "u1"}}, **message)
    assert said in last(oa, "u1", 1).text


def test_samples_of_the_platform_are_understood(oa: ZaloServer):
    file = SAMPLES / "zalo-oa-webhook-events.json"
    if not file.exists():
        pytest.skip("the shared samples are not here")
    for name, event in json.loads(file.read_text(encoding="utf-8")).items():
        if isinstance(event, dict):
            now = str(int(time.time() * 1000))
            assert oa.deliver({**event, "timestamp": now}) == 200, name


def test_unfollowing_forgets(oa: ZaloServer):
    oa.say("u1", "lệ phí 1.004222")
    last(oa, "u1", 1)
    oa.event("unfollow", follower={"id": "u1"})
    oa.say("u1", "thời hạn")
    assert "thủ tục nào" in last(oa, "u1", 2).text


def test_a_list_holds_what_buttons_cannot():
    choices = [Choice(f"{n}. Việc thứ {n}", f"{n}", f"1.00000{n}") for n in range(1, 6)]
    bubble = Bubble("Bạn cần việc nào?", (*choices, Choice("Xem thêm", "xem thêm")))
    reply = Reply(Outcome.CLARIFY, (bubble,))
    [call] = render_reply(reply, Recipient("zalo-oa:u1", "abcdef"), "https://example.vn/anh.png")
    check_message(call.payload["message"])
    shown = Shown("u1", call.payload["message"])
    titles = [button["title"] for button in shown.buttons]
    assert titles == [choice.label for choice in bubble.choices]
    assert shown.text.startswith("Bạn cần việc nào?")


# Windows and errors.


def test_a_closed_window_parks_the_answer_until_the_citizen_writes(account, oa):
    oa.skew = 3 * 86400
    oa.say("u1", "cảm ơn")
    wait_for(lambda: states(account) == ["parked"])
    oa.skew = 0
    oa.say("u1", "tạm biệt")
    shown = wait_for(lambda: len(oa.shown("u1")) == 2 and oa.shown("u1"))
    assert "Không có gì" in shown[0].text
    assert "Chào bạn" in shown[1].text


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (-224, ["dead"]),
        (-201, ["dead"]),
        (-230, ["parked"]),
        (-305, ["parked"]),
        (-311, ["parked"]),
        (-213, []),
        (-211, ["waiting"]),
        (-32, ["waiting"]),
        (-999, ["waiting"]),
    ],
)
def test_every_error_has_its_consequence(account, oa, error, state):
    oa.errors = [error]
    oa.say("u1", "cảm ơn")
    wait_for(lambda: not oa.errors)
    wait_for(lambda: states(account) == state and not claimed(account))
    assert error in ERRORS or error == -999


def test_after_a_rate_error_the_message_still_arrives(oa: ZaloServer):
    oa.statuses = [503]
    oa.say("u1", "cảm ơn")
    assert last(oa, "u1", 1)


def test_a_token_that_zalo_rejects_is_renewed_and_the_message_sent(account, oa):
    oa.say("u1", "cảm ơn")
    last(oa, "u1", 1)
    before = oa.account.refreshes
    oa.account.access = "somebody has revoked the former one"
    oa.say("u1", "tạm biệt")
    assert "Chào bạn" in last(oa, "u1", 2).text
    assert oa.account.refreshes == before + 1
    assert len(oa.account.used) == len(set(oa.account.used))


def test_a_token_that_is_rejected_again_and_again_makes_the_channel_wait(account, oa):
    oa.say("u1", "cảm ơn")
    last(oa, "u1", 1)
    before = oa.account.refreshes
    oa.errors = [-216, -216]
    oa.say("u1", "tạm biệt")
    wait_for(lambda: not oa.errors and not claimed(account))
    assert (states(account), oa.account.refreshes) == (["waiting"], before + 1)


@pytest.mark.parametrize("days", [3, 8])
def test_either_window_opens_again_when_the_citizen_writes(account, oa, days: int):
    """48 hours for an answer (-305), 7 days since the last word (-230)."""
    oa.skew = days * 86400
    oa.say("u1", "cảm ơn")
    wait_for(lambda: states(account) == ["parked"])
    oa.skew = 0
    oa.say("u1", "tạm biệt")
    assert "Chào bạn" in last(oa, "u1", 2).text


def states(running: Running) -> list[str]:
    with running.app.sessions() as session:
        rows = session.connection().exec_driver_sql("select state from outbox order by id").all()
        return [row[0] for row in rows]


def claimed(running: Running) -> int:
    with running.app.sessions() as session:
        query = "select count(*) from outbox where claimed_until is not null"
        return session.connection().exec_driver_sql(query).scalar_one()
