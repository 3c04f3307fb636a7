"""One message handled: reply, new state and outbox rows in one transaction."""

import base64
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import delivery_inbox as inbox
from bot import delivery_outbox as outbox
from bot.assistant import Assistant
from bot.channels.contract import Arrival, Channel, Recipient
from bot.conversations import Conversations, Memory
from bot.delivery_handover import Handed, Handover
from bot.delivery_inbox import Claimed
from bot.delivery_intake import Taken, take
from bot.delivery_ledger import Ledger
from bot.messages import Bubble, Kind, Link, Message, Outcome, Reply
from bot.reception import wants_forgetting
from bot.statements import Rows, insert_all
from bot.web.figures import count_turn
from bot.wording import say
from knowledge.records.delivery import Outbox

BATCH: Final = 12  # conversations a transaction
BATCH_ALONE: Final = 1  # where the transaction keeps everybody else from writing
MOST_ATTEMPTS: Final = 3  # then the citizen gets an apology instead of silence

log = structlog.get_logger(__name__)


class Handler:
    """Takes messages from the inbox and puts replies into the outbox."""

    def __init__(
        self,
        ledger: Ledger,
        assistant: Assistant,
        conversations: Conversations,
        channels: Mapping[str, Channel],
        handover: Handover,
    ) -> None:
        self._ledger = ledger
        self._assistant = assistant
        self._conversations = conversations
        self._channels = channels
        self._handover = handover

    def run_once(self) -> int:
        """Handle the next message of some conversations; how many."""
        most = BATCH if self._ledger.is_shared else BATCH_ALONE
        try:
            count, handed = self._ledger.write(lambda session: self._run(session, most))
        except Exception as error:
            log.error("batch_failed", error=type(error).__name__)  # noqa: TRY400 (it may quote)
            return self._one_by_one()
        self._handover.begin(handed)
        return count

    def take(self, arrivals: Sequence[Arrival]) -> Taken:
        """Keep what arrived, and answer in the same transaction what may be answered at once."""

        def work(session: Session) -> tuple[Taken, Handed]:
            taken = take(session, arrivals, self._ledger.now())
            return taken, self._handle(session, taken.claimed)

        taken, handed = self._ledger.write(work)
        self._handover.begin(handed)
        return taken

    def _run(self, session: Session, most: int) -> tuple[int, Handed]:
        claimed = inbox.claim(session, self._channels, most, self._ledger.now())
        return len(claimed), self._handle(session, claimed)

    def _one_by_one(self) -> int:
        """Find the message that cannot be handled; the others are not held up by it."""
        return sum(self._carefully() for _ in range(BATCH))

    def _carefully(self) -> int:
        count, handed = self._ledger.write(self._run_carefully)
        self._handover.begin(handed)
        return count

    def _run_carefully(self, session: Session) -> tuple[int, Handed]:
        for one in inbox.claim(session, self._channels, 1, self._ledger.now()):
            try:
                with session.begin_nested():
                    return 1, self._handle(session, [one])
            except Exception as error:
                log.error("message_not_handled", error=type(error).__name__)  # noqa: TRY400
                self._excuse(session, one)
            return 1, Handed()
        return 0, Handed()

    def _excuse(self, session: Session, one: Claimed) -> None:
        """Try again later; at last, apologise, or be silent if even that is impossible."""
        inbox.note_attempt(session, one)
        if one.attempts < MOST_ATTEMPTS:
            return
        now = self._ledger.now()
        try:
            with session.begin_nested():
                insert_all(session, Outbox, self._say(session, one, _fixed("apology"), now))
                inbox.mark_handled(session, [one], now)
        except Exception as error:
            log.error("message_given_up", error=type(error).__name__)  # noqa: TRY400
            inbox.mark_handled(session, [one], now)

    def _handle(self, session: Session, claimed: Sequence[Claimed]) -> Handed:
        """Answer the messages; each table is then written once for all of them."""
        if not claimed:
            return Handed()
        memory = self._conversations.within(session)
        memory.expect([one.message.conversation_id for one in claimed])
        now = self._ledger.now()
        rows = [row for one in claimed for row in self._answer(session, memory, one, now)]
        memory.write()
        inbox.mark_handled(session, claimed, now)
        busy = {one.message.conversation_id for one in claimed if one.is_busy}
        return self._handover.put(session, rows, now, busy)

    def _answer(self, session: Session, memory: Memory, one: Claimed, now: datetime) -> Rows:
        """What is to be sent in answer to one message."""
        message = one.message
        if message.kind is Kind.MOVED:
            self._conversations.move(session, message.conversation_id, message.text)
            outbox.move(session, message.conversation_id, message.text)
            return []
        if message.kind is Kind.LEFT:
            memory.forget(message.conversation_id)
            outbox.give_up_on(session, message.channel, message.conversation_id, one.received_at)
            one.lost_at = one.received_at
        if one.lost_at:
            return []  # whoever cannot be reached is not written to until they write again
        meant = meaning(message, one.tag)
        if meant is None:
            newest = one.tag
            rows = self._say(session, one, _fixed("old_button"), now)
            one.tag = newest  # the newest buttons stay good
            return rows
        if wants_forgetting(meant.text):
            outbox.forget(session, message.conversation_id)
        return self._say(session, one, self._reply(memory, meant), now)

    def _reply(self, memory: Memory, message: Message) -> Reply:
        started = time.perf_counter()
        try:
            reply = self._assistant.reply(message, memory)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # The error's own words may quote the citizen: only its kind is told.
            log.error("assistant_failed", error=type(error).__name__)  # noqa: TRY400
            return _fixed("apology")
        count_turn(message.channel, reply.outcome, (time.perf_counter() - started) * 1000)
        return with_link(reply)

    def _say(self, session: Session, one: Claimed, reply: Reply, now: datetime) -> Rows:
        message = one.message
        channel = self._channels[message.channel]
        recipient = Recipient(
            conversation_id=message.conversation_id,
            tag=tag_of(message),
            notes=one.notes,
            pressed_current=is_newest(message, one.tag),
        )
        if channel.reply_window and outbox.release(session, message.conversation_id, now):
            one.is_busy = True
        calls = channel.render(reply, recipient)
        one.tag = recipient.tag
        return outbox.rows_of(message, calls, asked_at=one.received_at, now=now)


def meaning(message: Message, newest: str) -> Message | None:
    """The message as the assistant should hear it; None for an old button that needs its list."""
    if message.press is None or is_newest(message, newest):
        return message
    return replace(message, text=message.press.later) if message.press.later else None


def is_newest(message: Message, newest: str) -> bool:
    """Whether a button of the newest reply was pressed."""
    return message.press is not None and message.press.tag != "" and message.press.tag == newest


def tag_of(message: Message) -> str:
    """A short name of the reply to this message: the same after a restart, hard to meet twice."""
    digest = hashlib.sha256(f"{message.channel} {message.event_id}".encode()).digest()
    return base64.b32encode(digest)[:6].decode().lower()


def with_link(reply: Reply) -> Reply:
    """The reply with a button to the page of the procedure that it shows."""
    if reply.outcome is not Outcome.ANSWER or reply.procedure is None or not reply.bubbles:
        return reply
    link = Link(say("open_page"), reply.procedure.deep_link)
    last = replace(reply.bubbles[-1], links=(link,))
    return replace(reply, bubbles=(*reply.bubbles[:-1], last))


def _fixed(name: str) -> Reply:
    return Reply(Outcome.CLARIFY, (Bubble(say(name)),))
