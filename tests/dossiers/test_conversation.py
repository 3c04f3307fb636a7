"""What citizens are told: every state, both proofs, refusals, doubtful codes, groups, erasing."""

import re

import pytest
from sqlalchemy import text

from bot.channels.contract import Recipient
from bot.channels.telegram import Telegram
from bot.dossier_desk import chat_key
from bot.messages import Message
from bot.private_chat import group_reply
from knowledge.records.dossier import State
from tests.dossiers.conftest import OWNER, facts, put, reply_to
from tests.dossiers.generating import LABELS

SECRET = {
    "reason": "Bà Lê Thị Vịt Trời (038099004321) khai thiếu ngày sinh",
    "papers": "Giấy chứng sinh bản chính, gọi 0912345678",
    "amount": "150.000",
    "fetch_at": "Quầy số 3",
}
PRIVATE = ("khai thiếu ngày sinh", "Giấy chứng sinh", "150.000", "Quầy số 3")


@pytest.fixture(autouse=True)
def dossiers(app):
    for state in State:
        put(app.sessions, facts(f"H56.14-261120-{state:04d}", state=LABELS[state], **SECRET))
    put(app.sessions, facts("H56.14-261110-0001", due="19/11/2026", contact="02373 111"))


def code(state: State) -> str:
    return f"H56.14-261120-{state:04d}"


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_said_with_what_it_means_and_no_more(talk, state):
    shown = talk(code(state), "đồng ý")
    assert f"Hồ sơ {code(state)}" in shown
    assert "Trạng thái:" in shown
    assert "Đăng ký khai sinh (1.001193)" in shown
    assert "Ủy ban nhân dân xã Ao Vịt" in shown
    assert "Nhận ngày 20/11/2026" in shown
    assert not any(word in shown for word in PRIVATE)


@pytest.mark.parametrize("proof", ["4321", "5678", "4 số cuối là 4321"])
def test_four_digits_of_id_or_phone_open_the_details(talk, proof):
    shown = talk(code(State.SUPPLEMENT), "đồng ý", proof)
    assert "Cần bổ sung: Giấy chứng sinh bản chính" in shown
    assert "khai thiếu ngày sinh" in shown


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.PAYMENT, "150.000 đồng"), (State.DONE, "Nơi nhận kết quả: Quầy số 3")],
)
def test_what_to_pay_and_where_to_fetch_are_details_too(talk, state, words):
    assert words not in talk(code(state), "đồng ý")
    assert words in talk("4321")


@pytest.mark.parametrize("number", [OWNER["owner_id"], OWNER["phone"]])
def test_a_whole_number_is_used_once_and_not_said_back(talk, app, number):
    shown = talk(code(State.SUPPLEMENT), "đồng ý", number)
    assert "chỉ cần gửi 4 số cuối" in shown
    assert number not in shown
    assert_nowhere(app, number, "4321]")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("proof", [None, "4321", "5678", "9999"])
def test_no_output_holds_anything_that_names_the_owner(talk, state, proof):
    shown = talk(code(state), "đồng ý", *([proof] if proof else [])).lower()
    for value in OWNER.values():
        assert value.lower() not in shown


def test_wrong_proof_and_no_dossier_read_the_same(talk):
    wrong = talk(code(State.DONE), "đồng ý", f"{code(State.DONE)} 9999")
    nobody = talk("H56.14-261120-0999 9999")
    assert wrong.replace(code(State.DONE), "…") == nobody.replace("H56.14-261120-0999", "…")


def test_five_wrong_proofs_end_the_tries_even_for_the_right_one(talk):
    talk(code(State.REFUSED), "đồng ý", *["9998"] * 5)
    assert "thử lại sau một giờ" in talk("4321")
    talk("đồng ý", chat="another")  # the code is closed for other chats too
    assert "thử lại sau một giờ" in talk(code(State.REFUSED), "đồng ý", "4321", chat="another")


def test_walking_through_the_ordinals_is_stopped(talk):
    talk("H56.14-261120-0100", "đồng ý")
    shown = [talk(f"H56.14-261120-{number:04d}") for number in range(101, 112)]
    assert any("mã liền nhau" in words for words in shown)


def test_consent_comes_first_and_no_means_no(talk, app):
    shown = talk(code(State.DONE))
    assert "đồng ý tra cứu không" in shown
    assert "Trạng thái" not in shown
    assert "không giữ mã" in talk("không đồng ý")
    assert "đồng ý tra cứu không" in talk(code(State.DONE))


def test_a_question_without_a_code_asks_for_it(talk):
    assert "mã hồ sơ ghi trên giấy hẹn" in talk("hồ sơ của tôi tới đâu rồi?")
    assert "chưa phải mã hồ sơ" in talk("038099001234")


