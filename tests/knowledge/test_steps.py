import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.steps import split_steps, steps_of


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Nộp tờ khai.", ["Nộp tờ khai."]),
        (
            "Bước 1: Nộp.\nBước 2: Cân vịt.\nBước 3: Nhận giấy.",
            ["Bước 1: Nộp.", "Bước 2: Cân vịt.", "Bước 3: Nhận giấy."],
        ),
        ("- Bước 1. Nộp; - Bước 2. Nhận.", ["Bước 1. Nộp", "Bước 2. Nhận."]),
        ("* Bước 1 Nộp\n+ a\n* Bước 2 Nhận", ["Bước 1 Nộp\n+ a", "Bước 2 Nhận"]),
        (
            "Làm như sau:\nBước 1: Nộp.\nBước 2: Nhận.",
            ["Làm như sau:", "Bước 1: Nộp.", "Bước 2: Nhận."],
        ),
        # a reference to a step is not a step
        (
            "Bước 1: Nộp.\nBước 2: Nếu thiếu thì làm lại bước 1: nộp thêm.\nBước 3: Nhận.",
            ["Bước 1: Nộp.", "Bước 2: Nếu thiếu thì làm lại bước 1: nộp thêm.", "Bước 3: Nhận."],
        ),
        # two rows of steps in one text
        (
            "Trực tiếp:\nBước 1: Đi.\nBước 2: Nộp.\nBước 1: Mở máy.\nBước 2: Gửi.",
            ["Trực tiếp:", "Bước 1: Đi.", "Bước 2: Nộp.", "Bước 1: Mở máy.", "Bước 2: Gửi."],
        ),
        ("Chỉ nói về bước 1 thôi.", ["Chỉ nói về bước 1 thôi."]),
    ],
)
def test_split(text: str, steps: list[str]):
    assert list(split_steps(text)) == steps


def test_titles_of_blocks_stay_with_their_first_step():
    assert steps_of([("Vịt trời", "Bước 1: Bắt.\nBước 2: Cân."), ("", "Xong."), ("Hết.", "")]) == (
        "Vịt trời: Bước 1: Bắt.",
        "Bước 2: Cân.",
        "Xong.",
        "Hết",
    )
    assert steps_of([("Lưu ý:", "- một\n- hai")]) == ("Lưu ý:\n- một\n- hai",)


PIECES = st.lists(st.sampled_from(["Bước 1: ", "Bước 2. ", "Bước 3", "\n", "vịt ", "; ", "- "]))


@given(PIECES.map("".join).filter(str.strip))
def test_no_word_is_lost_or_moved(text: str):
    joined = " ".join(split_steps(text))
    assert re.findall(r"\w+", joined) == re.findall(r"\w+", text)
