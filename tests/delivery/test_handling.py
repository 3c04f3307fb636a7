"""A message handled: reply, state and outbox in one transaction, whatever goes wrong."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from bot import delivery_inbox as inbox
from bot import delivery_outbox as outbox
from bot.assistant import Assistant
from bot.channels.contract import Call, Unreachable, Why
from bot.conversations import Conversations, Memory
from bot.delivery_handling import Handler
from bot.delivery_handover import Handover
from bot.delivery_ledger import Ledger
from bot.delivery_sending import LEASE, Sender
from bot.messages import Choice, Kind, Message, Press, Reply
from knowledge.records.delivery import Correspondent, Inbox, Outbox, Parcel
from tests.delivery.making import NOW, PlainChannel, arrival, reply
from tests.knowledge.conftest import House


class Parrot(Assistant):
    """Says what it hears; some words upset it."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        self.heard.append(message.text)
        if message.text == "lỗi":
            raise ZeroDivisionError
        if message.text == "độc":
            memory._session.execute(text("select nothing from nowhere"))
        return reply(message.text, Choice("Giấy tờ", "giấy tờ", "giấy tờ 1.004222"))


class Desk:
    """A handler and all it needs."""

    def __init__(self, house: House, channel: PlainChannel | None = None) -> None:
        self.house = house
        self.parrot = Parrot()
        self.channel = channel or PlainChannel()
        conversations = Conversations(house, forget_after=timedelta(hours=2), now=lambda: NOW)
        self.ledger = Ledger(house, now=lambda: NOW)
        channels = {self.channel.name: self.channel}
        self.handler = Handler(
            self.ledger, self.parrot, conversations, channels, Handover([], LEASE)
        )

    def hear(self, *arrivals, after: float = 0) -> None:
        with self.house.begin() as session:
            inbox.store(session, arrivals, NOW + timedelta(seconds=after))

    def lose(self, chat: int, *, after: float = 0) -> None:
        with self.house.begin() as session:
            at = NOW + timedelta(seconds=after)
            outbox.give_up_on(session, "plain", f"plain:{chat}", at)

    def notice_block(self, chat: int) -> None:
        """What the sender does when the platform says that we are blocked."""
        query = select(Outbox.id).where(Outbox.conversation_id == f"plain:{chat}")
        with self.house.begin() as session:
            for row_id in session.scalars(query).all():
                outbox.note_failure(session, row_id, Unreachable(Why.BLOCKED), NOW)

    def is_lost(self, chat: int) -> bool:
        with self.house() as session:
            return outbox.is_lost(session, f"plain:{chat}")

    def work(self) -> None:
        while self.handler.run_once():
            pass

    def said(self, chat: int) -> list[str]:
        query = select(Outbox).where(Outbox.conversation_id == f"plain:{chat}").order_by(Outbox.id)
        with self.house() as session:
            return [row.body["text"] for row in session.scalars(query)]

    def waiting(self) -> int:
        with self.house() as session:
            return len(session.scalars(select(Inbox).where(Inbox.handled_at.is_(None))).all())

    def tag(self) -> str:
        with self.house() as session:
            return session.scalars(select(Correspondent.tag)).one()


@pytest.fixture
def desk(any_house: House) -> Iterator[Desk]:
    made = Desk(any_house)
    yield made
    made.ledger.close()


def test_each_is_answered_once_in_order(desk: Desk):
    desk.hear(*(arrival(1, number, f"{number}") for number in (3, 1, 2)))
    desk.work()
    assert desk.said(1) == ["1", "2", "3"]
    assert desk.waiting() == 0


def test_a_fault_of_the_assistant_becomes_an_apology(desk: Desk):
    desk.hear(arrival(1, 1, "lỗi"), arrival(2, 2, "chào"))
    desk.work()
    assert desk.said(1)[0].startswith("Xin lỗi")
    assert desk.said(2) == ["chào"]


def test_a_message_that_the_database_refuses_holds_up_nobody(desk: Desk):
    desk.hear(arrival(1, 1, "độc"), arrival(1, 2, "sau"), arrival(2, 3, "khác"))
    desk.work()
    assert desk.said(2) == ["khác"]
    assert desk.said(1)[0].startswith("Xin lỗi")
    assert desk.said(1)[1:] == ["sau"]
    assert desk.parrot.heard.count("độc") <= 4


class Mute(PlainChannel):
    """A channel that cannot say anything."""

    def render(self, reply, to):
        raise ValueError("a fault of ours")


def test_a_channel_that_cannot_say_it_does_not_loop_for_ever(any_house: House):
    desk = Desk(any_house, Mute())
    desk.hear(arrival(1, 1))
    desk.work()
    assert desk.waiting() == 0
    desk.ledger.close()


