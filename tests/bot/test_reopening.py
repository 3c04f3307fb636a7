"""An edition code in the chat shows again exactly the wording that carried it."""

import pytest

from bot.messages import Message, Outcome
from knowledge.editions import edition_code


def ask(app, text):
    return app.assistant.reply(Message("test", "1", f"edition-{text}", text))


def shown(reply):
    return "\n".join(bubble.text for bubble in reply.bubbles)


def test_every_card_carries_the_code_that_reopens_it(app, shelf):
    reply = ask(app, "1.001193")
    code = edition_code(shelf.revision("1.001193").mark)
    assert f"· bản {code}" in shown(reply)
    for typed in (code, f"bản {code}", f"mo lai ban {code.lower()}", code.replace("-", " ")):
        again = ask(app, typed)
        assert again.outcome is Outcome.ANSWER
        assert again.procedure == reply.procedure
        assert f"Bản {code} đang có hiệu lực." in shown(again)
        assert "Giấy chứng sinh" in shown(again)


def test_one_facet_of_an_edition_can_be_asked(app, shelf):
    code = edition_code(shelf.revision("1.001193").mark)
    reply = ask(app, f"bản {code} lệ phí bao nhiêu")
    assert reply.facet == "fee"
    assert "Giấy chứng sinh" not in shown(reply)


def test_a_code_of_no_edition_is_said_as_unknown(app):
    reply = ask(app, "bản 7K2-M9Q-X4Z")
    assert reply.outcome is Outcome.NO_MATCH
    assert "7K2-M9Q-X4Z" in shown(reply)


@pytest.mark.parametrize("text", ["038-099-001", "làm thẻ căn cước", "lam the can", "sổ đỏ"])
def test_words_and_numbers_are_not_taken_for_a_code(app, text):
    assert "bản 0" not in shown(ask(app, text)).lower().replace("· bản", "")
    assert "Tôi không tìm thấy bản" not in shown(ask(app, text))
    assert "038-099" not in shown(ask(app, text))
