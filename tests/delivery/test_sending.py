"""The sender: what it does with each failure, and the one place where a message may come twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import delivery_outbox as outbox
from bot.channels.contract import Call, TryLater, Why
from bot.delivery_ledger import Batcher, Ledger
from bot.delivery_pace import Pace, Pacing
from bot.delivery_sending import Sender
from knowledge.records.delivery import Outbox, Parcel
from tests.delivery.making import NOW, PlainChannel, arrival
from tests.knowledge.conftest import House


def put(house: House, *texts: str) -> None:
    with house.begin() as session:
        calls = [Call("say", {"text": text}) for text in texts]
        outbox.put(session, arrival(1, 1).message, calls, asked_at=NOW, now=NOW)


def send(house: House, channel: PlainChannel, *, now=NOW, seconds: float = 0.8) -> None:
    """Let a sender work for a while."""
    ledger = Ledger(house, now=lambda: now)

    async def work() -> None:
        try:
            async with asyncio.timeout(seconds):
                await Sender(ledger, channel).run()
        except TimeoutError:
            pass

    asyncio.run(work())
    ledger.close()


def states(house: House) -> list[Parcel]:
    with house() as session:
        return list(session.scalars(select(Outbox.state).order_by(Outbox.id)))


def test_all_is_sent_in_order_and_erased(any_house: House):
    put(any_house, "a", "b", "c")
    channel = PlainChannel()
    send(any_house, channel)
    assert [text for _, text in channel.sent] == ["a", "b", "c"]
    assert states(any_house) == []


def test_an_unknown_fault_is_tried_again(house: House):
    put(house, "a")
    channel = PlainChannel()
    channel.failures = [ZeroDivisionError()]
    send(house, channel)
    send(house, channel, now=NOW + timedelta(seconds=3))
    assert len(channel.sent) == 1


def test_too_late_for_the_platform_is_parked_without_asking(house: House):
    put(house, "a")
    channel = PlainChannel(reply_window=timedelta(hours=48))
    send(house, channel, now=NOW + timedelta(hours=49))
    assert channel.sent == []
    assert states(house) == [Parcel.PARKED]


def test_sent_but_not_recorded_comes_twice(house: House):
    """The documented window: no platform can be asked whether it has shown a message."""
    put(house, "a")

    class Dying(PlainChannel):
        async def send(self, conversation_id: str, call: Call) -> None:
            await super().send(conversation_id, call)
            raise TryLater(Why.TIMEOUT, after=0, in_doubt=True)

    first, second = Dying(), PlainChannel()
    send(house, first)
    send(house, second, now=NOW + timedelta(seconds=5))
    assert len(first.sent) == len(second.sent) == 1


def test_pace_of_a_chat_and_of_the_channel():
    pace = Pace(Pacing(per_second=4, chat_burst=2, chat_per_second=1, group_per_second=0.5))
    waits = [pace.wait_before("a", is_group=False, now=0.0) for _ in range(4)]
    assert waits == [0, 0, 1, 2]
    assert pace.wait_before("b", is_group=False, now=0.0) > 0  # the channel's own turn
    assert pace.wait_before("b", is_group=False, now=10.0) == 0


def test_a_batch_shares_one_commit_and_its_fault():
    batches: list[list[int]] = []

    async def work(items) -> None:
        batches.append(list(items))
        await asyncio.sleep(0.01)
        if 13 in items:
            raise ValueError

    async def main() -> list[object]:
        batcher = Batcher(work, most=5)
        puts = (batcher.put(number) for number in range(14))
        return await asyncio.gather(*puts, return_exceptions=True)

    results = asyncio.run(main())
    assert batches == [[0], [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13]] or len(batches) <= 4
    assert [isinstance(result, ValueError) for result in results][-1]


@pytest.mark.parametrize("why", [Why.RATE, Why.NETWORK])
def test_others_go_on_while_one_waits(house: House, why: Why):
    put(house, "a")
    with house.begin() as session:
        call = Call("say", {"text": "x"})
        outbox.put(session, arrival(2, 2).message, [call], asked_at=NOW, now=NOW)
    channel = PlainChannel()
    channel.failures = [TryLater(why, after=30)]
    send(house, channel)
    assert len(channel.sent) == 1
