"""The widget on a foreign page, in use: by keyboard, by ear, on a phone, after a reload."""

import pytest

from tests.web.serving import DESKTOP, PHONE
from tests.web.visiting import (
    CLOSER,
    OPENER,
    PANEL,
    covers_the_page,
    focus,
    inside,
    is_open,
    say,
    until,
)

pytestmark = pytest.mark.browser


def test_by_keyboard_alone(visited):
    page, _, _ = visited()
    for _ in range(12):
        page.keyboard.press("Tab")
        if focus(page) == "opener":
            break
    assert focus(page) == "opener"
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{PANEL}.is-ready")
    inside(page).locator("#question:focus").wait_for()
    page.keyboard.type("1.004194")
    page.keyboard.press("Enter")
    inside(page).locator(".bot").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector(PANEL, state="hidden")
    assert focus(page) == "opener"
    assert not is_open(page)
    page.keyboard.press("Enter")
    inside(page).locator("#question:focus").wait_for()
    assert inside(page).locator(".bot").count() == 1, "the conversation is still there"
    page.keyboard.press("Shift+Tab")
    for _ in range(30):
        if focus(page) == "closer":
            break
        page.keyboard.press("Shift+Tab")
    assert focus(page) == "closer"
    page.keyboard.press("Escape")
    assert not is_open(page)
    assert focus(page) == "opener"


def test_those_who_listen_hear_what_it_is(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    assert page.get_by_role("button", name="Hỏi thủ tục hành chính").count() == 1
    assert page.get_by_role("dialog", name="Hỏi thủ tục hành chính").count() == 1
    assert page.get_by_role("button", name="Đóng khung hỏi đáp").count() == 1
    assert page.get_attribute("motcua-widget iframe", "title") == "Hỏi thủ tục hành chính"
    assert page.get_attribute("motcua-widget", "lang") == "vi"


def test_a_reload_keeps_it_open_with_its_conversation_and_leaves_the_focus_alone(visited):
    page, foreign, _ = visited()
    page.click(OPENER)
    say(page, "1.004194")
    page.reload()
    inside(page).locator(".bot").wait_for()
    assert is_open(page)
    assert focus(page) == "BODY"
    say(page, "lệ phí")
    assert "7.000 đồng" in inside(page).locator(".bot").last.inner_text()
    page.click(CLOSER)
    page.reload()
    page.wait_for_selector(OPENER)
    assert not is_open(page)
    other = page.context.new_page()
    other.goto(foreign)
    other.wait_for_selector(OPENER)
    assert not is_open(other)


@pytest.mark.parametrize("is_denied", [False, True], ids=["own storage", "denied storage"])
def test_what_is_said_is_kept_and_not_shown_to_the_page(visited, is_denied):
    page, _, _ = visited()
    if is_denied:
        page.add_init_script(
            "if (window !== parent) Object.defineProperty(window, 'sessionStorage',"
            " {get() { throw new Error('no'); }});"
        )
        page.reload()
    page.click(OPENER)
    say(page, "1.004194")
    page.wait_for_timeout(300)
    kept = page.evaluate("Object.values(sessionStorage).join(' ')")
    assert not any(word in kept for word in ("1.004194", "tạm trú", "conversation", "text"))
    page.reload()
    inside(page).locator(".bot").wait_for()
    page.evaluate("sessionStorage.setItem('motcua-widget-talk', 'AAAA' + 'x'.repeat(40))")
    page.reload()
    page.wait_for_selector(f"{PANEL}.is-ready")
    say(page, "1.004222")


def test_on_a_phone_it_fills_the_screen_and_covers_the_page(visited):
    page, _, _ = visited(viewport=PHONE, is_mobile=True, has_touch=True)
    page.tap(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    box = page.locator("motcua-widget iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert covers_the_page(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.tap(CLOSER)
    assert not is_open(page)
    assert focus(page) == "opener"


@pytest.mark.parametrize("width", [320, 360, 410])
def test_the_frame_needs_no_sideways_scrolling_and_leaves_room_to_close(opened, address, width):
    page = opened(f"{address}/widget?thu-tuc=1.004194", {"width": width, "height": 640})
    page.wait_for_selector(".bot")
    for _ in range(3):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for tool in page.locator(".tool:visible").all():
            box = tool.bounding_box()
            assert box["x"] + box["width"] <= width - 53, "the closing button lies there"
        page.click("#size")


def test_it_follows_a_window_that_becomes_small(visited):
    page, _, _ = visited()
    page.click(OPENER)
    say(page, "1.004194")
    page.set_viewport_size(PHONE)
    until(lambda: covers_the_page(page))
    assert inside(page).locator(".bot").count() == 1
    page.set_viewport_size(DESKTOP)
    until(lambda: not covers_the_page(page))
    assert is_open(page)
    assert page.locator(PANEL).bounding_box()["width"] == 410
