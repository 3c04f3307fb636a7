"""What the Bot API refuses, restated from its documentation."""

import json
import re
from html.parser import HTMLParser
from typing import Any

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre"}
TAGS |= {"blockquote", "tg-spoiler", "tg-emoji", "span"}
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
STRAY = re.compile(r"<(?![a-zA-Z/])|&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
START = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Entities(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.number = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)
        self.number += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad_request("can't parse entities: Unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(text: str) -> str:
    """The text that a client shows."""
    if re.search(r"<(?![a-zA-Z/])", text) or re.search(
        r"&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)", text
    ):
        raise bad_request("can't parse entities")
    parser = _Entities()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise bad_request("can't parse entities: Can't find end tag")
    if parser.number > 100:
        raise bad_request("too many entities")
    return parser.text


def read_text(form: dict[str, Any]) -> str:
    text = form.get("text", "")
    shown = read_html(text) if form.get("parse_mode") == "HTML" else text
    if not shown.strip():
        raise bad_request("message text is empty")
    if utf16(shown) > 4096:
        raise bad_request("message is too long")
    return shown


def read_keyboard(form: dict[str, Any]) -> list[list[dict[str, Any]]]:
    markup = form.get("reply_markup")
    if not markup:
        return []
    rows = (
        json.loads(markup)["inline_keyboard"]
        if isinstance(markup, str)
        else markup["inline_keyboard"]
    )
    if sum(len(row) for row in rows) > 100 or any(len(row) > 8 for row in rows):
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button)
    return rows


def _check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad_request("text buttons are unallowed in the inline keyboard")
    kinds = [name for name in ("callback_data", "url", "switch_inline_query") if name in button]
    if len(kinds) != 1:
        raise bad_request("exactly one kind of button is allowed")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"https?://[^\s]+$", button["url"]):
        raise bad_request("BUTTON_URL_INVALID")


def check_commands(form: dict[str, Any]) -> list[dict[str, str]]:
    commands = json.loads(form["commands"])
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def check_results(form: dict[str, Any]) -> list[dict[str, Any]]:
    results = json.loads(form["results"])
    ids = [result["id"] for result in results]
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(set(ids)) != len(ids) or any(not 1 <= len(i.encode()) <= 64 for i in ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        if result.get("type") != "article" or not result.get("title"):
            raise bad_request("ARTICLE_TITLE_EMPTY")
        content = result["input_message_content"]
        read_text({"text": content["message_text"], "parse_mode": content.get("parse_mode")})
        read_keyboard({"reply_markup": result.get("reply_markup")})
    return results
