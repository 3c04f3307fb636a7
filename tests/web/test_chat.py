"""POST /api/chat: conversations, bad input, failures, and what is not logged."""

import hashlib
import json
import logging
from datetime import timedelta

import httpx
import pytest
import structlog

from bot.messages import Outcome
from bot.web.application import create_web
from bot.wording import say
from knowledge.records.conversation import Conversation
from tests.web.serving import Scripted, served, simple

FIELDS = {
    "id", "turn", "outcome", "facet", "procedure", "also", "candidates", "messages",
    "elapsed_ms", "conversation_id",
}  # fmt: skip
MALFORMED = "Yêu cầu không đúng dạng nên tôi không đọc được."


def ask(http, text, conversation=None):
    response = http.post("/api/chat", json={"text": text, "conversation_id": conversation})
    assert response.status_code == 200, response.text
    return response.json()


def test_a_code_is_answered_with_the_procedure_and_its_link(http):
    turn = ask(http, "1.001193")
    assert turn.keys() == FIELDS
    assert turn["outcome"] == "answer"
    assert turn["facet"] == "overview"
    assert turn["procedure"]["code"] == "1.001193"
    assert turn["procedure"]["deep_link"] in turn["messages"][-1]["text"]
    assert turn["elapsed_ms"] >= 0


def test_a_conversation_keeps_its_topic_and_counts_its_turns(http):
    first = ask(http, "1.004194")
    second = ask(http, "lệ phí", first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert (first["turn"], second["turn"]) == (0, 1)
    assert second["procedure"]["code"] == "1.004194"
    assert second["facet"] == "fee"


def test_a_conversation_cannot_be_guessed_and_is_forgotten_after_two_silent_hours(app, http):
    turns = [http.post("/api/chat", json={"text": "1.004194"}).json() for _ in range(5)]
    names = {turn["conversation_id"] for turn in turns}
    assert len(names) == 5
    assert all(len(name) == 32 for name in names)
    name = turns[0]["conversation_id"]
    asked = {"text": "lệ phí", "conversation_id": name}
    assert http.post("/api/chat", json=asked).json()["procedure"]["code"] == "1.004194"
    key = hashlib.sha256(name.encode()).hexdigest()
    with app.sessions.begin() as session:
        kept = session.get_one(Conversation, key)
        assert name not in str(kept.state)
        kept.updated_at -= timedelta(minutes=121)
    assert http.post("/api/chat", json=asked).json()["procedure"] is None


def test_two_citizens_do_not_share_a_conversation(http):
    one = ask(http, "1.004194")
    other = ask(http, "lệ phí")
    assert one["conversation_id"] != other["conversation_id"]
    assert other["procedure"] is None


def test_a_choice_is_picked_by_what_it_says(http):
    shown = ask(http, "1.004194")
    choice = shown["messages"][-1]["choices"][0]
    picked = ask(http, choice["says"], shown["conversation_id"])
    assert picked["outcome"] == "answer"
    assert picked["procedure"]["code"] == "1.004194"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "a" * 10_000,
        "đăng ký khai sinh " * 900,
        "👶🏽❓👨‍👩‍👧",
        "\x00",
        "khai\x00sinh",
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE procedure; --",
        "{hotline} %s {0} {{}}",
        "\u202e\u200b\ufeff\u0301\u0301",
        "ĐĂNG KÝ KHAI SINH???",
        "-1",
        "99999999999999999999",
    ],
)
def test_any_text_gets_an_answer(http, text):
    turn = ask(http, text)
    assert turn["messages"]
    assert all(message["text"].strip() for message in turn["messages"])
    assert "Traceback" not in json.dumps(turn)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text": null}',
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b'{"text": "a", "conversation_id": 5}',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"text": NaN}',
    ],
)
def test_a_malformed_body_gets_a_vietnamese_sentence(http, body):
    headers = {"Content-Type": "application/json"}
    response = http.post("/api/chat", content=body, headers=headers)
    assert response.status_code in (400, 422)
    assert response.json()["detail"] == MALFORMED


