"""The word tables: in form, in normal form, without doubles, and understood as they say."""

from collections import Counter

import pytest

from nlp import questions
from nlp.aspects import Aspect, read_aspects
from nlp.intents import Facet, Intent, find_facets, find_intent, is_off_topic
from nlp.lexicon import synonyms, topic_weights
from nlp.normalize import fold, normalize
from nlp.tables import lines, rows

TABLES = [("abbreviations.tsv", 2), ("synonyms.tsv", 2), ("aspects.tsv", 3), ("facets.tsv", 3),
          ("sayings.tsv", 3), ("picks.tsv", 2), ("popularity.tsv", 2), ("usual.tsv", 2)]  # fmt: skip
LISTS = ["frames.txt", "negations.txt", "particles.txt", "off_topic.txt", "joints.txt",
         "rimes.txt", "foreign_words.txt", "unsure.txt", "doings.txt", "labels.txt",
         "no_joints.txt"]  # fmt: skip


@pytest.mark.parametrize(("name", "columns"), TABLES)
def test_table_has_its_columns_and_no_double_row(name, columns):
    found = Counter(rows(name, columns))
    assert found
    assert [row for row, count in found.items() if count > 1] == []


@pytest.mark.parametrize("name", LISTS)
def test_list_can_be_read(name):
    assert list(lines(name))


@pytest.mark.parametrize("name", ["frames.txt", "negations.txt", "joints.txt", "unsure.txt"])
def test_phrases_stand_in_normal_form(name):
    assert [line for line in lines(name) if normalize(line) != line] == []


def test_a_row_with_a_missing_column_names_its_file():
    with pytest.raises(ValueError, match=r"picks\.tsv"):
        list(rows("picks.tsv", 3))


@pytest.mark.parametrize("facet", [facet for facet in Facet if facet is not Facet.OVERVIEW])
def test_every_facet_has_cues(facet):
    cues = [cue for name, _, cue in rows("facets.tsv", 3) if name == facet.value]
    assert len(cues) >= 5
    assert any(find_facets(cue) == [facet] for cue in cues)


@pytest.mark.parametrize(
    ("said", "facet"),
    [
        ("làm sổ đỏ tốn bao nhiêu tiền", Facet.FEE),
        ("lam so do ton bao nhieu tien", Facet.FEE),
        ("giấy chứng nhận đủ điều kiện kinh doanh nộp ở đâu", Facet.WHERE),
        ("lệ phí trước bạ khai ở đâu", Facet.WHERE),
        ("đăng ký tạm trú online mất bao lâu", Facet.TIME_LIMIT),
        ("mở quán thì làm sao", Facet.HOW),
        ("hồ sơ ra răng", Facet.HOW),
        ("cần gì để tách hộ", Facet.DOCUMENTS),
        ("tờ khai ở đâu", Facet.FORM),
        ("theo luật nào", Facet.LEGAL_BASIS),
        ("bao nhiêu tuổi thì được kết hôn", Facet.CONDITIONS),
        ("vợ tôi có được hưởng không", Facet.CONDITIONS),
        ("kết quả là gì", Facet.RESULT),
        ("làm qua mạng", Facet.ONLINE),
    ],
)
def test_facet_is_heard(said, facet):
    assert find_facets(normalize(said))[0] is facet


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("chào bạn nhé", Intent.GREETING),
        ("dạ cảm ơn nhiều ạ", Intent.THANKS),
        ("tạm biệt", Intent.GOODBYE),
        ("bạn là ai vậy", Intent.WHO_ARE_YOU),
        ("bạn làm được gì", Intent.HELP),
        ("hồ sơ của tôi tới đâu rồi", Intent.STATUS),
        ("quay lại", Intent.BACK),
        ("bắt đầu lại", Intent.RESTART),
        ("xem thêm", Intent.MORE),
        ("không cái nào", Intent.NONE_OF_THESE),
        ("cho tôi gặp cán bộ", Intent.PERSON),
        ("đồ ngu", Intent.ABUSE),
    ],
)
def test_intent_is_heard(said, intent):
    assert find_intent(normalize(said)) is intent


@pytest.mark.parametrize(
    "said", ["đăng ký kết hôn", "ba mình mới mất", "chào bán chứng khoán", "hai vợ chồng"]
)
def test_a_question_is_no_saying(said):
    assert find_intent(normalize(said)) is None


def test_off_topic_is_heard():
    assert is_off_topic(normalize("Thời tiết mai thế nào"))
    assert not is_off_topic(normalize("đăng ký khai sinh"))


def test_marks_decide_where_they_were_typed():
    assert Aspect("act", "reissue") in read_aspects("bị mất").said
    assert Aspect("act", "reissue") in read_aspects("bi mat").said
    assert Aspect("act", "reissue") not in read_aspects("mật").said


def test_what_is_ruled_out_is_not_said():
    reading = read_aspects("đổi thẻ chứ không phải làm lại")
    assert Aspect("act", "exchange") in reading.said
    assert Aspect("act", "reissue") in reading.denied


def test_everyday_words_bring_the_official_ones():
    assert any("giấy phép lái xe" in found.means for found in synonyms("làm lại bằng lái"))


def test_framing_words_weigh_less_than_the_topic():
    weights = topic_weights("cho tôi hỏi khai sinh cần giấy tờ gì")
    assert weights[3:5] == [1.0, 1.0]
    assert max(weights[:3] + weights[5:]) < 0.5


def test_question_blocks_are_in_form():
    seen: dict[str, str] = {}
    for block in questions.read_blocks():
        assert block.codes, block
        assert all(len(code) == 8 and code[1] == "." for code in block.codes), block.codes
        assert len(block.questions) >= 1, block.title
        for question in block.questions:
            key = fold(question.lower())
            assert key not in seen, f"«{question}» đứng ở cả {seen[key]} và {block.title}"
            seen[key] = block.title


def test_a_line_outside_a_block_is_named():
    with pytest.raises(ValueError, match=r"thử\.txt, dòng 1"):
        list(questions.parse("câu hỏi lạc\n", "thử.txt"))
