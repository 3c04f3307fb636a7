"""Marks put back on what was typed without any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.marks import has_marks, with_marks
from nlp.normalize import fold
from nlp.training import marks as training

WORDS = st.lists(
    st.sampled_from(
        [
            "dang",
            "ky",
            "khai",
            "sinh",
            "cho",
            "con",
            "moi",
            "de",
            "chung",
            "thuc",
            "ban",
            "sao",
            "xyz",
            "2",
        ]
    )
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dang ky khai tu cho ba ngoai", "đăng ký khai tử cho bà ngoại"),
        ("lam lai bang lai bi mat", "làm lại bằng lái bị mất"),
        ("giay chung nhan du dieu kien kinh doanh duoc", "giấy chứng nhận đủ điều kiện kinh doanh dược"),
    ],
)  # fmt: skip
def test_neighbours_decide(typed, meant):
    assert " ".join(with_marks(typed.split())) == meant


def test_what_was_typed_with_marks_stays():
    assert with_marks(["chung", "mình", "xin"])[1] == "mình"
    assert not has_marks(["khai", "sinh", "cho", "con"])
    assert has_marks(["khai", "sinh", "cho", "bé"])


@given(WORDS)
def test_only_marks_are_added(words):
    assert [fold(word) for word in with_marks(words)] == words


def test_pairs_are_counted_and_saved_alike(tmp_path):
    counts = training.count(["đăng ký khai sinh", "đăng ký khai tử", "khong dau thi bo qua"])
    assert counts.pairs["đăng", "ký"] == 2
    assert "dau" not in counts.words
    assert with_marks(["dang", "ky"], counts) == ["đăng", "ký"]
    for name in ("a", "b"):
        training.save(counts, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