def test_nothing_is_kept_of_a_transaction_that_dies(desk: Desk):
    desk.hear(arrival(1, 1, "chào"))

    def die(session) -> None:
        desk.handler._run(session, 8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.ledger.write(die)
    assert (desk.said(1), desk.waiting(), desk.tag()) == ([], 1, "")
    desk.work()
    assert desk.said(1) == ["chào"]


def test_a_button_of_the_newest_reply_says_what_it_says(desk: Desk):
    desk.hear(arrival(1, 1, "chào"))
    desk.work()
    desk.hear(arrival(1, 2, "giấy tờ", press=Press(desk.tag(), "giấy tờ 1.004222")))
    desk.work()
    assert desk.parrot.heard == ["chào", "giấy tờ"]


def test_a_button_of_an_older_reply_says_what_it_meant(desk: Desk):
    desk.hear(arrival(1, 1, "chào"))
    desk.work()
    old = desk.tag()
    desk.hear(arrival(1, 2, "khác"), arrival(1, 3, "giấy tờ", press=Press(old, "giấy tờ 1.004222")))
    desk.work()
    assert desk.parrot.heard[-1] == "giấy tờ 1.004222"
    newest = desk.tag()
    desk.hear(arrival(1, 4, "xem thêm", press=Press(old, "")))
    desk.work()
    assert desk.said(1)[-1].startswith("Nút này")
    assert desk.tag() == newest


def test_who_left_gets_nothing_more(desk: Desk):
    desk.hear(arrival(1, 1, "chào"))
    desk.work()
    desk.hear(arrival(1, 2, "", kind=Kind.LEFT))
    desk.work()
    assert desk.said(1) == []


def test_who_left_is_written_to_only_when_they_write_again(desk: Desk):
    desk.hear(arrival(1, 1, "", kind=Kind.LEFT), arrival(1, 2, "lại đây"))
    desk.work()
    assert desk.said(1) == ["lại đây"], "they wrote after they had left"
    desk.hear(arrival(2, 3, "chào"))
    desk.work()
    desk.lose(2, after=60)
    assert desk.said(2) == []
    desk.hear(arrival(2, 4, "nói trước khi chặn"))
    desk.work()
    assert (desk.said(2), desk.is_lost(2), desk.waiting()) == ([], True, 0)
    desk.hear(arrival(2, 5, "trở lại"), after=61)
    desk.work()
    assert (desk.said(2), desk.is_lost(2)) == (["trở lại"], False)


def test_who_was_never_heard_of_can_be_lost_as_well(desk: Desk):
    desk.lose(9)
    assert desk.is_lost(9)


@pytest.mark.postgres
def test_leaving_and_being_noticed_at_once_do_not_wait_in_a_circle(postgres_url: str):
    from knowledge.database import connect, sessions, upgrade

    engine = connect(postgres_url)
    upgrade(engine)
    desk = Desk(sessions(engine))
    for number in range(0, 120, 2):
        desk.hear(arrival(1, number, f"{number}"))
        desk.work()
        desk.hear(arrival(1, number + 1, "", kind=Kind.LEFT), after=number + 1)
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(desk.notice_block, 1), pool.submit(desk.work)]
            assert [job.result() for job in jobs] == [None, None]
        assert (desk.said(1), desk.is_lost(1)) == ([], True)
        desk.hear(arrival(1, 1000 + number, "lại đây"), after=1000 + number)
        desk.work()
    desk.ledger.close()
    engine.dispose()


@pytest.mark.postgres
def test_many_hands_keep_the_order(postgres_url: str):
    from knowledge.database import connect, sessions, upgrade

    engine = connect(postgres_url)
    upgrade(engine)
    desk = Desk(sessions(engine))
    for start in range(0, 300, 50):
        desk.hear(*(arrival(n % 7, n, f"{n}") for n in range(start, start + 50)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: desk.work(), range(4)))
    desk.work()
    for chat in range(7):
        assert desk.said(chat) == [f"{n}" for n in range(300) if n % 7 == chat]
    desk.ledger.close()
    engine.dispose()


def test_a_conversation_with_a_reply_on_its_way_is_known_as_busy(any_house: House):
    desk = Desk(any_house)
    desk.hear(arrival(1, 1, "một"), arrival(2, 2, "hai"))
    with any_house.begin() as session:
        [first, _] = inbox.claim(session, ["plain"], 2, NOW)
        outbox.put(session, first.message, [Call("say", {"text": "a"})], asked_at=NOW, now=NOW)
    with any_house.begin() as session:
        claimed = inbox.claim(session, ["plain"], 2, NOW)
    assert [(one.message.text, one.is_busy) for one in claimed] == [("một", True), ("hai", False)]


def test_a_channel_that_must_be_silent_is_busy(any_house: House):
    desk = Desk(any_house)
    desk.hear(arrival(1, 1))
    until = NOW + timedelta(seconds=30)
    with any_house.begin() as session:
        outbox.pause(session, "plain", until)
    with any_house.begin() as session:
        assert [one.is_busy for one in inbox.claim(session, ["plain"], 2, NOW)] == [True]
        assert [one.is_busy for one in inbox.claim(session, ["plain"], 2, until)] == [False]


def test_what_was_parked_goes_before_the_new_reply(house: House):
    channel = PlainChannel(reply_window=timedelta(hours=48))
    desk = Desk(house, channel)
    desk.hear(arrival(1, 1))
    with house.begin() as session:
        [first] = inbox.claim(session, ["plain"], 1, NOW)
        outbox.put(session, first.message, [Call("say", {"text": "a"})], asked_at=NOW, now=NOW)
        session.execute(update(Outbox).values(state=Parcel.PARKED))

    async def main() -> None:
        handover = Handover([Sender(desk.ledger, channel)], LEASE)
        handover.open()
        conversations = Conversations(house, forget_after=timedelta(hours=2), now=lambda: NOW)
        Handler(desk.ledger, desk.parrot, conversations, {"plain": channel}, handover).run_once()

    asyncio.run(main())
    with house() as session:
        rows = session.execute(select(Outbox.body, Outbox.claimed_until).order_by(Outbox.id)).all()
    assert [(body["text"], until) for body, until in rows] == [("a", None), ("xin chào", None)]
