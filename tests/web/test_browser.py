"""The page in a real browser: by keyboard, by touch, on paper, when things go wrong."""

import pytest

from bot.messages import Bubble, Choice, Named, Outcome, Reply
from tests.web.serving import DESKTOP, PHONE, simple

pytestmark = pytest.mark.browser

NARROWEST = {"width": 320, "height": 568}
QUESTION = "con mới đẻ cần làm giấy tờ gì"
PAPERS = Reply(
    Outcome.ANSWER,
    (
        Bubble(
            "Giấy tờ cần có – Đăng ký khai sinh:\nAi cũng cần:\n• Tờ khai (1 bản chính)\n"
            "• Giấy chứng sinh\nLưu ý:\n• Nộp trong 60 ngày\n\nMã 1.001193 · theo 163/QĐ-BTP\n"
            "Trang thủ tục trên Cổng Dịch vụ công Quốc gia:\n"
            "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd",
            (Choice("Lệ phí", "lệ phí"), Choice("Nộp ở đâu", "nộp ở đâu")),
        ),
    ),
    facet="documents",
    procedure=Named(
        "1.001193", "Đăng ký khai sinh", "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd"
    ),
)


def ask(page, text, answers=1):
    page.fill("#question", text)
    page.press("#question", "Enter")
    page.wait_for_selector(f".bot >> nth={answers - 1}")


def focused(page):
    return page.evaluate("document.activeElement.textContent || document.activeElement.id")


# ---- conversations ----


def test_a_conversation_by_keyboard_alone(opened, address):
    page = opened(address)
    page.keyboard.press("Tab")
    assert focused(page) == "Đến ô nhập câu hỏi"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.type("1.004194")
    page.keyboard.press("Enter")
    page.wait_for_selector(".choice")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if focused(page).startswith("1"):
            break
    assert focused(page).startswith("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bot >> nth=1")
    assert focused(page).startswith("1"), "the pressed button keeps the focus"
    for _ in range(10):
        page.keyboard.press("Tab")
        if "Mở trang thủ tục" in focused(page):
            break
    assert "Mở trang thủ tục trên Cổng Dịch vụ công Quốc gia" in focused(page)
    assert (
        page.locator(".bot >> nth=1")
        .locator(".go a")
        .get_attribute("href")
        .startswith("https://dichvucong.gov.vn/")
    )


def test_a_starter_question_by_touch(opened, address):
    page = opened(address, PHONE, has_touch=True, is_mobile=True)
    page.tap("text=Mất căn cước làm lại ở đâu")
    page.wait_for_selector(".bot")
    assert page.locator(".mine-text").inner_text().endswith("Mất căn cước làm lại ở đâu")
    assert not page.locator("#welcome").is_visible()
    assert page.evaluate("document.activeElement.id") != "question", "no keyboard over the answer"


def test_enter_sends_and_shift_enter_makes_a_line(opened, scripted):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        low = page.locator("#question").bounding_box()["height"]
        page.focus("#question")
        page.keyboard.type("một")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("hai")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("ba")
        assert page.locator("#question").bounding_box()["height"] > low
        page.keyboard.press("Enter")
        page.wait_for_selector(".bot")
        assert assistant.heard[0].text == "một\nhai\nba"
        assert page.locator("#question").bounding_box()["height"] == low


@pytest.mark.parametrize("way", ["isComposing: true", "keyCode: 229"])
def test_enter_that_ends_a_composed_word_sends_nothing(opened, scripted, way):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        page.fill("#question", "dang ky")
        page.evaluate(
            f"document.getElementById('question').dispatchEvent(new KeyboardEvent('keydown',"
            f"{{key: 'Enter', bubbles: true, cancelable: true, {way}}}))"
        )
        page.wait_for_timeout(200)
        assert page.input_value("#question") == "dang ky"
        assert not assistant.heard


def test_an_empty_question_is_not_sent(opened, scripted):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        page.fill("#question", "  \n ")
        page.click("#send")
        page.wait_for_timeout(200)
        assert not assistant.heard


def test_only_the_last_choices_can_be_pressed(opened, scripted):
    with scripted(simple("Việc nào?", "Khai sinh", "Khai tử")) as (url, assistant):
        page = opened(url)
        ask(page, "khai")
        page.click(".choice >> nth=1")
        page.wait_for_selector(".bot >> nth=1")
        assert [message.text for message in assistant.heard] == ["khai", "2"]
        assert page.locator(".mine-text >> nth=1").inner_text().endswith("Khai tử")
        page.locator("#question").focus()
        old = page.locator(".bot >> nth=0").locator(".choice")
        assert [old.nth(n).is_disabled() for n in range(2)] == [True, True]
        new = page.locator(".bot >> nth=1").locator(".choice")
        assert [new.nth(n).is_enabled() for n in range(2)] == [True, True]


