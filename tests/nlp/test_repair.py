"""Mistyped words: which slip, which syllable, and what was meant beside which neighbours."""

import doctest
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp.slips
from nlp import questions
from nlp.marks import shipped_counts
from nlp.normalize import fold, normalize
from nlp.query import read_query
from nlp.repair import Speller, table_words
from nlp.slips import slip_cost
from nlp.syllables import INITIALS, RIMES, is_spelled, is_syllable, toneless

WORDS = sorted(word for word in shipped_counts().words if len(word) >= 5 and is_spelled(word))
LETTERS = "abcdeghiklmnopqrstuvxy"


@lru_cache(maxsize=1)
def speller() -> Speller:
    """Of the words that the shipped counts know, folded and with their marks."""
    counts = shipped_counts()
    words: dict[str, int] = dict(counts.words)
    pairs: dict[str, int] = {}
    for word, count in counts.words.items():
        words[fold(word)] = words.get(fold(word), 0) + (count if word != fold(word) else 0)
    for (before, after), count in counts.pairs.items():
        pair = f"{fold(before)} {fold(after)}"
        pairs[pair] = pairs.get(pair, 0) + count
    return Speller(words, pairs, counts)


def read(text: str) -> str:
    return read_query(text, speller()).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("đăng ký kết hnô", "đăng ký kết hôn"),  # swapped
        ("giấy chng nhận kết hôn", "giấy chứng nhận kết hôn"),  # left out, its marks with it
        ("xin cấp hộ chiiếu mới", "xin cấp hộ chiếu mới"),  # doubled
        ("trích lục khai sinb", "trích lục khai sinh"),  # the next key
        ("kinh daonh dược phẩm", "kinh doanh dược phẩm"),
        ("hợp đồg laoo độgn", "hợp đồng lao động"),  # side by side
        ("thờng trú", "thường trú"),  # a syllable without its marks, none with them
        ("khôgn có giấy tờ", "không có giấy tờ"),  # not split into "kho" and a rest
    ],
)
def test_a_slip_is_mended_with_its_marks(typed, meant):
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("dang ky ket hnon", "kết hôn"), ("giay chugn nhan ket hon", "giấy chứng nhận")],
)
def test_a_slip_is_mended_without_marks(typed, meant):
    assert meant in read(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "đăng ký kết hôn",
        "tuyệt vời",
        "alo bye",
        "thời tiết hôm nay thế nào",
        "mẫu số 01a nộp năm 2024",
        "giá vàng bao nhiêu",
    ],
)
def test_what_is_no_slip_stays(typed):
    assert read(typed) == typed


def test_glued_words_are_parted():
    assert speller().split("dangkykhaisinh") == ["dang", "ky", "khai", "sinh"]
    query = read_query("xin đăngký kết hôn", speller())
    assert query.text == "xin đăng ký kết hôn"
    assert query.repairs == (("đăngký", "đăng ký"),)


def test_a_mistyped_abbreviation_is_written_out():
    assert read("làm pasport") == "làm hộ chiếu"
    assert read("làm pasprot") == "làm pasprot"  # two slips


def test_a_doubtful_word_keeps_several_readings():
    slots = speller().read(["thn"])
    assert sum(reading.trust for reading in slots[0].readings) <= 1.0 + 1e-9
    trusts = [reading.trust for reading in slots[0].readings]
    assert trusts == sorted(trusts, reverse=True)


def test_a_word_that_nothing_is_near_stays():
    assert speller().read(["qwrtpzz"])[0].readings == (("qwrtpzz", 1.0),)
    assert speller().read([]) == []


def test_words_inside_of_a_frame_stay():
    typed = ["xin", "hnỏi"]
    assert [slot.meant for slot in speller().read(typed, closed={0, 1})] == typed


def test_words_of_the_tables_are_known():
    assert {"alo", "bye"} <= table_words()


@given(st.lists(st.sampled_from([*WORDS[::40], "x1", "2024", "zzqk", "khôgn"]), max_size=8))
def test_every_word_is_read_once(typed):
    slots = speller().read(typed)
    assert [slot.typed for slot in slots if slot.typed] == typed
    assert all(slot.readings and slot.meant for slot in slots)
    assert all(0 < reading.trust <= 1 for slot in slots for reading in slot.readings)


@given(st.sampled_from(WORDS), st.data())
def test_one_slip_always_has_a_cost(word, data):
    place = data.draw(st.integers(1, len(word) - 2))
    slips = [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + data.draw(st.sampled_from(LETTERS)) + word[place + 1 :],
    ]
    for slip in slips:
        assert (slip_cost(slip, word) or 0.0) >= 0.0
        assert slip_cost(slip, word) is not None


@pytest.mark.parametrize(
    ("typed", "likelier", "rarer"),
    [
        ("chúgn", "chúng", "chứng"),  # what is left of the marks counts
        ("trinh", "trình", "trích"),
        ("nghỉ", "nghĩ", "nghì"),  # hỏi and ngã are heard alike
        ("luât", "luật", "lướt"),
    ],
)
def test_slips_have_an_order(typed, likelier, rarer):
    costs = slip_cost(typed, likelier), slip_cost(typed, rarer)
    assert costs[0] is not None
    assert costs[1] is None or costs[0] < costs[1]


@pytest.mark.parametrize(
    "word", ["người", "khuỷu", "quỳnh", "giếng", "gì", "yêu", "oán", "kẻ", "nghề"]
)
def test_syllables_are_spelled(word):
    assert is_spelled(word)
    assert is_syllable(fold(word))


@pytest.mark.parametrize(
    "word", ["ngừơiâ", "kông", "cế", "ngề", "gế", "nhàt", "thờng", "luât", "xýzz"]
)
def test_other_words_are_not(word):
    assert not is_spelled(word)


def test_rimes_in_use_are_listed():
    """What many people wrote with marks is spelled by the rules, but for a few foreign words."""
    common = [w for w, n in shipped_counts().words.items() if n >= 30 and w.isalpha()]
    marked = [word for word in common if word != fold(word)]
    odd = [word for word in marked if not is_spelled(word)]
    assert len(odd) <= 0.01 * len(marked), odd


@given(st.sampled_from(INITIALS), st.sampled_from(sorted(RIMES)))
def test_a_syllable_is_an_initial_and_a_rime(initial, rime):
    assert is_syllable(fold(initial) + rime)


def test_tones_are_parted_from_other_marks():
    assert toneless("trường")[0] == "trương"
    assert toneless("sinh") == ("sinh", "")


def test_questions_written_beforehand_stay_as_they_are():
    """Of all words of the shipped questions hardly one is taken for a slip."""
    texts = [text for block in list(questions.read_blocks())[::150] for text in block.questions]
    read_ = [read_query(text, speller()) for text in texts]
    words = sum(len(normalize(text).split()) for text in texts)
    assert words > 500
    assert sum(len(query.repairs) for query in read_) <= 0.005 * words


def test_examples_in_docstrings_hold():
    assert doctest.testmod(nlp.slips).failed == 0


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.data())
def test_each_word_that_counts_is_looked_for(words, data):
    """The candidates' words are read only for the terms: a word that is none would be held by nobody."""
    place = data.draw(st.integers(0, len(words) - 1))
    gone = data.draw(st.integers(0, len(words[place]) - 1))
    words[place] = words[place][:gone] + words[place][gone + 1 :]
    query = read_query(" ".join(words), speller())
    terms = {term for term, _ in query.terms}
    for word, marked, weight in zip(query.words, query.marked, query.weights, strict=True):
        assert not weight or {word, marked} <= terms
