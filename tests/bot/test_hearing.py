"""What is understood is remembered, but nothing of anybody's own."""

import pytest

from bot.app import App
from bot.hearing import Hearing, may_be_kept
from nlp.understanding import understand


def test_the_same_words_mean_the_same_without_being_read_again(app: App):
    index, hear = app.shelves().index, Hearing()
    first = hear("lệ phí đăng ký thường trú", index)
    assert hear("lệ phí đăng ký thường trú", index) is first
    assert first.query == understand("lệ phí đăng ký thường trú", index).query


def test_another_catalogue_is_read_anew(app: App):
    index, hear = app.shelves().index, Hearing()
    first = hear("lệ phí", index)
    assert hear("lệ phí", index.changed([], gone=set())) is not first


def test_only_the_newest_are_remembered(app: App):
    index, hear = app.shelves().index, Hearing(most=2)
    first = hear("một", index)
    for word in ("hai", "ba"):
        hear(word, index)
    assert hear("một", index) is not first


@pytest.mark.parametrize(
    "text", ["H56.121-250702-0003", "4 số cuối 1234", "căn cước của tôi 001099012345", "1234"]
)
def test_what_is_somebodys_own_is_not_kept(app: App, text: str):
    index, hear = app.shelves().index, Hearing()
    assert not may_be_kept(understand(text, index))
    assert hear(text, index) is not hear(text, index)