def test_the_conversation_survives_a_reload_and_ends_with_the_tab(opened, address):
    page = opened(address)
    ask(page, "1.004194")
    page.reload()
    assert "Đăng ký tạm trú" in page.locator(".bot").inner_text()
    ask(page, "lệ phí", answers=2)
    assert "7.000 đồng" in page.locator(".bot >> nth=1").inner_text()
    other = page.context.new_page()
    other.goto(address)
    assert other.locator(".mine").count() == 0


def test_begin_again_forgets_the_conversation(opened, scripted):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        ask(page, "một")
        page.click("text=Bắt đầu lại")
        assert page.locator(".turn").count() == 0
        assert page.locator("#welcome").is_visible()
        assert page.evaluate("document.activeElement.id") == "question"
        ask(page, "hai")
        first, second = assistant.heard
        assert first.conversation_id != second.conversation_id
        page.reload()
        assert page.locator(".mine").count() == 1


def test_a_choice_pressed_hours_later_says_what_needs_no_memory(opened, scripted):
    offer = simple("Việc nào?", "Đăng ký khai sinh", "Đăng ký khai tử")
    with scripted(lambda said: PAPERS if said.text == "giấy tờ" else offer) as (url, assistant):
        page = opened("about:blank")
        page.clock.install()
        page.goto(url)
        ask(page, "khai")
        page.clock.fast_forward("03:00:00")
        page.click(".choice >> nth=0")
        page.wait_for_selector(".bot >> nth=1")
        ask(page, "giấy tờ", answers=3)
        page.clock.fast_forward("03:00:00")
        page.click(".choice:has-text('Lệ phí')")
        page.wait_for_selector(".bot >> nth=3")
        said = [message.text for message in assistant.heard]
        assert said == ["khai", "Đăng ký khai sinh", "giấy tờ", "lệ phí 1.001193"]


def test_the_answer_can_be_copied(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url, permissions=["clipboard-read", "clipboard-write"])
        ask(page, "giấy tờ")
        page.click("text=Sao chép")
        page.wait_for_selector("text=Đã sao chép")
        assert page.evaluate("navigator.clipboard.readText()") == PAPERS.bubbles[0].text


# ---- text is text ----


def test_what_the_bot_says_never_becomes_markup(opened, scripted):
    nasty = (
        'Xin chào <img src=x onerror="window.hacked=1">\n• <script>window.hacked=2</script>\n'
        "javascript:alert(1) http://khong-an-toan.vn data:text/html,x\n"
        "https://dichvucong.gov.vn/a?b=1&c=2, hết."
    )
    label = '1. <b onmouseover="window.hacked=3">đậm</b>'
    reply = Reply(Outcome.CLARIFY, (Bubble(nasty, (Choice(label, "1"),)),))
    with scripted(reply) as (url, _):
        page = opened(url)
        ask(page, "<img src=x onerror=window.hacked=4>")
        page.wait_for_timeout(300)
        assert page.evaluate("window.hacked") is None
        assert '<img src=x onerror="window.hacked=1">' in page.locator(".sheet").inner_text()
        assert "<b onmouseover" in page.locator(".choice").inner_text()
        assert page.locator(".log img, .log script, .log b").count() == 0
        links = page.locator(".sheet a")
        assert links.count() == 1
        assert links.get_attribute("href") == "https://dichvucong.gov.vn/a?b=1&c=2"
        assert links.get_attribute("rel") == "noopener noreferrer"
        page.reload()
        page.wait_for_timeout(300)
        assert page.evaluate("window.hacked") is None


def test_the_shape_of_an_answer(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url)
        ask(page, "giấy tờ khai sinh")
        sheet = page.locator(".sheet")
        assert sheet.locator(".fact").inner_text() == "Giấy tờ cần có – Đăng ký khai sinh:"
        assert sheet.locator("ul.papers li").count() == 2
        assert sheet.locator("ul:not(.papers) li").inner_text() == "Nộp trong 60 ngày"
        assert "https://" not in sheet.inner_text()
        assert sheet.locator(".go a").get_attribute("target") == "_blank"


