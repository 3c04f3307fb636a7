"""The assistant at its door: bad input, privacy, conversations that are kept and forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.conversations import Conversations
from bot.messages import Message, Outcome
from bot.states import Start, Viewing
from knowledge.records.conversation import Conversation, Turn


def ask(app, text, conversation="c"):
    return app.assistant.reply(Message("test", "1", conversation, text))


@pytest.mark.parametrize(
    "text",
    ["", "   ", "😀😀😀", "\x00", "a\x00b", "\u202e\u200b", "'; DROP TABLE turn; --", "<script>alert(1)</script>",
     "?" * 10_000, "đăng ký khai sinh " * 600, "%s %d {0} {hotline}", "1" * 300, "𝐝𝐚̆𝐧𝐠 𝐤𝐲́"],
)  # fmt: skip
def test_bad_input_gets_a_clear_sentence(app, text):
    reply = ask(app, text, conversation=f"bad-{len(text)}-{text[:3]!r}")
    assert reply.bubbles
    assert all(bubble.text.strip() for bubble in reply.bubbles)
    assert all(len(bubble.text) <= 1900 for bubble in reply.bubbles)
    assert reply.outcome in Outcome


def test_a_long_message_is_read_in_part_and_that_is_said(app):
    reply = ask(app, "đăng ký khai sinh " + "rất dài " * 600)
    assert reply.bubbles[0].text.startswith("Tin nhắn dài quá")


def test_numbers_of_people_are_neither_kept_nor_repeated(app):
    number = "0" + "38099001234"
    reply = ask(app, f"căn cước {number} bị mất làm lại ở đâu", "person")
    assert all(number not in bubble.text for bubble in reply.bubbles)
    with app.sessions() as session:
        kept = [t.question for t in session.scalars(select(Turn))] + [
            str(c.state) for c in session.scalars(select(Conversation))
        ]
    assert not any(number in text for text in kept)


def test_the_conversation_id_is_not_stored(app):
    ask(app, "xin chào", "secret-person-id")
    with app.sessions() as session:
        stored = [c.id for c in session.scalars(select(Conversation))]
    assert not any("secret-person-id" in key for key in stored)


def test_a_conversation_is_forgotten_after_a_while(app, shelf):
    clock = [datetime(2026, 11, 24, 8, tzinfo=UTC)]
    kept = Conversations(app.sessions, forget_after=timedelta(minutes=30), now=lambda: clock[0])
    message = Message("test", "1", "forget-me", "đăng ký kết hôn")
    from bot.assistant import Assistant

    Assistant(app.shelves, kept).reply(message)
    assert isinstance(kept.load("forget-me", shelf), Viewing)
    clock[0] += timedelta(minutes=31)
    assert kept.load("forget-me", shelf) == Start()
    kept.forget("forget-me")
    clock[0] -= timedelta(minutes=31)
    assert kept.load("forget-me", shelf) == Start()


def test_candidates_are_the_full_ranking(app):
    reply = ask(app, "làm lại căn cước bị mất", "ranking")
    assert reply.procedure is not None
    assert reply.candidates[0].code == reply.procedure.code
    assert 2 <= len(reply.candidates) <= 10
    scores = [candidate.score for candidate in reply.candidates]
    assert scores == sorted(scores, reverse=True)
