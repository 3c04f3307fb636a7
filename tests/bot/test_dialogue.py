"""The dialogue itself: pure, and a question asked back comes to an end."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue import Choosing, Offer, Show, Start, Tell, Viewing, respond
from nlp.intents import Facet
from nlp.understanding import understand


def say(shelf, *texts, state=None):
    state = state or Start()
    move = None
    for text in texts:
        state, move = respond(state, understand(text, shelf.index), shelf)
    return state, move


def test_the_same_state_and_words_give_the_same_move(shelf):
    heard = understand("đăng ký kết hôn cần giấy tờ gì", shelf.index)
    assert respond(Start(), heard, shelf) == respond(Start(), heard, shelf)


def test_a_facet_without_a_topic_is_about_the_procedure_on_the_table(shelf):
    state, move = say(shelf, "đăng ký kết hôn", "thế phí bao nhiêu")
    assert isinstance(state, Viewing)
    assert move == Show(state.slug, Facet.FEE, is_follow_up=True)


def test_a_new_topic_switches(shelf):
    state, _ = say(shelf, "đăng ký kết hôn", "đăng ký tạm trú mất bao lâu")
    assert shelf.listing(state.slug).code == "1.004194"


@pytest.mark.parametrize(
    "state",
    [
        Viewing("1.000894", Facet.FEE, (), (), "đăng ký kết hôn"),
        Choosing(("1.000894",), "kết hôn"),
    ],
)
def test_a_question_that_stands_for_itself_is_ranked_once(shelf, monkeypatch, state):
    monkeypatch.setattr(type(shelf), "weighed", None)  # ranks it with what was asked before
    state, _ = say(shelf, "xin giấy phép xây dựng nhà ở riêng lẻ", state=state)
    assert "giấy phép xây dựng" in shelf.listing(state.slug).name.lower()


def test_back_returns_to_what_was_shown_before(shelf):
    state, _ = say(shelf, "đăng ký kết hôn", "đăng ký tạm trú mất bao lâu", "quay lại")
    assert shelf.listing(state.slug).code == "1.000894"


def test_a_number_picks_and_a_wrong_number_is_told(shelf):
    offered = ("1.000894", "1.004194")
    state = Choosing(offered, "đăng ký", Facet.FEE)
    assert say(shelf, "2", state=state)[1] == Show("1.004194", Facet.FEE)
    assert say(shelf, "9", state=state)[1] == Tell("choose_by_number", last=2)
    assert say(shelf, "cái cuối", state=state)[1] == Show("1.004194", Facet.FEE)


def test_words_pick_from_the_list(shelf):
    state = Choosing(("1.000894", "1.004194"), "đăng ký", Facet.FEE)
    assert say(shelf, "tạm trú ấy", state=state)[1] == Show("1.004194", Facet.FEE)


@pytest.mark.parametrize(
    ("text", "name"),
    [("xin chào", "greeting"), ("cảm ơn", "thanks"), ("bắt đầu lại", "restarted"),
     ("quay lại", "nothing_before"), ("thời tiết hôm nay", "off_topic"),
     ("hồ sơ của tôi tới đâu rồi", "dossier_look_up")],
)  # fmt: skip
def test_moves_that_are_no_questions(shelf, text, name):
    move = say(shelf, text)[1]
    assert getattr(move, "name", name) == name


def test_an_unknown_code_is_said_as_unknown(shelf):
    assert say(shelf, "9.999999")[1] == Tell("unknown_code", "9.999999")


@given(st.lists(st.sampled_from(
    ["làm lại giấy tờ", "trợ cấp", "đăng ký", "xe", "đất", "cấp lại", "bảo hiểm", "1", "2", "5",
     "cái đầu", "không cái nào", "xem thêm", "quay lại", "lệ phí", "ở đâu", "", "😀", "bắt đầu lại"]),
    min_size=1, max_size=8))  # fmt: skip
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_conversation_goes_on(shelf, texts):
    state = Start()
    for text in texts:
        state, move = respond(state, understand(text, shelf.index), shelf)
        assert isinstance(move, Show | Offer | Tell) or move is not None
        if isinstance(state, Choosing):
            assert state.offered


@given(st.sampled_from(["làm lại giấy tờ", "trợ cấp", "đăng ký xe", "sổ đỏ", "khai sinh", "bảo hiểm"]),
       st.integers(1, 5), st.integers(1, 5))  # fmt: skip
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_two_picks_at_most_lead_to_a_procedure(shelf, text, first, second):
    state, _ = say(shelf, text)
    for pick in (first, second):
        if isinstance(state, Choosing):
            state, _move = say(shelf, str(min(pick, len(state.offered))), state=state)
    assert not isinstance(state, Choosing)