def test_an_answer_cut_for_other_platforms_is_one_again(opened, scripted):
    first = "Giấy tờ cần có:\n" + "\n".join(f"• Giấy tờ số {n} {'x' * 60}" for n in range(20))
    reply = Reply(
        Outcome.ANSWER, (Bubble(first), Bubble("• Giấy cuối\n\nMã 1.001193")), "documents"
    )
    with scripted(reply) as (url, _):
        page = opened(url)
        ask(page, "giấy tờ")
        assert page.locator(".sheet").count() == 1
        assert page.locator(".papers li").count() == 21


# ---- when things go wrong ----


def test_a_lost_connection_loses_no_question(opened, scripted):
    with scripted(simple("Có đây.")) as (url, _):
        page = opened(url)
        page.route("**/api/chat", lambda route: route.abort())
        page.fill("#question", "câu hỏi dài của tôi")
        page.press("#question", "Enter")
        page.wait_for_selector("[role=alert]")
        assert page.locator(".mine-text").inner_text().endswith("câu hỏi dài của tôi")
        page.reload()
        assert page.locator(".mine-text").inner_text().endswith("câu hỏi dài của tôi")
        page.unroute("**/api/chat")
        page.click("text=Gửi lại")
        page.wait_for_selector("text=Có đây.")
        assert page.locator("[role=alert]").count() == 0
        assert page.locator(".mine").count() == 1


def test_a_failure_of_the_server_is_told_in_its_own_words(opened, scripted):
    def fail(message):
        raise RuntimeError("x")

    with scripted(fail) as (url, _):
        page = opened(url)
        page.fill("#question", "mất căn cước")
        page.press("#question", "Enter")
        page.wait_for_selector("[role=alert]")
        assert "tôi vừa gặp trục trặc" in page.locator("[role=alert]").inner_text()
        assert page.locator("text=Gửi lại").is_visible()


def test_a_very_long_question_is_sent_in_part(opened, scripted):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        ask(page, "ễ" * 60_000)
        assert len(assistant.heard[0].text) == 4000


def test_a_question_is_not_sent_twice_while_waiting(opened, scripted):
    with scripted(simple("Vâng.")) as (url, assistant):
        page = opened(url)
        held = []
        page.route("**/api/chat", lambda route: held.append(route))  # noqa: PLW0108 (it marks it)
        page.fill("#question", "một")
        page.press("#question", "Enter")
        page.wait_for_selector(".waiting")
        page.fill("#question", "hai")
        page.press("#question", "Enter")
        assert page.input_value("#question") == "hai", "what is typed meanwhile stays"
        held[0].continue_()
        page.wait_for_selector(".bot")
        assert [message.text for message in assistant.heard] == ["một"]


def test_without_javascript_there_is_the_hotline(opened, address):
    page = opened(address, java_script_enabled=False)
    assert page.locator(".notice a[href^='tel:']").is_visible()
    assert not page.locator("#composer").is_visible()


def test_without_storage_the_page_still_works(opened, scripted):
    with scripted(simple("Vâng.")) as (url, _):
        page = opened("about:blank")
        page.add_init_script(
            "for (const name of ['sessionStorage', 'localStorage'])"
            "  Object.defineProperty(window, name, {get() { throw new Error('no'); }});"
        )
        page.goto(url)
        page.click("#size")
        page.click("#size")
        assert page.evaluate("document.documentElement.className") == "size-3"
        ask(page, "một")


# ---- looks, sizes, helpers ----


