"""The dialogue itself: pure, and a question asked back comes to an end."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue import respond
from bot.moves import MOST_QUESTIONS
from bot.states import Choosing, Offer, Show, Start, Tell, Viewing
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


@given(st.lists(st.sampled_from(
    ["trợ cấp", "trợ cấp cho người nghèo", "ở xã", "xin tiền", "người già", "cấp lại", "giấy tờ xe",
     "xe máy", "sổ đỏ", "đất", "hộ nghèo", "bảo hiểm", "cho con tôi", "bị mất"]),
    min_size=3, max_size=8))  # fmt: skip
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_at_most_two_questions_in_a_row_about_one_wish(shelf, texts):
    state = Start()
    for text in texts:
        before = state
        state, move = respond(state, understand(text, shelf.index), shelf)
        if isinstance(state, Choosing) and isinstance(move, Offer):
            assert state.times <= MOST_QUESTIONS or state.offered == before.offered


def test_a_bare_facet_is_answered_of_the_likely_first_choice(shelf):
    state, _ = say(shelf, "chuyển hộ khẩu")
    if isinstance(state, Choosing):
        assert isinstance(say(shelf, "lệ phí", state=state)[1], Show)


def test_a_new_act_leads_to_the_sibling_and_is_remembered(shelf):
    state, _ = say(shelf, "đổi bằng lái xe", "nhầm, bị mất chứ không phải đổi", "lệ phí bao nhiêu")
    assert shelf.listing(state.slug).code == "3.000348"


def test_an_age_leads_to_the_procedure_for_that_age(shelf):
    state, _ = say(shelf, "làm thẻ căn cước cho bé 6 tuổi", "con chị nó 15 tuổi thì sao")
    assert shelf.listing(state.slug).code == "1.014061"


def test_what_is_asked_in_passing_is_no_correction(shelf):
    state, _ = say(shelf, "đăng ký kết hôn", "tiện hỏi luôn, đăng ký tạm trú nộp ở đâu")
    assert shelf.listing(state.slug).code == "1.004194"


def test_two_sides_at_once(shelf):
    move = say(shelf, "đăng ký tạm trú", "thời hạn và lệ phí thế nào")[1]
    assert (move.facet, move.second) == (Facet.TIME_LIMIT, Facet.FEE)


def test_the_choices_are_compared(shelf):
    state, _ = say(shelf, "làm căn cước")
    assert say(shelf, "mấy cái này khác nhau chỗ nào", state=state) == (
        state,
        Offer(state.offered),
    )


def test_none_of_the_picked_list_offers_the_others(shelf):
    state, _ = say(shelf, "làm căn cước", "cái đầu")
    following, move = say(shelf, "không phải", state=state)
    assert isinstance(move, Offer) and state.slug not in following.offered


@pytest.mark.parametrize(
    ("text", "name"),
    [("tôi muốn ly hôn", "court"), ("không đời nào", "acknowledged"), ("ly dị", "court")],
)
def test_what_no_procedure_answers(shelf, text, name):
    assert say(shelf, text)[1] == Tell(name)


def test_words_that_tell_nothing_of_the_procedure_are_no_match(shelf):
    assert say(shelf, "đăng ký kết hôn", "trời đẹp quá đi")[1] == Tell("no_match")


def test_a_purpose_or_whom_it_is_for_stays_with_the_procedure_on_the_table(shelf):
    state, move = say(shelf, "làm giấy xác nhận độc thân", "để đi xuất khẩu lao động")
    assert isinstance(move, Show) and shelf.listing(state.slug).code == "1.004873"


def test_what_was_called_wrong_is_not_shown_once_more(shelf):
    state, move = say(shelf, "mất bằng lái rồi", "à lộn, mất giấy xe")
    assert not isinstance(move, Show) or shelf.listing(state.slug).code != "3.000348"


def test_thanks_between_choices_pick_nothing(shelf):
    state, _ = say(shelf, "trợ cấp người già")
    assert say(shelf, "dạ cám ơn nhiều", state=state) == (state, Tell("thanks"))
