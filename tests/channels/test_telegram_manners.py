"""Telegram, where it is easily got wrong: presses, edits, long texts, groups, links of posters."""

import re

import pytest

from bot.assistant import Assistant
from bot.conversations import Memory
from bot.messages import Bubble, Message, Named, Outcome, Reply
from tests.channels.conftest import SECRET, Start
from tests.channels.running import Running, wait_for
from tests.channels.scripted import LIST
from tests.channels.telegram_server import TOKEN, Sent, TelegramServer
from tests.channels.test_telegram_webhook import GROUP, last

ME = "@motcua_test_bot"
LONG = "Tên <việc> & giấy tờ\n" + "\n\n".join(
    f"{number}. Giấy <b>số</b> {number} & bản sao 😀 «{'rất dài ' * 30}»" for number in range(40)
)


class Verbose(Assistant):
    """Shows a procedure with more papers than a message holds, and marks that mean something."""

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        named = Named("1.000001", "Việc", "https://dichvucong.gov.vn/viec?a=1&b=<2>")
        return Reply(Outcome.ANSWER, (Bubble(LONG),), procedure=named)


@pytest.fixture
def bot(hooked: Running, telegram: TelegramServer) -> TelegramServer:
    return telegram


def test_each_press_is_answered_exactly_once(bot: TelegramServer):
    bot.say(1, LIST)
    offer = last(bot, 1, 1)
    for label in ("2", "2", "Xem thêm"):
        bot.press(offer, label)
    last(bot, 1, 4)
    wait_for(lambda: not bot.unanswered())
    answered = [form["callback_query_id"] for form in bot.called("answerCallbackQuery")]
    assert len(answered) == len(set(answered)) == 3


def test_a_press_is_released_before_its_answer_is_shown(bot: TelegramServer):
    bot.say(1, LIST)
    bot.press(last(bot, 1, 1), "2")
    last(bot, 1, 2)
    names = [name for name, _ in bot.calls if name in ("answerCallbackQuery", "sendMessage")]
    assert names == ["sendMessage", "answerCallbackQuery", "sendMessage"]


def test_a_list_that_is_gone_is_turned_over_in_a_new_message(bot: TelegramServer):
    bot.say(1, LIST)
    offer = last(bot, 1, 1)
    bot.messages.remove(offer)
    bot.press(offer, "Xem thêm")
    assert "từ 6 đến 8" in last(bot, 1, 1).text
    wait_for(lambda: not bot.unanswered())


def test_a_long_text_is_split_and_shown_as_it_is(start: Start, telegram: TelegramServer):
    start(Verbose, telegram_token=TOKEN, telegram_api_url=telegram.url)
    telegram.say(1, "gì cũng được")
    last(telegram, 1, len(LONG) // 4096 + 1)
    wait_for(lambda: telegram.shown(1)[-1].keyboard)
    shown = telegram.shown(1)
    assert "".join("".join(one.text.split()) for one in shown) == "".join(LONG.split())
    assert shown[0].form["text"].startswith("<b>Tên &lt;việc&gt; &amp; giấy tờ</b>\n")
    assert all(re.match(r"\d+\. Giấy", one.text) for one in shown[1:]), "cut between paragraphs"
    assert [bool(one.keyboard) for one in shown] == [False] * (len(shown) - 1) + [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/start 1_004222", "Đăng ký thường trú"),
        ("/START 1_004222", "Đăng ký thường trú"),
        (f"/start{ME} 1_004222", "Đăng ký thường trú"),
        ("/start", "Xin chào"),
        ("/start quang_cao", "Xin chào"),
    ],
)
def test_links_of_posters(bot: TelegramServer, text: str, said: str):
    bot.say(1, text)
    assert said in first(bot, 1).text
    bot.say(GROUP, text if ME in text else text.replace("/start", f"/start{ME}"))
    assert said in first(bot, GROUP).text


def first(bot: TelegramServer, chat: int) -> Sent:
    """The first message of a chat; a long answer may have a second one."""
    return wait_for(lambda: bot.shown(chat))[0]


def test_a_group_that_talks_about_something_else_is_left_alone(bot: TelegramServer):
    other = {"message_id": 3, "from": {"id": 55, "is_bot": False}, "chat": {"id": GROUP}}
    bot.say(GROUP, "đăng ký thường trú 1.004222")
    bot.say(GROUP, "lệ phí?", reply_to_message=other)
    bot.say(GROUP, "@motcua_test_bot2 lệ phí")
    for content in (
        {"voice": {"file_id": "x", "file_unique_id": "x", "duration": 3}},
        {"location": {"latitude": 19.8, "longitude": 105.7}},
        {"new_chat_title": "Xóm"},
    ):
        bot.push({"message": bot.message(GROUP, **content)})
    bot.say(GROUP, f"{ME} cảm ơn")
    assert "Không có gì" in last(bot, GROUP, 1).text
    assert len(bot.shown(GROUP)) == 1


def test_a_group_that_moves_goes_on_with_what_it_talked_about(bot: TelegramServer):
    bot.say(GROUP, f"{ME} lệ phí 1.004222")
    last(bot, GROUP, 1)
    bot.push({"message": bot.message(GROUP, migrate_to_chat_id=-1002)})
    bot.say(-1002, f"{ME} thời hạn")
    assert "Đăng ký thường trú" in last(bot, -1002, 1).text


def test_in_a_group_no_four_digits_open_a_dossier(bot: TelegramServer):
    for words in ("tra cứu hồ sơ", "H56.121-250702-0003", "1234", "theo dõi"):
        bot.say(GROUP, f"{ME} {words}")
    last(bot, GROUP, 4)
    shown = " ".join(one.text for one in bot.shown(GROUP))
    assert "Trong nhóm" in shown
    assert "H56.121" not in shown


def test_a_press_in_a_group_is_answered_there_in_its_topic(bot: TelegramServer):
    bot.say(GROUP, f"{ME} {LIST}", message_thread_id=9, is_topic_message=True)
    offer = last(bot, GROUP, 1)
    assert int(offer.form["message_thread_id"]) == 9
    bot.press(offer, "2")
    assert last(bot, GROUP, 2).text.startswith("Đã chọn 2.")


def test_what_is_shared_is_escaped_and_leads_on(bot: TelegramServer):
    query = bot.ask_inline("1.004222")
    [card] = wait_for(lambda: bot.inline_results(query))
    buttons = [button for row in card["reply_markup"]["inline_keyboard"] for button in row]
    assert buttons[1]["url"] == "https://t.me/motcua_test_bot?start=1_004222"
    empty = bot.ask_inline("")
    wait_for(lambda: bot.inline_results(empty) is not None)
    assert bot.inline_results(empty) == []


def test_the_secret_is_compared_whole(bot: TelegramServer):
    update = {"update_id": 1, "message": bot.message(1, text="xin chào")}
    for wrong in (SECRET[:-1], SECRET + "x", ""):
        header = {"X-Telegram-Bot-Api-Secret-Token": wrong}
        assert bot.deliver(update, **header).status_code == 401
    assert bot.shown(1) == []