def test_nothing_is_asked_of_other_hosts(opened, address):
    page = opened("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    ask(page, "1.001193")
    assert asked
    assert all(url.startswith(address) for url in asked)


@pytest.mark.parametrize("presses", [0, 1, 2])
def test_the_narrowest_screen_needs_no_sideways_scrolling(opened, address, presses):
    page = opened(address, NARROWEST, is_mobile=True, has_touch=True)
    for _ in range(presses):
        page.click("#size")
    for text in (None, QUESTION, "1.001193", "x" * 200):
        if text:
            ask(page, text, answers=page.locator(".bot").count() + 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate("visualViewport.width") == 320


def test_the_letter_size_is_remembered(opened, address):
    page = opened(address)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert page.evaluate(size) == 18
    page.click("#size")
    assert page.evaluate(size) == 21
    page.reload()
    assert page.evaluate(size) == 21
    assert "Cỡ chữ: to" in page.get_attribute("#size", "aria-label")


def test_everything_has_a_name_and_a_place(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url, PHONE)
        ask(page, "giấy tờ")
        faults = page.evaluate(
            """() => {
              const faults = [];
              const name = (e) => (e.getAttribute('aria-label') || e.textContent
                || (e.labels && e.labels[0] && e.labels[0].textContent) || '').trim();
              document.querySelectorAll('button, a, textarea').forEach((e) => {
                if (!name(e)) faults.push(`no name: ${e.outerHTML}`);
                const box = e.getBoundingClientRect();
                if (e.tagName === 'BUTTON' && box.height && (box.height < 44 || box.width < 44))
                  faults.push(`small: ${e.outerHTML} ${box.height}`);
              });
              document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')
                .forEach((e) => ['aria-labelledby', 'aria-describedby', 'for'].forEach((kind) => {
                  const id = e.getAttribute(kind);
                  if (id && !document.getElementById(id)) faults.push(`no such id: ${id}`);
                }));
              const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
              if (new Set(ids).size !== ids.length) faults.push('an id is used twice');
              document.querySelectorAll('img').forEach((e) => {
                if (!e.hasAttribute('alt')) faults.push('an image without alt');
              });
              if (document.documentElement.lang !== 'vi') faults.push('lang');
              if (document.querySelectorAll('h1').length !== 1) faults.push('h1');
              if (document.querySelectorAll('main').length !== 1) faults.push('main');
              const log = document.querySelector('[role=log]');
              if (log.getAttribute('aria-live') !== 'polite') faults.push('aria-live');
              return faults;
            }"""
        )
        assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_letters_on_the_page_stand_out(opened, scripted, scheme):
    with scripted(PAPERS) as (url, _):
        page = opened(url, color_scheme=scheme, reduced_motion="reduce")
        faults = page.evaluate(CONTRASTS)
        ask(page, "giấy tờ")
        faults += page.evaluate(CONTRASTS)
        page.click(".choice >> nth=0")
        page.wait_for_selector(".bot >> nth=1")
        page.route("**/api/chat", lambda route: route.abort())
        page.fill("#question", "nữa")
        page.press("#question", "Enter")
        page.wait_for_selector("[role=alert]")
        faults += page.evaluate(CONTRASTS)
        assert faults == []


CONTRASTS = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faults = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    if (e.closest('.unseen, .skip, noscript, :disabled')) continue;
    const both = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const [high, low] = both.sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faults.push(`${ratio.toFixed(2)} ${walk.currentNode.data.slice(0, 40)}`);
  }
  return faults;
}"""


def test_the_focus_is_always_seen(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url)
        ask(page, "giấy tờ")
        page.evaluate("document.activeElement.blur()")
        seen = []
        for _ in range(9):
            page.keyboard.press("Tab")
            seen.append(
                page.evaluate(
                    """() => {
                      const e = document.activeElement, s = getComputedStyle(e);
                      const box = e.getBoundingClientRect();
                      const inView = box.top >= 0 && box.bottom <= innerHeight;
                      const marked = s.outlineStyle !== 'none' || s.boxShadow !== 'none';
                      return [e.tagName, inView, marked];
                    }"""
                )
            )
        assert all(in_view and marked for tag, in_view, marked in seen if tag != "BODY"), seen
        assert len([tag for tag, *_ in seen if tag != "BODY"]) >= 8


def test_motion_stops_for_those_who_ask(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url, reduced_motion="reduce")
        page.route("**/api/chat", lambda route: None)
        page.fill("#question", "một")
        page.press("#question", "Enter")
        page.wait_for_selector(".waiting")
        assert page.evaluate("document.getAnimations().length") == 0


def test_paper_shows_the_conversation_and_nothing_else(opened, scripted):
    with scripted(PAPERS) as (url, _):
        page = opened(url, color_scheme="dark")
        ask(page, "giấy tờ khai sinh")
        page.emulate_media(media="print")
        for hidden in (".desk", ".choices", ".after", ".band-tools", "#welcome"):
            assert not page.locator(hidden).is_visible(), hidden
        assert page.locator(".sheet").is_visible()
        assert page.locator(".print-only").is_visible()
        white = "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == white
        assert len(page.pdf(format="A4")) > 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pictures_of_a_conversation(opened, address, tmp_path, size, scheme):
    page = opened(address, size, color_scheme=scheme, reduced_motion="reduce")
    ask(page, QUESTION)
    page.click(".choice >> nth=1")
    page.wait_for_selector(".bot >> nth=1")
    picture = tmp_path / f"{size['width']}-{scheme}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000
