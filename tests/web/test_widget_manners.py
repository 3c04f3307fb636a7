"""The widget on a foreign page, as a guest: what it asks for, breaks and listens to."""

import pytest

from tests.web.visiting import OPENER, PANEL, inside, is_open, say

pytestmark = pytest.mark.browser


def test_a_strict_page_needs_only_our_script_and_our_frame(visited):
    page, foreign, ours = visited()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_selector(OPENER)
    assert [url for url in asked if not url.startswith((foreign, "data:"))] == [f"{ours}/widget.js"]
    page.click(OPENER)
    say(page, "1.004194")
    assert all(url.startswith((foreign, ours, "data:")) for url in asked)
    assert "Đăng ký tạm trú" in inside(page).locator(".bot").inner_text()


def test_the_page_and_the_widget_leave_each_other_alone(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    box = page.locator(OPENER).bounding_box()
    assert (box["width"], box["height"]) == (64, 64)
    assert page.locator("motcua-widget iframe").bounding_box()["width"] == 410
    looks = "getComputedStyle(document.querySelector('article button')).backgroundColor"
    assert page.evaluate(looks) == "rgb(43, 122, 61)"
    assert (
        page.evaluate("Object.keys(window).filter((name) => /motcua|opener_|SAY/.test(name))") == []
    )
    assert page.evaluate("document.body.lastElementChild.tagName") == "MOTCUA-WIDGET"


def test_two_lines_on_a_page_make_one_widget(visited):
    page, _, ours = visited()
    page.evaluate(
        """(src) => new Promise((resolve) => {
          const policy = trustedTypes.createPolicy('test', { createScriptURL: (url) => url });
          const script = document.createElement('script');
          script.src = policy.createScriptURL(src);
          script.onload = resolve;
          document.body.appendChild(script);
        })""",
        f"{ours}/widget.js",
    )
    assert page.locator("motcua-widget").count() == 1


def test_words_of_strangers_close_nothing(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    page.evaluate("window.postMessage({motcua: 'close'}, '*')")
    page.wait_for_timeout(200)
    assert is_open(page)


def test_escape_that_ends_a_composed_word_closes_nothing(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    inside(page).locator("#question").evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'Escape', bubbles: true, isComposing: true}))"
    )
    page.wait_for_timeout(200)
    assert is_open(page)


def test_where_it_may_not_be_framed_it_leads_to_the_chat_itself(visited):
    page, _, ours = visited(allowed=False)
    page.click(OPENER)
    page.wait_for_timeout(500)
    assert page.locator("motcua-widget .waiting a").is_visible()
    assert page.get_attribute("motcua-widget .waiting a", "href") == f"{ours}/"
    assert page.locator("motcua-widget iframe").evaluate("e => getComputedStyle(e).opacity") == "0"
    page.keyboard.press("Escape")
    assert not is_open(page)


def test_motion_and_colours_follow_the_reader(visited):
    page, _, _ = visited(reduced_motion="reduce", color_scheme="dark")
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    assert page.evaluate("document.getAnimations().length") == 0
    ground = page.locator(PANEL).evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(25, 21, 19)"
    page.emulate_media(media="print")
    assert not page.locator(OPENER).is_visible()
