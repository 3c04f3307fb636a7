"""Shows citizens who have waited a moment that an answer is being prepared."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.contract import Channel
from bot.delivery_ledger import Ledger
from knowledge.records.delivery import Inbox

_EVERY: Final = 0.5
_PATIENCE: Final = timedelta(seconds=0.4)  # most answers are there before
_SHOWN_FOR: Final = 4.5  # seconds; platforms let it vanish after five
_MOST: Final = 20

log = structlog.get_logger(__name__)


class Typing:
    """Looks for messages that wait, until cancelled."""

    def __init__(self, ledger: Ledger, channels: Mapping[str, Channel]) -> None:
        self._ledger = ledger
        self._channels = channels
        self._shown: dict[str, float] = {}

    async def run(self) -> None:
        """Show it for ever, each time for a few seconds."""
        while True:
            await asyncio.sleep(_EVERY)
            try:
                waiting = await self._ledger.in_thread(lambda: self._ledger.read(self._waiting))
            except SQLAlchemyError as error:
                log.error("typing_not_shown", error=type(error).__name__)  # noqa: TRY400
                continue
            await asyncio.gather(*(self._show(*one) for one in waiting))

    def _waiting(self, session: Session) -> list[tuple[str, str]]:
        query = select(Inbox.channel, Inbox.conversation_id).where(
            Inbox.handled_at.is_(None),
            Inbox.received_at < self._ledger.now() - _PATIENCE,
            Inbox.channel.in_(self._channels.keys()),
        )
        found = [(row.channel, row.conversation_id) for row in session.execute(query.limit(_MOST))]
        # In a rush there is better to do than telling everybody that an answer is being prepared.
        return found if len(found) < _MOST else []

    async def _show(self, channel: str, conversation_id: str) -> None:
        now = time.monotonic()
        self._shown = {chat: at for chat, at in self._shown.items() if now - at < _SHOWN_FOR}
        if conversation_id not in self._shown:
            self._shown[conversation_id] = now
            await self._channels[channel].show_typing(conversation_id)
