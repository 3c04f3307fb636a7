"""Replies sent by the process that wrote them: reserved when written, in order, none forgotten."""

import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import delivery_outbox as outbox
from bot.assistant import Assistant
from bot.channels.contract import Call
from bot.conversations import Conversations, Memory
from bot.delivery import Delivery
from bot.delivery_handover import Handed, Handover
from bot.delivery_ledger import Ledger
from bot.delivery_sending import LEASE, Sender
from bot.messages import Message, Reply
from knowledge.records.delivery import Outbox
from tests.delivery.making import NOW, PlainChannel, arrival, reply
from tests.knowledge.conftest import House


def rows(chat: int, *texts: str) -> list[dict[str, Any]]:
    calls = [Call("say", {"text": text}) for text in texts]
    return outbox.rows_of(arrival(chat, chat).message, calls, asked_at=NOW, now=NOW)


def busy(session: Session) -> set[str]:
    """As the handler learns it when it claims a message."""
    return set(session.scalars(select(Outbox.conversation_id)))


def reserved(house: House) -> list[bool]:
    with house() as session:
        query = select(Outbox.claimed_until).order_by(Outbox.id)
        return [until is not None for until in session.scalars(query)]


async def work(house: House, *batches: list[dict[str, Any]]) -> PlainChannel:
    """Write the batches, one a transaction, beside a sender at work."""
    channel, ledger = PlainChannel(), Ledger(house, now=lambda: NOW)
    sender = Sender(ledger, channel)
    handover = Handover([sender], LEASE)
    handover.open()
    running = asyncio.create_task(sender.run())
    for batch in batches:
        handed = await ledger.written(lambda s, batch=batch: handover.put(s, batch, NOW, busy(s)))
        handover.begin(handed)
    async with asyncio.timeout(10):
        while reserved(house):
            await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    ledger.close()
    return channel


def test_all_arrives_in_order(any_house: House):
    channel = asyncio.run(
        work(any_house, [*rows(1, "a", "b", "c"), *rows(2, "x")], rows(1, "d"), rows(2, "y", "z"))
    )
    said = {chat: [t for c, t in channel.sent if c == chat] for chat, _ in channel.sent}
    assert said == {"plain:1": ["a", "b", "c", "d"], "plain:2": ["x", "y", "z"]}


def test_more_than_a_sender_has_room_for_is_left_to_its_search(house: House):
    batch = [row for chat in range(1, 151) for row in rows(chat, "a")]
    channel = asyncio.run(work(house, batch))
    assert len(channel.sent) == 150


def put(house: House, handover: Handover, *batches: list[dict[str, Any]]) -> list[Handed]:
    handed = []
    for batch in batches:
        with house.begin() as session:
            handed.append(handover.put(session, batch, NOW, busy(session)))
    return handed


def test_only_what_may_go_at_once_is_reserved(any_house: House):
    async def main() -> list[Handed]:
        handover = Handover([Sender(Ledger(any_house), PlainChannel())], LEASE)
        handover.open()
        return put(any_house, handover, [*rows(1, "a", "b"), *rows(2, "x")], rows(1, "c"))

    first, second = asyncio.run(main())
    assert [(one.conversation_id, one.body["text"]) for one in first.partings] == [
        ("plain:1", "a"),
        ("plain:2", "x"),
    ]
    assert (first.behind, second.partings, second.behind) == ({"plain:1"}, [], {"plain:1"})
    assert reserved(any_house) == [True, False, True, False]


def test_nothing_is_reserved_before_anybody_sends(house: House):
    sender = Sender(Ledger(house), PlainChannel())
    [handed] = put(house, Handover([sender], LEASE), rows(1, "a"))
    assert handed.partings == []
    assert reserved(house) == [False]


class Slow(Assistant):
    """Takes its time."""

    def __init__(self, begun: threading.Event) -> None:
        self._begun = begun

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        self._begun.set()
        time.sleep(0.3)
        return reply("vâng")


def test_what_is_being_handled_when_the_process_ends_is_still_sent(any_house: House):
    async def main() -> PlainChannel:
        channel, ledger, begun = PlainChannel(), Ledger(any_house), threading.Event()
        conversations = Conversations(any_house, forget_after=timedelta(hours=2))
        delivery = Delivery(ledger, Slow(begun), conversations, [channel])
        running = asyncio.create_task(delivery.run())
        await delivery.receive(arrival(1, 1))
        await asyncio.to_thread(begun.wait, 10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        ledger.close()
        return channel

    assert asyncio.run(main()).sent == [("plain:1", "vâng")]
    assert reserved(any_house) == []
