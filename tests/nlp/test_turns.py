"""How a message stands to the one before it: the tables of turns and ages, and a word before a comma."""

import pytest

from nlp.ages import admits, age_said, without_ages
from nlp.aspects import ACTS, Aspect, phrase_of, without_cues
from nlp.intents import Facet, Intent, begins_with, find_facets, find_intent, is_off_topic, says
from nlp.normalize import normalize
from nlp.tables import rows
from nlp.understanding import understand

KINDS = {
    "opens_detail",
    "looks_back",
    "corrects",
    "opens_correction",
    "awaits",
    "adds",
    "need",
    "opens_another",
    "lacks",
    "presence",
    "compares",
}


def test_the_table_knows_only_these_kinds_and_each_row_stands_in_normal_form():
    found = list(rows("turns.tsv", 2))
    assert {kind for kind, _ in found} == KINDS
    assert len(found) == len(set(found))
    assert [cue for _, cue in found if normalize(cue) != cue] == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("tiện hỏi luôn làm căn cước ra đâu", "adds"),
        ("ý tui là gia hạn", "corrects"),
        ("hai vợ chồng có phải cùng đi không", "presence"),
        ("mấy cái đó khác nhau chỗ mô", "compares"),
        ("có phải đi khám sức khỏe không", "need"),
        ("rồi cả thẻ tạm trú nữa", "adds"),
        ("quay lại vụ khai sinh", "looks_back"),
    ],
)
def test_a_turn_is_heard(said, kind):
    assert says(normalize(said), kind)


def test_some_words_correct_only_at_the_beginning():
    assert begins_with("dạ nhầm bị mất", "opens_correction")
    assert begins_with("quên nữa anh ấy quốc tịch mỹ", "opens_correction")
    assert not begins_with("họ ghi nhầm ngày sinh", "opens_correction")


@pytest.mark.parametrize(
    ("said", "facet"),
    [
        ("phi dang ky thuong tru online bao nhieu", Facet.FEE),
        ("nộp online được không", Facet.ONLINE),
        ("giấy tờ và lệ phí", Facet.DOCUMENTS),
        ("phí 20 nghìn đúng không", Facet.FEE),
        ("giá nhiêu", Facet.FEE),
        ("không đi làm chỉ mua bảo hiểm", None),
        ("nộp ở xã mình hay xã bên", Facet.WHERE),
        ("nộp ở đâu và bao lâu", Facet.WHERE),
        ("ông nội đi thay được không", Facet.CONDITIONS),
        ("thòi hạng", Facet.TIME_LIMIT),
        ("cái đơn đó đưa cho ai", Facet.WHERE),
        ("làm ở xã của bác hay xã tụi nhỏ", Facet.WHERE),
        ("phải về quê làm hay làm ở đây cũng được", Facet.WHERE),
        ("nộp đơn cho ai", Facet.WHERE),
        ("có mẫu không", Facet.FORM),
        ("nộp trên này hay phải về quê", Facet.WHERE),
        ("tôi phải cầm theo những gì", Facet.DOCUMENTS),
        ("tiền thất nghiệp", None),
    ],
)
def test_a_side_is_heard_in_everyday_words(said, facet):
    assert next(iter(find_facets(normalize(said))), None) is facet


@pytest.mark.parametrize(
    ("said", "intent"),
    [("ừ đúng rồi", Intent.YES), ("dạ vâng cảm ơn", Intent.THANKS), ("xin ly hôn", Intent.COURT),
     ("ly hôn rồi muốn tách hộ", None), ("giấy tờ nhiều quá hen", None),
     ("hồ sơ quá hẹn ba bữa rồi", Intent.STATUS)],
)  # fmt: skip
def test_a_saying_is_heard(said, intent):
    assert find_intent(normalize(said)) is intent


@pytest.mark.parametrize(
    ("said", "is_off"),
    [("lương bảo vệ bao nhiêu một tháng", True), ("lương giáo viên được mấy triệu", True),
     ("giải quyết lương hưu mất bao nhiêu ngày", False)],
)  # fmt: skip
def test_what_somebody_earns_is_no_procedure(said, is_off):
    assert is_off_topic(said) is is_off


def test_a_side_that_the_added_marks_would_hide_is_heard_as_typed(shelf):
    assert understand("moi ban may ngan", shelf.index).facet is Facet.FEE


def test_what_it_comes_to_has_no_topic_of_its_own(shelf):
    assert understand("hết bao nhiêu tiền", shelf.index).topic_words == 0


def test_a_word_before_a_comma_is_not_part_of_the_wish(shelf):
    heard = understand("không phải, đổi bằng lái", shelf.index)
    assert heard.corrects and heard.text == "đổi bằng lái"
    assert understand("cảm ơn nha, cái thứ hai", shelf.index).pick == 2
    assert understand("đất ở, nhà ở", shelf.index).text == "đất ở nhà ở"


def test_ages():
    assert age_said("con chi no 16 tuoi") == 16
    assert age_said("từ 14 tuổi trở lên") is None
    assert without_ages("căn cước cho bé 6 tuổi ở xã") == "căn cước cho bé ở xã"
    assert not admits("trợ cấp cho người từ đủ 75 tuổi đến 80 tuổi", 82)
    assert admits("trợ cấp cho người từ đủ 75 tuổi đến 80 tuổi", 77)
    assert admits("đăng ký kết hôn", 3)


def test_words_of_an_act_are_found_and_left_out():
    exchange = Aspect(ACTS, "exchange")
    assert without_cues("đổi bằng lái xe", {exchange}) == "bằng lái xe"
    assert phrase_of(exchange) == "cấp đổi"
