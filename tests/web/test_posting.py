"""Posting pages and short links over HTTP: what they say, where they lead, what is gone."""

import re
from datetime import date
from html import unescape

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.entries import entries_of
from bot.shelf import Shelf
from bot.web.application import create_web
from bot.web.markup import tag
from bot.web.qr import qr
from knowledge.catalogue import load_catalogue
from knowledge.database import connect, sessions, upgrade
from knowledge.publishing import create_draft, publish, withdraw_procedure
from knowledge.records.content import Case, Document, Fee, FeeKind, Method, Submission
from knowledge.records.kinds import Kind
from nlp.retrieval import Index
from tests.knowledge.making import NOW, content, draft
from tests.web.serving import Scripted, served, simple

TODAY = date(2026, 11, 24)
PUBLIC = "https://motcua.vit.gov.vn"
NASTY = '<script>alert("1")</script>\' & $name {x}'
DUCKS = content(
    cases=(Case(name="Vịt trời"), Case(name="Không có giấy nào")),
    documents=(
        Document(name="Tờ khai nuôi vịt", originals=1, copies=2),
        Document(name="Căn cước", shown_only=True),
        Document(name="Giấy của vịt trời", case="Vịt trời", copies=1),
    ),
    document_notes=("Vịt phải còn sống.",),
    methods=(
        Method(
            submission=Submission.IN_PERSON,
            fees=(Fee(kind=FeeKind.CHARGE, amount=20_000, text="mỗi con"),),
        ),
    ),
    steps=tuple(f"Bước {'dài ' * 80}{n}" for n in range(9)),
    results=("Giấy nuôi vịt",),
)


@pytest.fixture(scope="module")
def ducks(tmp_path_factory):
    """A small house: shared, withdrawn, internal and badly named procedures."""
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('ducks') / 'house.db'}")
    upgrade(engine)
    house = sessions(engine)
    local = {"kind": Kind.LOCAL, "portal_id": None}
    gone = {"1.900005": "1.900006", "1.900006": "1.900001", "1.900007": None}
    with house.begin() as session:
        for one in (
            draft(content=DUCKS),
            draft("1.900002", **local, province="38", owner="UBND tỉnh Thanh Hóa"),
            draft("1.900002", **local, province="08", owner="UBND tỉnh / Tuyên Quang"),
            draft("1.900003", kind=Kind.INTERNAL),
            draft("1.900004", name=NASTY, sector=NASTY, content=content(steps=(NASTY,))),
            *(draft(code, name=f"Nuôi ngan {code}") for code in gone),
        ):
            revision = create_draft(session, one)
            publish(session, revision, decision=None, effective_from=date(2026, 1, 2), now=NOW)
            if one.code in gone:
                withdraw_procedure(
                    session, revision.procedure, successor_code=gone[one.code], on=date(2026, 7, 1)
                )
    catalogue = load_catalogue(house, on=TODAY)
    yield Shelf(catalogue, Index.build(entries_of(catalogue)))
    engine.dispose()


@pytest.fixture(scope="module")
def site(ducks):
    assistant = Scripted(lambda _: simple("…"))
    web = create_web(assistant, lambda: ducks, ready=lambda: True, public_url=f"{PUBLIC}/")
    with served(web) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


def page_of(response):
    return LexborHTMLParser(response.text)


def texts(page, selector):
    return [" ".join(node.text(separator=" ").split()) for node in page.css(selector)]


# ---- the page ----


def test_papers_stand_in_their_groups_with_their_numbers(site):
    page = page_of(site.get("/niem-yet/1.900001"))
    groups = page.css("table.papers tbody")
    assert [texts(group, "tr.group") for group in groups] == [
        ["Ai cũng cần"], ["Trường hợp: Vịt trời"],
    ]  # fmt: skip
    assert texts(groups[0], "label") == [
        "Tờ khai nuôi vịt", "Căn cước mang bản gốc để đối chiếu, không phải nộp",
    ]  # fmt: skip
    assert texts(groups[0], "td.count") == ["1", "2", "", ""]
    assert texts(groups[1], "td.count") == ["", "1"]
    assert len(page.css("label input[type=checkbox]")) == 3
    assert texts(page, "thead th") == ["Giấy tờ cần chuẩn bị", "Bản chính", "Bản sao"]


def test_the_facts_and_the_decision_are_there(site):
    page = page_of(site.get("/niem-yet/1.900001"))
    assert texts(page, "h1") == ["Đăng ký nuôi vịt"]
    assert "Mã thủ tục 1.900001 · Chăn nuôi vịt · cấp xã" in texts(page, ".about")
    assert texts(page, ".fact-fee .amount") == ["20.000 đồng"]
    assert "Ủy ban nhân dân cấp xã" in texts(page, ".fact-where dd p")[0]
    assert "hồ sơ công bố không ghi số ngày" in texts(page, ".fact-time")[0]
    assert texts(page, ".decision") == [
        "Theo Quyết định 1/QĐ-BV ngày 02/01/2026 (Bộ Vịt) · số liệu ngày 01/07/2026"
    ]
    assert texts(page, ".notes li") == ["Vịt phải còn sống."]
    assert texts(page, ".results") == ["Kết quả nhận được: Giấy nuôi vịt"]


