"""GET /api/procedures and its records; health; the description of the interface."""

import json
from types import SimpleNamespace

import httpx
import pytest

from bot.web.application import create_web
from bot.web.procedures import _records
from tests.web.serving import Scripted, served, simple


def test_a_question_gets_a_ranking_best_first(http):
    page = http.get("/api/procedures", params={"q": "đăng ký tạm trú", "limit": 3}).json()
    scores = [item["score"] for item in page["items"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert page["items"][0]["code"] == "1.004194"
    assert page["items"][0].keys() == {
        "code", "name", "levels", "sector", "province", "deep_link", "score",
    }  # fmt: skip


def test_a_code_finds_its_procedure(http):
    page = http.get("/api/procedures", params={"q": "mã 1.001193"}).json()
    assert [item["code"] for item in page["items"]] == ["1.001193"]


def test_all_listings_are_paged_without_gap_or_repetition(http, app):
    codes, offset = [], 0
    while True:
        page = http.get("/api/procedures", params={"limit": 50, "offset": offset}).json()
        codes += [item["code"] for item in page["items"]]
        offset += 50
        if not page["items"]:
            break
    listings = app.shelves().catalogue.listings
    assert page["total"] == len(codes) == len(listings)
    assert sorted(codes) == sorted(listing.code for listing in listings.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "101"), ("limit", "x"), ("offset", "-1"),
        ("offset", "99999999999999999999999"), ("q", "a" * 2001),
    ],
)  # fmt: skip
def test_bad_parameters_are_named(http, name, value):
    response = http.get("/api/procedures", params={name: value})
    assert response.status_code == 422
    assert response.json()["fields"] == [f"query.{name}"]
    assert "không đúng dạng" in response.json()["detail"]


@pytest.mark.parametrize("text", ["\x00", "👶", "<script>", "'; DROP TABLE x;--", "%", "   "])
def test_any_question_is_searched_for(http, text):
    assert http.get("/api/procedures", params={"q": text}).status_code == 200


def test_a_record_is_given_in_full(http, app):
    record = http.get("/api/procedures/1.001193").json()
    revision = app.shelves().revision("1.001193")
    assert record["name"] == revision.name
    assert record["deep_link"] == revision.deep_link
    assert record["content"] == json.loads(revision.content.model_dump_json())
    assert record["content"]["documents"]


@pytest.mark.parametrize("code", ["9.999999", "abc", "..%2F..%2Fetc", "1.001193%00", "{x}"])
def test_an_unknown_code_is_404_with_a_sentence(http, code):
    response = http.get(f"/api/procedures/{code}")
    assert response.status_code == 404
    assert response.json()["detail"].startswith(("Tôi không tìm thấy", "Không có trang"))


def test_a_code_that_two_provinces_share_is_a_list(app):
    revision = app.shelves().revision("1.001193")
    shelf = SimpleNamespace(
        by_code=lambda _: ("1.001193@a", "1.001193@b"), revision=lambda _: revision
    )
    records = _records("1.001193", shelf)
    assert [record.code for record in records] == ["1.001193", "1.001193"]


def test_a_withdrawn_code_is_said_to_be_withdrawn(app):
    gone = SimpleNamespace(name="Thủ tục cấp sổ hộ khẩu")
    shelf = SimpleNamespace(
        by_code=lambda _: (),
        absence=lambda _: "withdrawn",
        catalogue=SimpleNamespace(withdrawn=lambda _: gone),
    )
    with pytest.raises(Exception, match=r"1\.000001 «Cấp sổ hộ khẩu» đã hết hiệu lực"):
        _records("1.000001", shelf)


def test_it_is_ready_when_the_catalogue_is_loaded(http, app):
    assert http.get("/health/live").json() == {"status": "live"}
    catalogue = app.shelves().catalogue
    assert http.get("/health/ready").json() == {
        "status": "ready",
        "edition": catalogue.edition,
        "procedures": len(catalogue.listings),
    }


def test_it_is_alive_but_not_ready_while_the_catalogue_loads():
    def no_shelf():
        raise AssertionError("the shelf is not asked for before it is ready")

    web = create_web(Scripted(lambda _: simple("…")), no_shelf, ready=lambda: False)
    with served(web) as url, httpx.Client(base_url=url, trust_env=False) as http:
        assert http.get("/health/live").status_code == 200
        response = http.get("/health/ready")
    assert response.status_code == 503
    assert "đang khởi động" in response.json()["detail"]


def test_the_interface_describes_itself(http):
    described = http.get("/openapi.json").json()
    assert described["paths"].keys() >= {
        "/api/chat", "/api/procedures", "/api/procedures/{code}",
        "/health/live", "/health/ready", "/metrics",
    }  # fmt: skip
    answer = described["components"]["schemas"]["ChatTurn"]
    assert set(answer["required"]) == set(answer["properties"])


def test_no_page_loads_scripts_from_elsewhere(http):
    assert http.get("/docs").status_code == 404
    assert http.get("/redoc").status_code == 404
