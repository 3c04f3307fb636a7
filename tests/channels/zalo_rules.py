"""What Zalo refuses, restated from its documentation."""

from typing import Any

TITLE, SUBTITLE, PAYLOAD, TEXT = 100, 500, 1000, 2000
QUERIES = ("oa.query.show", "oa.query.hide")
INVALID = -201


class ZaloError(Exception):
    """An answer with a number; HTTP stays 200."""

    def __init__(self, number: int, message: str = "") -> None:
        super().__init__(message)
        self.number = number
        self.message = message


def check_message(message: dict[str, Any]) -> None:
    """Raise what Zalo would answer to an ill-formed consultation message."""
    text, attachment = message.get("text"), message.get("attachment")
    if not text and not attachment:
        raise ZaloError(INVALID, "message is empty")
    if text is not None and not 1 <= len(text.encode("utf-16-le")) // 2 <= TEXT:
        raise ZaloError(INVALID, "text is too long")
    if attachment:
        _check_template(attachment, text)


def _check_template(attachment: dict[str, Any], text: str | None) -> None:
    payload = attachment["payload"]
    if attachment["type"] != "template" or payload["template_type"] not in ("list", "button"):
        raise ZaloError(INVALID, "template")
    if payload["template_type"] == "list":
        _check_elements(payload["elements"])
    elif not text:
        raise ZaloError(INVALID, "buttons need a text")
    buttons = payload.get("buttons", [])
    if len(buttons) > 5 or any(not _is_button(button) for button in buttons):
        raise ZaloError(INVALID, "buttons")


def _check_elements(elements: list[dict[str, Any]]) -> None:
    if not 1 <= len(elements) <= 5 or not elements[0].get("subtitle"):
        raise ZaloError(INVALID, "elements")
    for element in elements:
        too_long = len(element["title"]) > TITLE or len(element.get("subtitle", "")) > SUBTITLE
        if too_long or not element["title"] or not element["image_url"].startswith("https://"):
            raise ZaloError(INVALID, "element")
        if "default_action" in element and not _is_action(element["default_action"]):
            raise ZaloError(INVALID, "action")


def _is_button(button: dict[str, Any]) -> bool:
    return 1 <= len(button.get("title", "")) <= TITLE and _is_action(button)


def _is_action(action: dict[str, Any]) -> bool:
    if action["type"] in QUERIES:
        return 1 <= len(action["payload"]) <= PAYLOAD
    address = action["payload"]["url"] if "payload" in action else action["url"]
    return action["type"] == "oa.open.url" and address.startswith("https://")
