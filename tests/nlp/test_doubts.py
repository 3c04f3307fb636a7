"""What a ranking's looks tell: off topic, ambiguous, or one procedure alone; and wishes cut apart."""

import numpy as np
import pytest

from nlp.confidence import UNCLEAR, Verdict
from nlp.doubts import SIGNS, doubts_of, shipped_doubts, signs, tells_what
from nlp.intents import Intent, find_intent
from nlp.understanding import understand
from nlp.wishes import split_wishes


@pytest.fixture(scope="module")
def index(app):
    return app.shelves().index


def test_weights_and_signs_are_of_one_length(index):
    heard = understand("đăng ký khai tử", index)
    assert signs(heard.matches, heard.query).shape == (len(SIGNS),)
    assert all(weights.shape == (len(SIGNS) + 1,) for weights in shipped_doubts())
    assert np.isfinite(signs(heard.matches, heard.query)).all()


def test_nothing_found_is_out_of_scope(index):
    assert doubts_of([], understand("", index).query) == (0.0, 0.0)


@pytest.mark.parametrize(
    "text", ["làm lại giấy tờ", "đổi giấy", "đăng ký lại", "xin giấy xác nhận"]
)
def test_a_wish_that_many_answer_is_asked_back_about(index, text):
    heard = understand(text, index)
    assert heard.verdict is Verdict.ASK
    assert doubts_of(heard.matches, heard.query).ambiguity > UNCLEAR


@pytest.mark.parametrize(
    "text", ["đăng ký kết hôn với người nước ngoài", "bằng lái bị mất xin cấp lại"]
)
def test_a_plain_wish_is_shown(index, text):
    assert understand(text, index).verdict is Verdict.SHOW


@pytest.mark.parametrize(
    "text",
    ["sổ hộ tịch có vấn đề", "muốn kết hôn mà chưa biết loại giấy nào", "lam giay gi do cho con"],
)
def test_who_does_not_know_which_is_asked_back(index, text):
    heard = understand(text, index)
    assert signs(heard.matches, heard.query)[SIGNS.index("unsure")] == 1
    assert heard.verdict is not Verdict.SHOW


def test_a_side_that_is_asked_for_makes_a_thing_clear(index):
    bare, asked = (
        understand(text, index) for text in ("tạm trú", "lệ phí đăng ký tạm trú bao nhiêu")
    )
    unclear, clearer = (doubts_of(one.matches, one.query).ambiguity for one in (bare, asked))
    assert unclear > UNCLEAR
    assert clearer < unclear
    assert (bare.verdict, asked.verdict) == (Verdict.ASK, Verdict.SHOW)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("tạm trú", False),
        ("đăng ký tạm trú", True),
        ("tạm trú chứ không phải thường trú", True),
        ("gia hạn tạm trú", True),
        ("tạm trú mất bao lâu", True),
        ("bà nội mới mất", True),
        ("mở quán mà chưa biết loại giấy nào", False),
    ],
)
def test_a_bare_thing_does_not_tell_what_is_wanted(index, text, tells):
    assert tells_what(understand(text, index).query) is tells


def test_rivals_that_nothing_tells_apart_are_counted(index):
    by_name = {}
    for text in ("khai tử", "đăng ký khai tử có yếu tố nước ngoài"):
        heard = understand(text, index)
        by_name[text] = signs(heard.matches, heard.query)[SIGNS.index("told_from_none")]
    assert by_name["khai tử"] > by_name["đăng ký khai tử có yếu tố nước ngoài"]


def test_a_lone_match_has_no_rivals(index):
    heard = understand("đăng ký khai tử", index)
    alone = signs(heard.matches[:1], heard.query)
    assert alone[SIGNS.index("rivals_alike")] == alone[SIGNS.index("word_of_rival")] == 0


@pytest.mark.parametrize("text", ["bài thơ về biển", "đội nào vô địch", "dạy nấu món cá kho"])
def test_what_no_procedure_answers_is_out_of_scope(index, text):
    heard = understand(text, index)
    assert heard.verdict is Verdict.NONE or heard.intent is Intent.OFF_TOPIC


def test_among_words_with_marks_a_child_is_no_joint():
    assert split_wishes("làm giấy khai sinh cho con mới đẻ") == []
    assert split_wishes("làm hộ chiếu còn lý lịch tư pháp thì sao") != []


def test_what_only_looks_like_a_joint_joins_nothing():
    said = "cấp phép tần số và thiết bị vô tuyến điện trên tàu cá"
    assert split_wishes(said) != []
    assert split_wishes(said, "cấp giấy phép tần số và thiết bị vô tuyến điện") == []
    assert split_wishes("khai tử cho cha vừa mất ở bệnh viện tỉnh") == []
    assert split_wishes("vừa khai tử cho cha vừa xóa tên hộ khẩu") != []
    assert split_wishes("đừng nhầm với đăng ký tạm trú mới") == []
    assert split_wishes("ban sao ho so cong ty co phan") == []


def test_a_month_is_no_abuse():
    assert find_intent("xin tro cap hang thang cho nguoi gia") is None
    assert find_intent("thang cho chet") is Intent.ABUSE
