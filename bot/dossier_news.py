"""Tells followers of changes, through the outbox: whatever dies, each piece of news goes out once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from bot import delivery_outbox as outbox
from bot.channels.contract import Channel, Recipient
from bot.delivery_handling import tag_of
from bot.dossier_desk import utc_now
from bot.messages import Bubble, Message, Outcome, Reply
from bot.wording import say
from knowledge.dossiers.chats import News, carry_out_retention, take_news

EVERY: Final = 60.0  # seconds

log = structlog.get_logger(__name__)


def post_news(session: Session, channels: Mapping[str, Channel], now: datetime) -> int:
    """Put what followers have not been told into the outbox, in the same transaction; how many."""
    count = 0
    for news in take_news(session, channels, now):
        if outbox.is_lost(session, news.conversation_id):
            continue
        channel = channels[news.channel]
        message = Message(news.channel, _event(news), news.conversation_id, "")
        calls = channel.render(news_reply(news), Recipient(news.conversation_id, tag_of(message)))
        outbox.put(session, message, calls, asked_at=now, now=now)
        count += 1
    return count


def news_reply(news: News) -> Reply:
    """What is said: the state and what it means, or that the due day is near."""
    if news.is_reminder:
        return _reply(say("dossier_news_reminder", code=news.code, day=_day(news.due_on)))
    lines = [say("dossier_head", code=news.code), say(f"dossier_state_{news.state.value}")]
    if news.due_on and news.state.is_running:
        lines.append(say("dossier_due", day=_day(news.due_on), left=""))
    if news.is_last:
        lines.append(say("dossier_news_last"))
    return _reply("\n".join(lines))


def _reply(text: str) -> Reply:
    return Reply(Outcome.DOSSIER, (Bubble(text),))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _event(news: News) -> str:
    words = f"{news.code} {news.state} {news.due_on} {news.is_reminder}"
    return "dossier-" + hashlib.sha256(words.encode()).hexdigest()[:16]


def join(web: FastAPI, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Let the work run beside the web application while that runs."""
    before = web.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with before(app):
            task = asyncio.create_task(work())
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    web.router.lifespan_context = lifespan


async def keep_followers_informed(
    factory: sessionmaker[Session],
    channels: Mapping[str, Channel],
    *,
    keep: timedelta,
    refresh: Callable[[datetime], int] | None = None,
    now: Callable[[], datetime] = utc_now,
    every: float = EVERY,
) -> None:
    """Ask anew, post news and carry out retention until cancelled; a fault is told, then tried again."""

    def work() -> None:
        if refresh:
            refresh(now())
        with factory.begin() as session:
            post_news(session, channels, now())
            carry_out_retention(session, now(), keep)

    while True:
        try:
            await asyncio.to_thread(work)
        except Exception as error:
            log.error("dossier_news_failed", error=type(error).__name__)  # noqa: TRY400 (may quote)
        await asyncio.sleep(every)
