"""The widget as it is served: who may frame it, how small it is, what its key is."""

import json

import httpx
import pytest
from pydantic import ValidationError

from bot.config import Settings
from bot.web.application import create_web
from tests.web.serving import Scripted, served, simple


def ancestors(http, path):
    policy = http.get(path).headers["content-security-policy"]
    return policy.partition("frame-ancestors ")[2]


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