def test_a_late_one_is_said_plainly_with_rights_and_contact(talk):
    shown = talk("H56.14-261110-0001", "đồng ý")
    assert "đã quá hạn 3 ngày làm việc" in shown  # 24/11 is a day off
    assert "Phiếu xin lỗi" in shown
    assert "02373 111" in shown


def test_an_ambiguous_code_is_asked_about_by_number(talk, app):
    reply = reply_to(app, "H561203-250702-0003", "telegram", "choosing")
    labels = [choice.label for choice in reply.bubbles[0].choices]
    assert labels == ["1. H56.120.3-250702-0003", "2. H56.12.03-250702-0003"]
    assert "chọn giúp một số" in talk("9", chat="choosing")
    assert "H56.12.03-250702-0003" in talk("2", "đồng ý", chat="choosing")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("H56.121-251302-0003", "tháng 13 không có"),
        ("H56.121-250702", "thiếu số thứ tự"),
        ("H56.121-250230-0003", "không có ngày 30/02"),
        ("000.00.16.H99-210815-0001", "H99"),
        ("03706/2026/07906", "Bảo hiểm xã hội"),
    ],
)
def test_a_wrong_code_is_explained(talk, typed, words):
    assert words in talk(typed)


def test_a_day_in_the_future_is_pointed_out(talk):
    assert "ở tương lai" in talk("H56.14-291120-0001", "đồng ý")


@pytest.mark.parametrize(
    "line", ["H56.14-261120-0009", "hồ sơ của tôi tới đâu rồi", "H56.14-261320-1"]
)
def test_groups_are_refused(talk, line):
    assert "Trong nhóm" in talk(line, in_group=True)


def test_following_needs_consent_and_ends_on_wish(talk):
    talk(code(State.IN_PROGRESS), "đồng ý")
    assert "phải giữ mã" in talk("báo cho tôi khi có thay đổi")
    assert "Đã ghi nhận" in talk("đồng ý")
    assert code(State.IN_PROGRESS) in talk("hồ sơ đang theo dõi")
    assert "ngừng theo dõi 1 hồ sơ" in talk("bỏ theo dõi")
    assert "không theo dõi hồ sơ nào" in talk("hồ sơ đang theo dõi")


def test_the_web_says_that_it_cannot_write_first(talk):
    shown = talk(code(State.IN_PROGRESS), "đồng ý", "báo cho tôi khi có thay đổi", channel="web")
    assert "không tự gửi tin" in shown


def test_erasing_leaves_nothing_of_the_chat(talk, app):
    talk(
        code(State.PAYMENT), "đồng ý", "4321", "báo cho tôi khi có thay đổi", "đồng ý", chat="gone"
    )
    assert "Đã xóa" in talk("/xoadulieu", chat="gone")
    key, asker = chat_key("gone"), app.desk.asker("gone", "telegram").chat
    with app.sessions() as session:
        for table, column, value in (
            ("dossier_follow", "chat", key),
            ("dossier_consent", "chat", key),
            ("conversation", "id", key),
            ("turn", "conversation", key),
            ("dossier_try", "chat", asker),
        ):
            query = text(f"SELECT count(*) FROM {table} WHERE {column} = :value")
            assert session.scalar(query, {"value": value}) == 0, table
    assert "đồng ý tra cứu không" in talk(code(State.PAYMENT), chat="gone")


def test_neither_code_nor_proof_is_kept_after_a_look_up(talk, app):
    talk(code(State.WITHDRAWN), "đồng ý", "4321", "hồ sơ của tôi đâu", chat="kept-nothing")
    assert_nowhere(app, code(State.WITHDRAWN), "4321")


def assert_nowhere(app, *words):
    """Not in any table but the dossiers themselves; a measured time may hold any digits."""
    moment = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?|[0-9a-f]{32,}")
    with app.sessions() as session:
        for table in ("conversation", "turn", "dossier_try", "dossier_consent", "inbox", "outbox"):
            rows = session.execute(text(f"SELECT * FROM {table}"))
            kept = " ".join(moment.sub("", str(v)) for r in rows for v in r if type(v) is not float)
            for word in words:
                assert word not in kept, table


def test_a_group_gets_a_button_to_the_private_chat_on_the_platform_too():
    said = Message(
        "telegram", "e", "telegram:-5", "H56.14-261120-0009", is_in_group=True,
        private_chat="https://t.me/vit_bot",
    )  # fmt: skip
    reply = group_reply(said, "https://hoi.example.gov.vn")
    calls = Telegram("1:t").render(reply, Recipient("telegram:-5", "tag"))
    buttons = [b for row in calls[0].payload["keyboard"] for b in row]
    assert {"text": "Nhắn riêng cho tôi", "url": "https://t.me/vit_bot"} in buttons
    assert {"text": "Hỏi riêng trên trang web", "url": "https://hoi.example.gov.vn"} in buttons