def test_half_an_emoji_is_no_reason_to_fail(http):
    body = b'{"text": "khai sinh \\ud83d"}'
    response = http.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200


def test_a_form_from_a_foreign_page_is_not_taken(http):
    response = http.post("/api/chat", data={"text": "1.001193"})
    assert response.status_code == 422
    assert response.json()["detail"] == MALFORMED


@pytest.mark.parametrize("size", [65_000, 70_000, 1_000_000])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_over_64_kib_is_refused(http, size, is_chunked):
    body = json.dumps({"text": "a" * size}).encode()
    content = (body[at : at + 8192] for at in range(0, len(body), 8192)) if is_chunked else body
    headers = {"Content-Type": "application/json"}
    response = http.post("/api/chat", content=content, headers=headers)
    if len(body) <= 65_536:
        assert response.status_code == 200
    else:
        assert response.status_code == 413
        assert response.json()["detail"] == say("rejected_too_big")


def test_a_wrong_method_and_a_wrong_address_are_told_in_vietnamese(http):
    wrong_method = http.get("/api/chat")
    assert wrong_method.status_code == 405
    assert wrong_method.headers["allow"] == "POST"
    assert wrong_method.json()["detail"] == "Địa chỉ này không nhận cách gửi đó."
    nowhere = http.get("/khong-co")
    assert nowhere.status_code == 404
    assert nowhere.json()["detail"] == "Không có trang này."


def test_answers_are_not_kept_by_caches(http):
    assert http.post("/api/chat", json={"text": "chào"}).headers["cache-control"] == "no-store"


def test_a_failure_is_an_apology_and_a_log_line_without_the_text(app, caplog):
    def fail(message):
        raise RuntimeError(f"INSERT … {message.text} {message.conversation_id}")

    assistant = Scripted(fail)
    web = create_web(assistant, app.shelves, ready=lambda: True)
    body = {"text": "bí mật của tôi", "conversation_id": "T" * 32}
    with (
        caplog.at_level(logging.DEBUG),
        structlog.testing.capture_logs() as lines,
        served(web) as url,
    ):
        response = httpx.post(f"{url}/api/chat", json=body, trust_env=False)
    assert response.status_code == 500
    assert response.json()["detail"] == say("apology")
    logged = [line for line in lines if line["event"] == "web_request_failed"]
    assert len(logged) == 1
    assert logged[0]["error"] == "RuntimeError"
    assert any("chat.py" in place for place in logged[0]["at"])
    everything = f"{lines} {caplog.text}"
    assert "bí mật" not in everything
    assert "T" * 32 not in everything


def test_nothing_of_a_conversation_is_logged(http, caplog):
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as lines:
        turn = ask(http, "xe ba gác của bà Tám")
        http.get("/api/procedures", params={"q": "xe ba gác của bà Tám"})
    # The client of this very test logs its own requests. The access log is off (see serving.py);
    # pytest alone listens to it all the same.
    others = ("httpx", "uvicorn.access")
    ours = [record.getMessage() for record in caplog.records if record.name not in others]
    everything = f"{lines} {ours}"
    assert "ba gác" not in everything
    assert "ba%20g" not in everything
    assert turn["conversation_id"] not in everything


def test_an_outcome_is_counted(app):
    web = create_web(
        Scripted(lambda _: simple("…", outcome=Outcome.DOSSIER)), app.shelves, ready=lambda: True
    )
    line = 'motcua_turns_total{channel="web",outcome="dossier"}'
    with served(web) as url, httpx.Client(base_url=url, trust_env=False) as http:
        before = value_of(line, http.get("/metrics").text)
        ask(http, "hồ sơ tới đâu")
        text = http.get("/metrics").text
    assert value_of(line, text) == before + 1
    assert 'motcua_reply_seconds_bucket{channel="web",le="0.25"}' in text


def value_of(line, text):
    found = [row.rsplit(" ", 1)[1] for row in text.splitlines() if row.startswith(line)]
    return float(found[0]) if found else 0.0
