"""In a group nothing is said of anybody's dossier; the reply leads to where nobody else reads."""

from bot.messages import Bubble, Link, Message, Outcome, Reply
from bot.wording import say


def group_reply(message: Message, web_page: str | None) -> Reply:
    """The refusal, with a button to the chat with the bot alone, and to the web page if it is known."""
    links = []
    if message.private_chat:
        links.append(Link(say("group_private_button"), message.private_chat))
    if web_page:
        links.append(Link(say("group_web_button"), web_page))
    return Reply(Outcome.DECLINED, (Bubble(say("group_no_dossier"), links=tuple(links)),))


def fit_for_groups(message: Message, reply: Reply, web_page: str | None) -> Reply:
    """The reply, unless others would read about a dossier."""
    if message.is_in_group and reply.outcome is Outcome.DOSSIER:
        return group_reply(message, web_page)
    return reply
