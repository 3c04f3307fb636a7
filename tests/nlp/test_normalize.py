"""Normal form and folding: tables of cases, then properties over any text."""

import doctest
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp.ages
import nlp.bounds
import nlp.codes
import nlp.entries
import nlp.normalize
import nlp.personal_data
import nlp.picks
import nlp.slips
import nlp.syllables
import nlp.telex
from nlp.abbreviations import ABBREVIATIONS
from nlp.normalize import explain, fold, normalize

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ 0123.,-/?"


@pytest.mark.parametrize(
    "module",
    [
        nlp.ages,
        nlp.bounds,
        nlp.normalize,
        nlp.telex,
        nlp.slips,
        nlp.syllables,
        nlp.codes,
        nlp.personal_data,
        nlp.picks,
        nlp.entries,
    ],
)
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


@pytest.mark.parametrize(("short", "long"), ABBREVIATIONS.items())
def test_abbreviation_expands_to_normal_form(short, long):
    assert normalize(short) == normalize(long) == long


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Làm lại CCCD bị mất???", "làm lại căn cước công dân bị mất"),
        ("ddawng kys khai sinh", "đăng ký khai sinh"),
        ("dang9 ky1 ket61 hon6", "đang ký kết hôn"),
        ("nuwowcs giaays", "nước giấy"),
        ("hoà giải, thuỷ sản", "hòa giải thủy sản"),
        ("thừơng trú", "thường trú"),
        ("emmmm ơiiii", "em ơi"),
        ("nhà cấp III", "nhà cấp iii"),
        ("ｄăng ký", "dăng ký"),
        ("khai\u200bsinh", "khaisinh"),
        ("đăng kí xe oto", "đăng ký xe ô tô"),
        ("visa và form", "visa và form"),
        ("C/O mẫu AJ, mẫu A", "c o mẫu aj mẫu a"),
        ("form VK", "form vk"),
        ("lô OJ khu B hạng A", "lô oj khu b hạng a"),
        ("mẫu đk là mẫu j", "mẫu đăng ký là mẫu gì"),
        ("😀😀", ""),
        ("1.004222", "1.004222"),
        ("H56.14-240823-0001", "h56.14-240823-0001"),
    ],
)
def test_typed_becomes_normal(typed, meant):
    assert normalize(typed) == meant


def test_explain_names_the_steps_that_changed_the_text():
    steps = dict(explain("Dđăng kí CCCD!!"))
    assert set(steps) <= {step.__name__ for step in nlp.normalize.STEPS}
    assert list(steps.values())[-1] == normalize("Dđăng kí CCCD!!")


def test_explain_says_nothing_of_a_normal_text():
    assert explain("đăng ký khai sinh") == []


@given(st.text(max_size=60) | st.text(alphabet=VIETNAMESE, max_size=60))
@settings(max_examples=400)
def test_normalize_is_idempotent(text):
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(alphabet=VIETNAMESE, max_size=60))
def test_unicode_form_does_not_matter(text):
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(
        unicodedata.normalize("NFC", text)
    )


@given(st.text(alphabet=VIETNAMESE, max_size=60))
def test_fold_leaves_only_plain_letters(text):
    assert fold(text.lower()).isascii()
    assert fold(fold(text)) == fold(text)
