"""The widget as it is served, and in a real browser on a page of another site."""

import json

import httpx
import pytest
from pydantic import ValidationError

from bot.config import Settings
from bot.web.application import create_web
from tests.web.foreign import embedded
from tests.web.serving import DESKTOP, PHONE, Scripted, served, simple

OPENER = "motcua-widget .opener"
CLOSER = "motcua-widget .closer"
PANEL = "motcua-widget dialog"


def ancestors(http, path):
    policy = http.get(path).headers["content-security-policy"]
    return policy.partition("frame-ancestors ")[2]


# ---- as it is served ----


def test_only_named_sites_may_frame_the_chat_and_nobody_the_rest(http):
    assert ancestors(http, "/widget") == "'self'"
    for path in ("/", "/niem-yet/1.004222", "/niem-yet/9.999999"):
        assert ancestors(http, path) == "'none'"
    sites = ("https://hoabinh.thanhhoa.gov.vn", "https://*.example.gov.vn:8443")
    web = create_web(Scripted(lambda _: simple("…")), None, ready=lambda: True, widget_sites=sites)
    with served(web) as url, httpx.Client(base_url=url, trust_env=False) as named:
        assert ancestors(named, "/widget") == f"'self' {sites[0]} {sites[1]}"
        assert ancestors(named, "/") == "'none'"


def test_the_setting_takes_origins_and_nothing_else(monkeypatch):
    monkeypatch.setenv("MOTCUA_WIDGET_SITES", "https://a.gov.vn, http://b.gov.vn:81")
    assert Settings().widget_sites == ("https://a.gov.vn", "http://b.gov.vn:81")
    for bad in ("a.gov.vn", "https://a.gov.vn/x", "*", "https://a; script-src *", "https://a\nb"):
        with pytest.raises(ValidationError, match="không phải địa chỉ trang"):
            Settings(widget_sites=bad)


def test_the_script_is_one_small_file_that_any_page_may_load(http):
    response = http.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(response.headers["content-length"]) < 6_000
    for part in (http.get("/widget.css").text, "Hỏi thủ tục"):
        assert json.dumps(part) in response.text
    assert '"STYLE"' not in response.text
    assert '"WORDS"' not in response.text


def test_the_key_is_new_for_each_browser_and_kept_by_it_for_two_hours(http):
    one, other = http.get("/widget-key"), http.get("/widget-key")
    assert len(one.content) == 32
    assert one.content != other.content
    assert one.headers["cache-control"] == "private, max-age=7200, immutable"
    assert one.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in one.headers


def test_the_style_lives_without_other_files(http):
    style = http.get("/widget.css").text
    assert "url(" not in style
    assert "@import" not in style


# ---- on a foreign page ----


@pytest.fixture
def visited(app, opened):
    """Opens the foreign page; it must end without a breach of its policy."""
    breaches = []

    def visit(allowed=True, viewport=DESKTOP, **settings):
        house = embedded(app.assistant, app.shelves, allowed=allowed)
        foreign, ours = house.__enter__()
        houses.append(house)
        page = opened("about:blank", viewport, **settings)
        if allowed:
            page.on(
                "console", lambda said: breaches.append(said.text) if said.type == "error" else 0
            )
        page.goto(foreign)
        page.wait_for_selector(OPENER)
        return page, foreign, ours

    houses = []
    yield visit
    for house in houses:
        house.__exit__(None, None, None)
    assert not breaches


def inside(page):
    return page.frame_locator("motcua-widget iframe")


def say(page, text):
    inside(page).locator("#question").fill(text)
    inside(page).locator("#question").press("Enter")
    inside(page).locator(".bot").last.wait_for()


def is_open(page):
    expanded = page.get_attribute(OPENER, "aria-expanded") == "true"
    assert page.locator(PANEL).is_visible() == expanded
    return expanded


def focus(page):
    """What has the focus: an element of the page, or one of the widget."""
    return page.evaluate(
        """() => {
          const outer = document.activeElement;
          const e = outer.shadowRoot ? outer.shadowRoot.activeElement : outer;
          return e.className || e.id || e.tagName;
        }"""
    )


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_those_who_listen_hear_what_it_is(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    assert page.get_by_role("button", name="Hỏi thủ tục hành chính").count() == 1
    assert page.get_by_role("dialog", name="Hỏi thủ tục hành chính").count() == 1
    assert page.get_by_role("button", name="Đóng khung hỏi đáp").count() == 1
    assert page.get_attribute("motcua-widget iframe", "title") == "Hỏi thủ tục hành chính"
    assert page.get_attribute("motcua-widget", "lang") == "vi"


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_on_a_phone_it_fills_the_screen_and_covers_the_page(visited):
    page, _, _ = visited(viewport=PHONE, is_mobile=True, has_touch=True)
    page.tap(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    box = page.locator("motcua-widget iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert page.evaluate(
        "document.querySelector('motcua-widget').shadowRoot.querySelector(':modal')"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.tap(CLOSER)
    assert not is_open(page)
    assert focus(page) == "opener"


@pytest.mark.browser
def test_it_follows_a_window_that_becomes_small(visited):
    page, _, _ = visited()
    page.click(OPENER)
    say(page, "1.004194")
    page.set_viewport_size(PHONE)
    page.wait_for_function(
        "document.querySelector('motcua-widget').shadowRoot.querySelector(':modal')"
    )
    assert inside(page).locator(".bot").count() == 1
    page.set_viewport_size(DESKTOP)
    page.wait_for_function(
        "!document.querySelector('motcua-widget').shadowRoot.querySelector(':modal')"
    )
    assert is_open(page)
    assert page.locator(PANEL).bounding_box()["width"] == 410


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_words_of_strangers_close_nothing(visited):
    page, _, _ = visited()
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    page.evaluate("window.postMessage({motcua: 'close'}, '*')")
    page.wait_for_timeout(200)
    assert is_open(page)


@pytest.mark.browser
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


@pytest.mark.browser
def test_where_it_may_not_be_framed_it_leads_to_the_chat_itself(visited):
    page, _, ours = visited(allowed=False)
    page.click(OPENER)
    page.wait_for_timeout(500)
    assert page.locator("motcua-widget .waiting a").is_visible()
    assert page.get_attribute("motcua-widget .waiting a", "href") == f"{ours}/"
    assert page.locator("motcua-widget iframe").evaluate("e => getComputedStyle(e).opacity") == "0"
    page.keyboard.press("Escape")
    assert not is_open(page)


@pytest.mark.browser
def test_motion_and_colours_follow_the_reader(visited):
    page, _, _ = visited(reduced_motion="reduce", color_scheme="dark")
    page.click(OPENER)
    page.wait_for_selector(f"{PANEL}.is-ready")
    assert page.evaluate("document.getAnimations().length") == 0
    ground = page.locator(PANEL).evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(25, 21, 19)"
    page.emulate_media(media="print")
    assert not page.locator(OPENER).is_visible()
