"""What Telegram shows of the bot, and where it delivers updates."""

from typing import Final

from telegram import Bot

from bot.wording import say

UPDATES: Final = ("message", "callback_query", "inline_query", "my_chat_member")
COMMANDS: Final = ("start", "help", "moi", "quaylai", "xoadulieu")
SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"
PATH: Final = "/telegram"
_CONNECTIONS: Final = 40


async def show_menu(bot: Bot) -> None:
    """The commands and what the bot says of itself, in Vietnamese."""
    await bot.set_my_commands([(name, say(f"command_{name}")) for name in COMMANDS])
    await bot.set_my_description(say("about_bot"))
    await bot.set_my_short_description(say("about_bot_short"))


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have updates posted to the address, unless that is so already."""
    await bot.set_webhook(
        url, secret_token=secret, allowed_updates=UPDATES, max_connections=_CONNECTIONS
    )


def webhook_url(public_url: str) -> str:
    """The address of our webhook."""
    return f"{public_url.rstrip('/')}/webhooks{PATH}"
