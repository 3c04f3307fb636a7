"""What a citizen does with the widget on a foreign page."""

import time

OPENER = "motcua-widget .opener"
CLOSER = "motcua-widget .closer"
PANEL = "motcua-widget dialog"


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


def covers_the_page(page):
    return page.evaluate(
        "!!document.querySelector('motcua-widget').shadowRoot.querySelector(':modal')"
    )


def until(is_so):
    """Wait from outside: a strict page does not let a test's own code be evaluated in it."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
