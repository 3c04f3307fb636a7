"""Inline mode: a procedure shared into another chat by typing the bot's name and a few words."""

from collections.abc import Sequence
from html import escape
from typing import Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.contract import Card, Json
from bot.wording import say

LONGEST_QUERY: Final = 256
_SECONDS_KEPT: Final = 300


def read_inline(payload: Json) -> tuple[str, str] | None:
    """The id of an inline query and what was typed, or None when the update is another thing."""
    match payload:
        case {"inline_query": {"id": str(query), "query": str(text)}}:
            return query, text[:LONGEST_QUERY]
    return None


async def offer(bot: Bot, query: str, cards: Sequence[Card]) -> None:
    """Show the cards; when it is too late for that, the citizen has typed on."""
    try:
        await bot.answer_inline_query(
            query, [_article(card, bot.username) for card in cards], cache_time=_SECONDS_KEPT
        )
    except TelegramError:
        return


def deep_link(username: str, code: str) -> str:
    """Opens the bot at a procedure; for posters and shared cards."""
    return f"https://t.me/{username}?start={code.replace('.', '_')}"


def _article(card: Card, username: str) -> InlineQueryResultArticle:
    buttons = [
        InlineKeyboardButton(say("open_page"), url=card.link),
        InlineKeyboardButton(say("ask_on"), url=deep_link(username, card.code)),
    ]
    return InlineQueryResultArticle(
        id=card.code,
        title=card.name,
        description=card.summary,
        input_message_content=InputTextMessageContent(
            escape(card.text, quote=False),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=InlineKeyboardMarkup([[button] for button in buttons]),
    )
