"""Telegram's updates as messages."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.buttons import unpack
from bot.channels.contract import Arrival, NotReady
from bot.messages import Kind, Message, Press

CHANNEL: Final = "telegram"
_PRIVATE: Final = "private"
_DEEP_LINK: Final = re.compile(r"/start ([1-9])_(\d{6})", re.IGNORECASE)
_COMMAND: Final = re.compile(r"/(\w+)(?:@(\w+))?", re.ASCII)
_KINDS: Final = {
    "location": Kind.LOCATION,
    "venue": Kind.LOCATION,
    "voice": Kind.VOICE,
    "video_note": Kind.VOICE,
    "audio": Kind.VOICE,
    "photo": Kind.PHOTO,
    "video": Kind.PHOTO,
    "document": Kind.FILE,
    "contact": Kind.CONTACT,
    "sticker": Kind.OTHER,
    "animation": Kind.OTHER,
    "dice": Kind.OTHER,
    "poll": Kind.OTHER,
}
_GONE: Final = ("kicked", "left")

Part = Mapping[str, Any]


def read_update(update: Part, *, bot_id: str, username: str) -> Arrival | None:
    """The message of an update, or None when nobody speaks to the bot in it."""
    match update:
        case {"message": {"chat": {"id": int()}, "migrate_to_chat_id": int(new)} as message}:
            moved = Message(
                CHANNEL,
                _event(update, bot_id),
                conversation_of(message["chat"]["id"]),
                conversation_of(new),
                kind=Kind.MOVED,
                is_in_group=True,
            )
            return Arrival(moved, int(update["update_id"]))
        case {"message": {"chat": {"id": int()}} as message}:
            return _read_message(update, message, bot_id, username)
        case {"callback_query": {"id": str(), "data": str(), "message": {"chat": _}} as query}:
            return _read_press(update, query, bot_id, username)
        case {"my_chat_member": {"chat": {"id": int()}} as change}:
            return _read_membership(update, change, bot_id)
    return None


def conversation_of(chat_id: int) -> str:
    """The conversation's id among those of all channels."""
    return f"{CHANNEL}:{chat_id}"


def chat_of(conversation_id: str) -> int:
    """The chat that a conversation takes place in."""
    return int(conversation_id.removeprefix(f"{CHANNEL}:"))


def _read_message(update: Part, message: Part, bot_id: str, username: str) -> Arrival | None:
    is_in_group = message["chat"].get("type") != _PRIVATE
    if is_in_group and not _is_addressed(message, bot_id, username):
        return None
    kind = _kind(message)
    if kind is None:
        return None
    notes = {}
    if is_in_group:
        notes["reply_to"] = str(message.get("message_id", ""))
        notes["thread"] = str(message.get("message_thread_id") or "")
    said = Message(
        CHANNEL,
        _event(update, bot_id),
        conversation_of(message["chat"]["id"]),
        _plain_text(str(message.get("text", "")), username) if kind is Kind.TEXT else "",
        kind=kind,
        is_in_group=is_in_group,
        private_chat=_private_chat(username) if is_in_group else "",
    )
    return Arrival(said, int(update["update_id"]), notes, _moment(message.get("date")))


def _kind(message: Part) -> Kind | None:
    """None for service messages: somebody joined, the title changed."""
    if "text" in message:
        return Kind.TEXT
    return next((kind for name, kind in _KINDS.items() if name in message), None)


def _is_addressed(message: Part, bot_id: str, username: str) -> bool:
    """By name, by a command, or in reply to the bot."""
    answered = message.get("reply_to_message") or {}
    if str((answered.get("from") or {}).get("id", "")) == bot_id:
        return True
    text = str(message.get("text", ""))
    command = _COMMAND.match(text)
    if command and (username or not command[2]):
        return command[2] is None or command[2].lower() == username.lower()
    if not username and "@" in text:
        raise NotReady  # whose name it is will be known in a moment
    return bool(username) and bool(_mention(username).search(text))


def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)


def _plain_text(text: str, username: str) -> str:
    """Without the bot's own name; the code of a poster's link in the place of its command."""
    if username:
        text = _mention(username).sub("", text).strip()
    link = _DEEP_LINK.fullmatch(text)
    if link:
        return f"{link[1]}.{link[2]}"
    return text.split(maxsplit=1)[0] if text.lower().startswith("/start ") else text


def _read_press(update: Part, query: Part, bot_id: str, username: str) -> Arrival | None:
    chat, notes = query["message"]["chat"], {"callback": query["id"]}
    notes["pressed"] = str(query["message"].get("message_id", ""))
    notes["thread"] = str(query["message"].get("message_thread_id") or "")
    says, press = unpack(query["data"]) or ("", Press("", ""))
    is_in_group = chat.get("type") != _PRIVATE
    said = Message(
        CHANNEL,
        _event(update, bot_id),
        conversation_of(chat["id"]),
        says,
        is_in_group=is_in_group,
        press=press,
        private_chat=_private_chat(username) if is_in_group else "",
    )
    return Arrival(said, int(update["update_id"]), notes)


def _read_membership(update: Part, change: Part, bot_id: str) -> Arrival | None:
    """Only that the bot was blocked or put out; unblocking is followed by /start anyway."""
    status = (change.get("new_chat_member") or {}).get("status")
    if status not in _GONE:
        return None
    said = Message(
        CHANNEL,
        _event(update, bot_id),
        conversation_of(change["chat"]["id"]),
        "",
        kind=Kind.LEFT,
    )
    return Arrival(said, int(update["update_id"]))


def _private_chat(username: str) -> str:
    """Where a citizen can write to the bot alone."""
    return f"https://t.me/{username}" if username else ""


def _event(update: Part, bot_id: str) -> str:
    return f"{bot_id}:{int(update['update_id'])}"


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
