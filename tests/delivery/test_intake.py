"""The short way in: answered in the transaction that keeps it, yet once, in order, and never lost."""

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import delivery, delivery_inbox
from bot.channels.contract import Arrival
from bot.conversations import Conversations, Memory
from bot.delivery import Delivery
from bot.delivery_ledger import Ledger
from bot.messages import Kind, Message, Reply
from knowledge.database import connect, sessions, upgrade
from knowledge.records.delivery import Inbox
from tests.delivery.making import NOW, PlainChannel, arrival, reply
from tests.delivery.test_handling import Desk, Parrot
from tests.knowledge.conftest import House


@pytest.fixture
def desk(any_house: House) -> Iterator[Desk]:
    made = Desk(any_house)
    yield made
    made.ledger.close()


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Desk]:
    engine = connect(postgres_url)
    upgrade(engine)
    made = Desk(sessions(engine))
    yield made
    made.ledger.close()
    engine.dispose()


def test_it_is_answered_at_once(desk: Desk):
    taken = desk.handler.take([arrival(1, 1, "một"), arrival(2, 2, "hai")])
    assert (taken.new, taken.is_more) == (2, False)
    assert (desk.said(1), desk.said(2), desk.waiting()) == (["một"], ["hai"], 0)


def test_nothing_personal_is_written_into_the_inbox(desk: Desk):
    desk.handler.take([arrival(1, 1, "mất căn cước")])
    with desk.house() as session:
        row = session.scalars(select(Inbox)).one()
    assert (row.text, row.conversation_id, row.details) == ("", "", {})
    assert row.handled_at == NOW


def test_a_repeat_is_not_answered_again(desk: Desk):
    assert desk.handler.take([arrival(1, 1), arrival(1, 1)]).new == 1
    assert desk.handler.take([arrival(1, 1)]).new == 0
    desk.hear(arrival(1, 1))
    desk.work()
    assert desk.parrot.heard == ["xin chào"]


def test_what_was_kept_before_is_not_taken_again(desk: Desk):
    desk.hear(arrival(1, 1, "một"))
    taken = desk.handler.take([arrival(1, 1, "một")])
    assert (taken.new, desk.said(1), desk.waiting()) == (0, [], 1)


def test_of_one_conversation_the_first_is_answered_and_the_rest_wait(desk: Desk):
    taken = desk.handler.take([arrival(1, number, f"{number}") for number in (3, 1, 2)])
    assert (taken.new, taken.is_more, desk.said(1)) == (3, True, ["1"])
    desk.work()
    assert desk.said(1) == ["1", "2", "3"]


def test_nothing_overtakes_what_waits(desk: Desk):
    desk.hear(arrival(1, 1, "một"))
    taken = desk.handler.take([arrival(1, 2, "hai"), arrival(2, 3, "ba")])
    assert (taken.is_more, desk.said(1), desk.said(2)) == (True, [], ["ba"])
    desk.work()
    assert desk.said(1) == ["một", "hai"]


def test_who_left_and_came_back_is_answered(desk: Desk):
    desk.handler.take([arrival(1, 1, "", kind=Kind.LEFT)])
    assert desk.is_lost(1)
    desk.handler.take([arrival(1, 2, "lại đây")])
    assert (desk.said(1), desk.is_lost(1)) == (["lại đây"], False)


def test_nothing_is_kept_of_a_transaction_that_fails(desk: Desk):
    with pytest.raises(Exception, match="nowhere"):
        desk.handler.take([arrival(1, 1, "độc"), arrival(2, 2)])
    assert (desk.said(2), desk.waiting()) == ([], 0)
    assert desk.handler.take([arrival(2, 2)]).new == 1


@pytest.mark.postgres
def test_a_conversation_in_other_hands_waits(shared: Desk):
    shared.hear(arrival(1, 1, "một"))
    with shared.house.begin() as other:
        [held] = delivery_inbox.claim(other, ["plain"], 1, NOW)
        taken = shared.handler.take([arrival(1, 2, "hai"), arrival(2, 3, "ba")])
        delivery_inbox.mark_handled(other, [held], NOW)
    assert (taken.is_more, shared.said(1), shared.said(2)) == (True, [], ["ba"])
    shared.work()
    assert shared.said(1) == ["hai"]


@pytest.mark.postgres
def test_many_hands_answer_each_once_and_in_order(shared: Desk):
    """Each process is told of everything, some of it twice, as a platform would repeat it."""
    chats, each, hands = 9, 25, 4
    told = [[arrival(chat, chat * 1000 + n, f"{n}") for n in range(each)] for chat in range(chats)]

    def talk(hand: int) -> None:
        choose = random.Random(hand)
        for turn in range(each):
            batch = [told[chat][turn] for chat in range(chats) if choose.random() < 0.7]
            if batch:
                shared.handler.take(batch)
            meet.wait(30)  # said one after the other: the next is sent when this one is kept
            if hand == 0:
                shared.handler.take([told[chat][turn] for chat in range(chats)])
            meet.wait(30)
            shared.handler.run_once()

    meet = threading.Barrier(hands)
    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(talk, range(hands)))
    shared.work()
    for chat in range(chats):
        assert shared.said(chat) == [f"{n}" for n in range(each)]
    assert shared.waiting() == 0


class Sleepy(Parrot):
    """Takes long over one word."""

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        if message.text == "chậm":
            time.sleep(1.0)
        return reply(message.text)


async def run(shared: Desk, parrot: Parrot, *arrivals: tuple[float, Arrival]) -> list[float]:
    """Let each arrive after so many seconds; how long it took until it was kept."""
    conversations = Conversations(shared.house, forget_after=timedelta(hours=2))
    channel, ledger = PlainChannel(), Ledger(shared.house)
    running = Delivery(ledger, parrot, conversations, [channel])
    task = asyncio.create_task(running.run())
    await asyncio.sleep(0.1)

    async def arrive(after: float, one: Arrival) -> float:
        await asyncio.sleep(after)
        started = time.monotonic()
        await running.receive(one)
        return time.monotonic() - started

    took = await asyncio.gather(*(arrive(after, one) for after, one in arrivals))
    async with asyncio.timeout(10):
        while len(channel.sent) < len(arrivals):
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    ledger.close()
    assert sorted(text for _, text in channel.sent) == sorted(
        one.message.text for _, one in arrivals
    )
    return took


@pytest.mark.postgres
def test_while_one_takes_long_the_others_are_kept_first(shared: Desk):
    late = delivery.PATIENCE + 0.1
    slow, *others = asyncio.run(
        run(
            shared,
            Sleepy(),
            (0.0, arrival(1, 1, "chậm")),
            *((late, arrival(chat, chat, f"{chat}")) for chat in range(2, 6)),
        )
    )
    assert slow >= 1.0
    assert max(others) < 0.5, "they are acknowledged before the slow one is answered"


@pytest.mark.postgres
def test_one_that_cannot_be_answered_holds_up_nobody(shared: Desk):
    class Choking(Parrot):
        def reply(self, message: Message, memory: Memory | None = None) -> Reply:
            if message.text == "độc" and self.chokes > 0:
                self.chokes -= 1
                return super().reply(message, memory)  # the database refuses
            return reply(message.text)

    parrot = Choking()
    parrot.chokes = 2
    asyncio.run(run(shared, parrot, (0.0, arrival(1, 1, "độc")), (0.0, arrival(2, 2, "hai"))))
