"""What a ranking's looks tell: off topic, ambiguous, or one procedure alone; and wishes cut apart."""

import numpy as np
import pytest

from nlp.confidence import UNCLEAR, Verdict
from nlp.doubts import SIGNS, doubts_of, shipped_doubts, signs
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
