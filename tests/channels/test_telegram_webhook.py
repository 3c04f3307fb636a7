"""Telegram by webhook: buttons, pages, groups, sharing, and those who should not get in."""

import time

import pytest

from bot.assistant import Assistant
from bot.channels.telegram_inline import deep_link
from bot.conversations import Memory
from bot.messages import Message, Reply
from tests.channels.conftest import SECRET, Start
from tests.channels.running import Running, wait_for
from tests.channels.scripted import LIST
from tests.channels.telegram_chats import Sent
from tests.channels.telegram_server import TOKEN, TelegramServer

GROUP = -1001


class Slow(Assistant):
    """An assistant that has to think."""

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        time.sleep(1.5)
        return super().reply(message, memory)


@pytest.fixture
def telegram_hooked(hooked: Running, telegram: TelegramServer) -> TelegramServer:
    return telegram


def last(telegram: TelegramServer, chat: int, count: int) -> Sent:
    """The newest message of a chat, once there are so many."""
    return wait_for(lambda: len(telegram.shown(chat)) >= count and telegram.shown(chat))[-1]


def test_the_menu_is_vietnamese(telegram_hooked: TelegramServer):
    names = [command["command"] for command in telegram_hooked.commands]
    assert names == ["start", "help", "moi", "quaylai", "xoadulieu"]
    assert telegram_hooked.webhook["secret_token"] == SECRET


def test_a_button_is_the_same_as_its_words(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, LIST)
    telegram_hooked.press(last(telegram_hooked, 1, 1), "2")
    assert last(telegram_hooked, 1, 2).text.startswith("Đã chọn 2.")
    wait_for(lambda: not telegram_hooked.unanswered())


def test_a_list_is_turned_over_in_place(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, LIST)
    offer = last(telegram_hooked, 1, 1)
    telegram_hooked.press(offer, "Xem thêm")
    wait_for(lambda: offer.edits)
    assert "từ 6 đến 8" in offer.text
    assert offer.labels[0] == "6. Việc thứ 6"
    assert len(telegram_hooked.shown(1)) == 1
    wait_for(lambda: not telegram_hooked.unanswered())


def test_an_old_button_still_means_what_it_says(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, LIST)
    offer = last(telegram_hooked, 1, 1)
    telegram_hooked.say(1, "xin chào")
    last(telegram_hooked, 1, 2)
    telegram_hooked.press(offer, "3")
    assert last(telegram_hooked, 1, 3).text.startswith("Đã chọn 1.000003.")


def test_an_old_button_that_needs_its_list_is_explained(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, LIST)
    offer = last(telegram_hooked, 1, 1)
    telegram_hooked.say(1, "xin chào")
    last(telegram_hooked, 1, 2)
    telegram_hooked.press(offer, "Xem thêm")
    assert last(telegram_hooked, 1, 3).text.startswith("Nút này thuộc câu trả lời cũ")


def test_strange_button_data_is_explained(telegram_hooked: TelegramServer):
    offer = Sent(1, 5, "cũ", [[{"text": "x", "callback_data": "2"}]], 0)
    telegram_hooked.press(offer, "x")
    assert last(telegram_hooked, 1, 1).text.startswith("Nút này")
    wait_for(lambda: not telegram_hooked.unanswered())


def test_a_poster_opens_its_procedure(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, "/start 1_004222")
    shown = wait_for(lambda: telegram_hooked.shown(1))
    assert "Đăng ký thường trú" in shown[0].text
    assert deep_link("bot", "1.004222") == "https://t.me/bot?start=1_004222"


def test_the_page_of_the_procedure_is_a_button_and_a_line(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, "lệ phí 1.004222")
    answer = last(telegram_hooked, 1, 1)
    url = answer.button("Mở trang")["url"]
    assert url in answer.text.splitlines()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"location": {"latitude": 19.8, "longitude": 105.7}}, "vị trí"),
        ({"voice": {"file_id": "x", "file_unique_id": "x", "duration": 3}}, "nghe"),
        ({"photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]}, "ảnh"),
        ({"document": {"file_id": "x", "file_unique_id": "x"}}, "tệp"),
        ({"contact": {"phone_number": "0", "first_name": "x"}}, "không lưu"),
        ({"sticker": {"file_id": "x"}}, "chữ"),
    ],
)
def test_what_is_no_text_gets_a_helpful_sentence(telegram_hooked, content, said):
    telegram_hooked.push({"message": telegram_hooked.message(1, **content)})
    assert said in last(telegram_hooked, 1, 1).text


