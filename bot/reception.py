"""What is dealt with before a message is understood: commands, things that are no text, groups."""

import re
from dataclasses import replace
from typing import Protocol

from bot.messages import Bubble, Kind, Message, Outcome, Reply
from bot.private_chat import group_reply
from bot.wording import say
from nlp.codes import find_codes
from nlp.normalize import fold
from nlp.personal_data import mask
from nlp.understanding import Understanding

# Commands are words in disguise, so that every channel has them and none has more.
COMMANDS = {
    "/start": "xin chào",
    "/batdau": "xin chào",
    "/help": "trợ giúp",
    "/trogiup": "trợ giúp",
    "/moi": "bắt đầu lại",
    "/quaylai": "quay lại",
}
FORGET = ("/xoadulieu", "xoa du lieu", "xoa du lieu cua toi")


class Forgetful(Protocol):
    """What can forget a conversation."""

    def forget(self, conversation_id: str) -> None:
        """Erase all that is kept of it."""


def early_reply(message: Message, memory: Forgetful, web_page: str | None = None) -> Reply | None:
    """The reply to what needs no understanding, or None."""
    if message.kind is Kind.JOINED:
        return _fixed("greeting", Outcome.SMALL_TALK)
    if message.kind is not Kind.TEXT:
        return _fixed(f"sent_{message.kind.value}", Outcome.DECLINED)
    if wants_forgetting(message.text):
        memory.forget(message.conversation_id)
        return _fixed("forgotten", Outcome.SMALL_TALK)
    if message.is_in_group and find_codes(message.text).dossiers:
        return group_reply(message, web_page)
    return None


def wants_forgetting(text: str) -> bool:
    """Whether the citizen asks to erase what is kept of them."""
    return fold(text.strip().strip(".!").lower()) in FORGET


def in_words(message: Message) -> Message:
    """The message with a command said in words."""
    words = COMMANDS.get(message.text.strip().lower())
    return replace(message, text=words) if words else message


def without_proof(message: Message, heard: Understanding) -> Message:
    """The message as it may be kept: digits that prove whose a dossier is are left out."""
    if heard.dossier.proof is None:
        return message
    return replace(message, text=re.sub(r"\d{4,}", "[số]", mask(message.text)))


def _fixed(name: str, outcome: Outcome) -> Reply:
    return Reply(outcome, (Bubble(say(name)),))
