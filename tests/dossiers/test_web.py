"""The look-up and the push over HTTP."""

import httpx
import pytest

from bot.web.application import create_web
from bot.web.dossiers import dossier_routes
from knowledge.dossiers.origins import new_token, origin_named
from tests.dossiers.conftest import OWNER, facts, put
from tests.dossiers.test_sources import whole
from tests.web.serving import served


@pytest.fixture(scope="module")
def http(app):
    web = create_web(app.assistant, app.shelves, ready=lambda: True)
    web.include_router(dossier_routes(app.desk, app.sessions))
    with served(web) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


def look_up(http, code, proof=None):
    return http.post("/api/dossiers/lookup", json={"code": code, "proof": proof})


def test_a_code_shows_the_state_and_a_proof_the_details(http, app):
    put(app.sessions, facts("H56.20-261120-0001", reason="thiếu ảnh"))
    plain = look_up(http, "h56.20 261120 0001")
    assert plain.status_code == 200
    assert plain.json()["state"] == 4
    assert plain.json()["details"] is None
    opened = look_up(http, "H56.20-261120-0001", "4321").json()
    assert opened["details"]["reason"] == "thiếu ảnh"
    assert not any(value in str(opened) for value in OWNER.values())
    assert plain.headers["cache-control"] == "no-store"


def test_no_dossier_and_wrong_proof_are_one_answer(http, app):
    put(app.sessions, facts("H56.21-261120-0001"))
    wrong, nobody = (
        look_up(http, "H56.21-261120-0001", "0000"),
        look_up(http, "H56.21-261120-0009", "0000"),
    )
    assert wrong.status_code == nobody.status_code == 404
    assert wrong.text.replace("-0001", "") == nobody.text.replace("-0009", "")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("H56.121-251302-0003", "tháng 13"),
        ("H561203-250702-0003", "H56.12.03"),
        ("038099001234", "không đúng"),
    ],
)
def test_a_code_that_is_none_is_explained_and_not_said_back(http, code, words):
    answer = look_up(http, code)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert "038099001234" not in answer.text


def test_a_system_pushes_with_its_token_as_often_as_it_likes(http, app):
    with app.sessions.begin() as session:
        token = new_token(origin_named(session, "tinh"))
    for _ in range(2):
        answer = http.post(
            "/api/dossiers/sync", json=whole(), headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.json()["error_code"] == "00"
    assert look_up(http, "H56.121-250702-0003").json()["procedure_code"] == "1.001193"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sai"}])
def test_nobody_pushes_without_a_token(http, headers):
    answer = http.post("/api/dossiers/sync", json=whole(), headers=headers)
    assert answer.status_code == 401
    assert "khóa" in answer.json()["detail"].lower()