def test_text_that_looks_like_html_is_shown_as_typed(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, "mã <b>9.999999</b> & <script>")
    assert last(telegram_hooked, 1, 1)


def test_in_groups_only_when_addressed(telegram_hooked: TelegramServer):
    telegram_hooked.say(GROUP, "hôm nay trời đẹp")
    telegram_hooked.say(GROUP, "/help@other_bot")
    telegram_hooked.say(GROUP, "@motcua_test_bot lệ phí 1.004222")
    answer = last(telegram_hooked, GROUP, 1)
    assert "Đăng ký thường trú" in answer.text
    assert "reply_parameters" in answer.form
    telegram_hooked.say(GROUP, "/help@motcua_test_bot")
    last(telegram_hooked, GROUP, 2)
    own = {"message_id": answer.id, "from": {"id": 123456, "is_bot": True}, "chat": {"id": GROUP}}
    telegram_hooked.say(GROUP, "cảm ơn", reply_to_message=own)
    assert "Không có gì" in last(telegram_hooked, GROUP, 3).text


def test_no_dossier_in_a_group(telegram_hooked: TelegramServer):
    telegram_hooked.say(GROUP, "@motcua_test_bot tra cứu H56.121-250702-0003")
    shown = last(telegram_hooked, GROUP, 1)
    assert "Trong nhóm" in shown.text
    links = [cell.get("url") for row in shown.keyboard for cell in row]
    assert "https://t.me/motcua_test_bot" in links


def test_a_group_that_moved_is_followed(telegram_hooked: TelegramServer):
    telegram_hooked.migrated[GROUP] = -1002
    telegram_hooked.say(GROUP, "@motcua_test_bot xin chào")
    assert last(telegram_hooked, -1002, 1)


def test_who_has_blocked_the_bot_is_left_alone(hooked: Running, telegram: TelegramServer):
    telegram.gone.add(7)
    telegram.say(7, "1.004222")
    wait_for(lambda: telegram.called("sendMessage") and not waiting(hooked))
    assert telegram.shown(7) == []
    telegram.gone.clear()
    telegram.say(7, "xin chào")
    assert "Xin chào" in last(telegram, 7, 1).text


def test_a_block_is_remembered_until_the_citizen_writes(hooked: Running, telegram):
    telegram.say(7, "xin chào")
    last(telegram, 7, 1)
    telegram.push(block(7))
    wait_for(lambda: lost(hooked) == 1)
    telegram.say(7, "/start")
    last(telegram, 7, 2)
    assert wait_for(lambda: lost(hooked) == 0)


def test_blocking_forgets_the_conversation(hooked: Running, telegram: TelegramServer):
    telegram.say(7, "lệ phí 1.004222")
    last(telegram, 7, 1)
    telegram.push(block(7))
    telegram.say(7, "thời hạn")
    assert "thủ tục nào" in last(telegram, 7, 2).text


def test_data_is_erased_on_request(telegram_hooked: TelegramServer):
    telegram_hooked.say(1, "lệ phí 1.004222")
    last(telegram_hooked, 1, 1)
    telegram_hooked.say(1, "/xoadulieu")
    assert "Đã xóa" in last(telegram_hooked, 1, 2).text
    telegram_hooked.say(1, "thời hạn")
    assert "thủ tục nào" in last(telegram_hooked, 1, 3).text


def test_a_procedure_is_shared_into_another_chat(telegram_hooked: TelegramServer):
    query = telegram_hooked.ask_inline("đăng ký thường trú")
    results = wait_for(lambda: telegram_hooked.inline_results(query))
    assert any(result["id"] == "1.004222" for result in results)
    assert "https://" in results[0]["input_message_content"]["message_text"]


def test_typing_is_shown_while_a_citizen_waits(start: Start, telegram: TelegramServer):
    start(Slow, telegram_token=TOKEN, telegram_api_url=telegram.url)
    telegram.say(3, "xin chào")
    wait_for(lambda: telegram.called("sendChatAction"))
    assert last(telegram, 3, 1)
    assert len(telegram.called("sendChatAction")) == 1


def block(chat: int) -> dict[str, object]:
    """What Telegram tells when a citizen has blocked the bot."""
    chats = {"chat": {"id": chat, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    return {"my_chat_member": chats}


def lost(running: Running) -> int:
    with running.app.sessions() as session:
        query = "select count(*) from correspondent where is_unreachable"
        return session.connection().exec_driver_sql(query).scalar_one()


def waiting(running: Running) -> list[object]:
    with running.app.sessions() as session:
        return list(session.connection().exec_driver_sql("select id from outbox").all())
