"""The turn that outsiders get, and the channel that reads and writes it."""

import json
import re

import pytest

from bot.channels import web
from bot.messages import Bubble, Candidate, Choice, Named, Outcome, Reply
from bot.web.turns import turn_json

BIRTH = Named("1.001193", "Đăng ký khai sinh", "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/x")
MOVE = Named("1.004194", "Đăng ký tạm trú", "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/y")


def test_a_turn_has_exactly_the_promised_fields():
    reply = Reply(
        Outcome.ANSWER,
        (Bubble("Lệ phí: 8.000 đồng", (Choice("Giấy tờ", "giấy tờ"),)), Bubble("Mã 1.001193")),
        facet="fee",
        procedure=BIRTH,
        also=(MOVE,),
        candidates=(Candidate("1.001193", "Đăng ký khai sinh", 0.91),),
    )
    assert turn_json(reply, id="q1", turn=2, elapsed_ms=3.14159) == {
        "id": "q1",
        "turn": 2,
        "outcome": "answer",
        "facet": "fee",
        "procedure": {"code": BIRTH.code, "name": BIRTH.name, "deep_link": BIRTH.deep_link},
        "also": [{"code": MOVE.code, "name": MOVE.name, "deep_link": MOVE.deep_link}],
        "candidates": [{"code": "1.001193", "name": "Đăng ký khai sinh", "score": 0.91}],
        "messages": [
            {"text": "Lệ phí: 8.000 đồng", "choices": [{"label": "Giấy tờ", "says": "giấy tờ"}]},
            {"text": "Mã 1.001193", "choices": []},
        ],
        "elapsed_ms": 3.1,
    }


@pytest.mark.parametrize("outcome", Outcome)
def test_what_is_unknown_is_null_and_never_left_out(outcome):
    turn = turn_json(Reply(outcome, (Bubble("x"),)), id="1", turn=0, elapsed_ms=0.0)
    assert turn["outcome"] == outcome.value
    assert turn["facet"] is None
    assert turn["procedure"] is None
    assert turn["also"] == turn["candidates"] == []
    assert json.loads(json.dumps(turn)) == turn


def test_a_known_conversation_goes_on():
    token = "A" * 31 + "-"
    message = web.read({"text": "1", "conversation_id": token})
    assert message is not None
    assert (message.channel, message.conversation_id, message.text) == ("web", token, "1")


@pytest.mark.parametrize(
    "given", [None, "", "1", "x" * 33, "x" * 31 + "'", 7, ["a"], "x" * 31 + "\n", "ắ" * 32]
)
def test_a_missing_or_malformed_conversation_gets_a_new_token(given):
    first = web.read({"text": "chào", "conversation_id": given})
    second = web.read({"text": "chào", "conversation_id": given})
    assert first is not None
    assert second is not None
    assert re.fullmatch(r"[\w-]{32}", first.conversation_id, re.ASCII)
    assert first.conversation_id != second.conversation_id
    assert first.event_id != second.event_id


def test_a_text_without_end_is_cut():
    message = web.read({"text": "ễ" * 60_000})
    assert message is not None
    assert len(message.text) == web.LONGEST


@pytest.mark.parametrize("payload", [{}, {"text": None}, {"text": 5}, {"conversation_id": "a"}])
def test_a_payload_without_text_is_no_message(payload):
    assert web.read(payload) is None