def test_steps_are_short_and_say_that_there_are_more(site):
    page = page_of(site.get("/niem-yet/1.900001"))
    steps = texts(page, ".steps li")
    assert len(steps) == 7
    assert all(len(step) <= 210 for step in steps)
    assert "còn 2 bước" in texts(page, "p.more")[-1]


def test_two_codes_lead_to_the_portal_and_to_the_chat(site, ducks):
    html = site.get("/niem-yet/1.900001").text
    link = ducks.listing("1.900001").deep_link
    chat = f"{PUBLIC}/?thu-tuc=1.900001"
    assert qr(link) in html
    assert qr(chat) in html
    assert re.findall(r'<figure><a href="([^"]+)"', html) == [link, chat]
    assert f'href="{PUBLIC}/t/1.900001"' in html
    assert "motcua.vit.gov.vn/t/1.900001" in html


def test_nothing_in_a_record_becomes_markup(site):
    html = site.get("/niem-yet/1.900004").text
    assert "<script>alert" not in html
    assert unescape(html).count(NASTY) >= 3
    assert html.count("<script") == 1


def test_the_page_loads_only_our_files_and_may_not_be_framed(site):
    response = site.get("/niem-yet/1.900001")
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    loaded = re.findall(r'(?:src|<link [^>]*href)="([^"]+)"', response.text)
    assert {address.split("?")[0] for address in loaded} == {
        "../static/icon.svg", "../static/posting.css", "../static/posting.js",
    }  # fmt: skip
    assert all(site.get(f"/niem-yet/{address}").status_code == 200 for address in loaded)
    assert "style=" not in response.text


@pytest.mark.parametrize("code", ["1_900001", "1900001", "1.900001.000.00.00.H56"])
def test_codes_are_read_as_posters_write_them(site, code):
    assert "Đăng ký nuôi vịt" in site.get(f"/niem-yet/{code}").text
    assert site.get(f"/t/{code}").status_code == 302


def test_an_address_that_phones_cannot_reach_is_warned_of(ducks):
    web = create_web(Scripted(lambda _: simple("…")), lambda: ducks, ready=lambda: True)
    with served(web) as url:
        page = page_of(httpx.get(f"{url}/niem-yet/1.900001", trust_env=False))
    assert "MOTCUA_PUBLIC_URL" in texts(page, ".warning")[0]
    assert "Gõ tắt" not in page.text()


def test_every_procedure_has_its_page(http, app):
    for slug in app.shelves().catalogue.listings:
        response = http.get(f"/niem-yet/{slug}")
        assert response.status_code == 200
        assert response.text.count('class="qr"') == 2
        assert "$" not in response.text


# ---- short links ----


@pytest.mark.parametrize("way", ["GET", "HEAD"])
def test_a_short_link_leads_to_the_page_in_force(site, ducks, way):
    response = site.request(way, "/t/1.900001")
    assert response.status_code == 302
    assert response.headers["location"] == ducks.listing("1.900001").deep_link
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/t/1.900002", "/niem-yet/1.900002"])
def test_a_code_of_two_provinces_is_a_list_whose_links_lead_to_one(site, path):
    page = page_of(site.get(path))
    assert [about.split(" · ")[0] for about in texts(page, "li .about")] == [
        "Tỉnh Thanh Hóa", "Tỉnh Tuyên Quang",
    ]  # fmt: skip
    sheets = [node.attributes["href"] for node in page.css("li a[href*=niem-yet]")]
    assert len(sheets) == 2
    for address, province in zip(sheets, ("Thanh Hóa", "Tuyên Quang"), strict=True):
        response = site.get(f"/t/{address}")
        assert response.status_code == 200
        assert f"Tỉnh {province}" in texts(page_of(response), ".about")[0]
        assert site.get(f"/t/{address.partition('niem-yet/')[2]}").status_code == 302


@pytest.mark.parametrize("path", ["/t", "/niem-yet"])
def test_a_withdrawn_code_names_what_stands_in_its_place(site, path):
    response = site.get(f"{path}/1.900005")
    assert response.status_code == 410
    page = page_of(response)
    assert "«Nuôi ngan 1.900005» đã hết hiệu lực từ ngày 01/07/2026" in page.text()
    assert texts(page, "li b") == ["Đăng ký nuôi vịt"]
    assert page.css("li a[href='../niem-yet/1.900001']")


def test_a_withdrawn_code_without_a_successor_says_so(site):
    response = site.get("/t/1.900007")
    assert response.status_code == 410
    assert "không nêu thủ tục thay thế" in response.text


@pytest.mark.parametrize("path", ["/t", "/niem-yet"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("9.999999", "Không có thủ tục mã 9.999999"),
        ("1.900003", "thủ tục nội bộ"),
        ("<b>x", "Không có thủ tục này"),
        ("//evil.vn/", "Không có thủ tục này"),
        ("1.900001@ai đó", "Không"),
    ],
)
def test_what_is_not_there_is_404_in_plain_words(site, path, name, said):
    response = site.get(f"{path}/{name}")
    assert response.status_code == 404
    assert said in page_of(response).text()
    assert "<b>x" not in response.text


def test_markup_is_escaped_once():
    assert (
        tag("p", "a<b", tag("b", '"'), title='"&')
        == '<p title="&quot;&amp;">a&lt;b<b>&quot;</b></p>'
    )
