"""The page as it is served: headers, files, and its colours measured."""

import re
from importlib.resources import files

import pytest

from bot.wording import HOTLINE

STATIC = files("bot.web") / "static"
CSS = (STATIC / "chat.css").read_text(encoding="utf-8")
SCRIPTS = {
    name: (STATIC / name).read_text(encoding="utf-8")
    for name in ("chat.js", "frame.js", "posting.js", "widget.js")
}


def test_the_page_allows_nothing_from_elsewhere(http):
    response = http.get("/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path", ["/", "/static/chat.js", "/api/procedures", "/khong-co", "/metrics"]
)
def test_every_answer_has_safe_headers(http, path):
    headers = http.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_loads_only_its_own_three_files(http):
    page = http.get("/").text
    loaded = re.findall(r'(?:src|rel="(?:icon|stylesheet)"[^>]*href)="([^"]+)"', page)
    assert {address.split("?")[0] for address in loaded} == {
        "static/chat.css", "static/chat.js", "static/icon.svg",
    }  # fmt: skip
    for address in loaded:
        assert http.get(f"/{address}").status_code == 200
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"@import|url\(", CSS)


def test_files_are_small_on_the_way_and_kept_by_the_browser(http):
    response = http.get("/static/chat.js")
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < 10_000
    assert "max-age" in response.headers["cache-control"]
    assert http.head("/").status_code == 200


def test_a_changed_file_gets_a_new_address(http):
    versions = set(re.findall(r"\?v=([0-9a-f]{12})", http.get("/").text))
    assert len(versions) == 1


@pytest.mark.parametrize("path", ["/static/", "/static/../page.py", "/static/%2e%2e/page.py"])
def test_only_the_static_folder_is_served(http, path):
    assert http.get(path).status_code in (404, 405)


def test_without_javascript_the_hotline_is_given(http):
    fallback = re.search(r"<noscript>(.*?)</noscript>", http.get("/").text, re.DOTALL)
    assert fallback is not None
    assert f'href="tel:{HOTLINE}"' in fallback[1]
    assert "$" not in http.get("/").text


def test_the_page_says_what_not_to_send(http):
    assert "Không gửi số căn cước, số điện thoại" in http.get("/").text


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_text_becomes_html(script):
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert way not in SCRIPTS[script]


@pytest.mark.parametrize(
    "modern",
    [
        r"\?\.(?!\d)", r"\?\?", r"\basync\b", r"\bawait\b", r"\*\*(?![/*])", r"\{\s*\.\.\.",
        r"catch\s*\{", r"\.(flat|flatMap|replaceAll|padStart|padEnd|matchAll|at|finally|append|"
        r"replaceChildren|includes)\(", r"Object\.(entries|values|fromEntries)",
        r",\s*\n\s*\)", r"\?<[=!]", r"/[a-z]*s[a-z]*[,;)]", r"\bimport\b", r"\b\d+_\d+\b",
        r"#\w+\s*[=(]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_stay_within_es2015(modern, script):
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", SCRIPTS[script], flags=re.DOTALL)
    code = re.sub(r'"[^"\n]*"', '""', code)
    assert not re.search(modern, code), re.search(modern, code)


# ---- colours ----


def palette(scheme):
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[0]))
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[1]))
    assert light.keys() == dark.keys()
    return light if scheme == "light" else dark


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = [
    (text, ground)
    for ground in ("paper", "sheet")
    for text in ("ink", "muted", "accent", "accent-strong")
] + [
    ("ink", "wash"), ("accent", "wash"), ("ink", "danger-wash"), ("on-band", "band"),
    ("on-button", "button"), ("on-button", "button-strong"), ("muted", "line"),
]  # fmt: skip
EDGES = [("edge", "paper"), ("edge", "sheet"), ("focus", "paper"), ("focus", "sheet")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_letters_stand_out_from_their_ground(scheme, text, ground):
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_what_can_be_pressed_are_seen(scheme, edge, ground):
    colours = palette(scheme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_pages_without_a_link_to_the_icon_have_one_too(http):
    response = http.get("/favicon.ico")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
