"""Links to the National Portal: built from one template, told apart by their era."""

import re
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from knowledge.provinces import host_names
from knowledge.records.kinds import Kind

PAGE: Final = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{portal_id}"
BY_CODE: Final = (
    "https://dichvucong.gov.vn/tra-cuu-thu-tuc/danh-sach?keyword={code}"
    "&showAdvanced=false&formalityType={type}&limit=10&activeKey={type}"
)

_CURRENT_PATHS: Final = (
    "/thu-tuc-hanh-chinh/",
    "/tra-cuu-thu-tuc/",
    "/tim-kiem-thu-tuc-hanh-chinh",
    "/nop-ho-so",
    "/tra-cuu-ho-so",
    "/thanh-toan-truc-tuyen",
)
_OLD_HOSTS: Final = ("vpcp.dichvucong.gov.vn", "csdl.dichvucong.gov.vn")
_PROVINCIAL_HOST: Final = re.compile(r"^(?:dichvucong|dvc|motcua)\.([a-z]+)\.gov\.vn$")
_UUID: Final = re.compile(r"^/thu-tuc-hanh-chinh/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/?$")
# What the wall of the portal answers instead of a page, seen in saved answers.
_CHALLENGES: Final = ("<noscript>please enable javascript", "bobcmn", "tspd", "challenge-platform",
                      "request rejected", "captcha")  # fmt: skip


class LinkEra(StrEnum):
    """What a link's form alone says; whether its page is right, only a look can say."""

    CURRENT = "current"  # a form of the portal in use since 2026
    DEAD = "dead"  # answers no more
    OLD = "old"  # an older site, still up, no longer kept
    FOREIGN = "foreign"  # not of the National Portal


def deep_link(portal_id: str | None, code: str, kind: Kind) -> str:
    """The procedure's page, or the portal's search by code while its id is unknown."""
    if portal_id:
        return PAGE.format(portal_id=portal_id)
    return BY_CODE.format(code=code, type="SPECIFIC" if kind is Kind.LOCAL else "STANDARD")


def classify(url: str) -> LinkEra:
    """The era of a link, by its form."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
    except ValueError:
        return LinkEra.FOREIGN
    host = (parts.hostname or "").removeprefix("www.")
    if host in _OLD_HOSTS:
        return LinkEra.OLD
    if host == "thutuc.dichvucong.gov.vn":
        return LinkEra.DEAD
    if host == "lienthong.dichvucong.gov.vn":
        return LinkEra.CURRENT
    if host == "dichvucong.gov.vn":
        return _portal_era(parts.path)
    return LinkEra.OLD if _is_provincial(host) else LinkEra.FOREIGN


def _is_provincial(host: str) -> bool:
    # Provincial portals were closed into the national one ("một cửa số", 2025).
    found = _PROVINCIAL_HOST.match(host)
    return found is not None and found[1] in host_names()


def _portal_era(path: str) -> LinkEra:
    if path.startswith("/thu-tuc-hanh-chinh/"):
        return LinkEra.CURRENT if _UUID.match(path.lower()) else LinkEra.DEAD
    is_current = path in ("", "/") or path.startswith(_CURRENT_PATHS)
    return LinkEra.CURRENT if is_current else LinkEra.DEAD


def is_challenge(page: str) -> bool:
    """Whether a page is the portal's wall against robots, and so says nothing."""
    text = page.lower()
    return any(sign in text for sign in _CHALLENGES)
