"""Posting pages in a real browser: on a screen, on a phone, on paper; and the chat they lead to."""

import re

import pytest

from tests.web.serving import PHONE

pytestmark = pytest.mark.browser

LONG = "1.004222"  # many cases
SHORT = "1.001193"


@pytest.mark.parametrize("code", [SHORT, LONG, "2.002011"])
def test_on_paper_there_is_the_sheet_and_nothing_else(opened, address, code):
    page = opened(f"{address}/niem-yet/{code}", color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".bar", ".warning"):
        assert not page.locator(hidden).is_visible()
    assert page.locator("svg.qr").count() == 2
    paper = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type /Page\b", paper)) <= 3
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper).groups())
    assert (round(width), round(height)) == (595, 842), "A4"


def test_letters_are_large_and_codes_can_be_scanned(opened, address):
    page = opened(f"{address}/niem-yet/{LONG}")
    page.emulate_media(media="print")
    size = "e => parseFloat(getComputedStyle(e).fontSize) * 0.75"
    assert page.locator("label").first.evaluate(size) >= 12.9
    assert page.locator("h1").evaluate(size) >= 17
    code = page.locator("svg.qr").first.bounding_box()
    assert code["width"] * 25.4 / 96 >= 28, "millimetres"
    assert code["width"] == code["height"]


def test_the_button_prints_and_papers_can_be_ticked_by_keyboard(opened, address):
    page = opened(f"{address}/niem-yet/{SHORT}")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("window.printed")
    page.locator("input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    assert page.locator("input[type=checkbox]:checked").count() == 1


@pytest.mark.parametrize("code", [SHORT, LONG, "2.002011", "9.999999"])
def test_a_phone_needs_no_sideways_scrolling(opened, address, code):
    page = opened(f"{address}/niem-yet/{code}", PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("visualViewport.width") == PHONE["width"]


def test_the_chat_opens_on_the_procedure_and_asks_once(opened, address):
    page = opened(f"{address}/?thu-tuc={LONG}")
    page.wait_for_selector(".bot")
    assert "Đăng ký thường trú" in page.locator(".bot").inner_text()
    assert page.locator(".mine-text").inner_text().endswith(f"Thủ tục mã {LONG}")
    assert page.evaluate("location.search") == ""
    page.reload()
    page.wait_for_selector(".bot")
    assert page.locator(".mine").count() == 1


@pytest.mark.parametrize(
    "query", ["thu-tuc=<img src=x>", "thu-tuc=%31", "thu-tuc=1.0042229", "x=1.004222"]
)
def test_what_is_no_code_asks_nothing(opened, address, query):
    page = opened(f"{address}/?{query}")
    page.wait_for_timeout(200)
    assert page.locator(".mine").count() == 0
    assert page.locator("#welcome").is_visible()


def test_the_page_for_frames_understands_a_code_too(opened, address):
    page = opened(f"{address}/widget?thu-tuc={LONG}")
    page.wait_for_selector(".bot")
    assert page.locator(".mine").count() == 1
