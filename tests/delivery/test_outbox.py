"""The outbox: in order, one sender at a time, and what becomes of failures."""

from datetime import timedelta

import pytest

from bot import delivery_letters as letters
from bot import delivery_outbox as outbox
from bot.channels.contract import (
    Call,
    Moved,
    Refused,
    SendFailure,
    TryLater,
    Unreachable,
    Why,
    WindowClosed,
)
from bot.wording import SENTENCES
from tests.delivery.making import NOW, arrival
from tests.knowledge.conftest import House

LEASE = timedelta(seconds=60)


def put(house: House, chat: int, *texts: str) -> None:
    with house.begin() as session:
        calls = [Call("say", {"text": text}) for text in texts]
        outbox.put(session, arrival(chat, 1).message, calls, asked_at=NOW, now=NOW)


def take(house: House, *, after: float = 0) -> dict[str, int]:
    """What may be sent now, with its row."""
    with house.begin() as session:
        now = NOW + timedelta(seconds=after)
        rows = outbox.claim(session, "plain", 10, now=now, lease=LEASE)
        return {row.body["text"]: row.id for row in rows}


def fail(house: House, row_id: int, failure: SendFailure, *, after: float = 0) -> None:
    with house.begin() as session:
        outbox.note_failure(session, row_id, failure, NOW + timedelta(seconds=after))


def sent(house: House, *row_ids: int) -> None:
    with house.begin() as session:
        outbox.mark_sent(session, row_ids)


def test_in_order_within_a_conversation(any_house: House):
    put(any_house, 1, "a", "b")
    put(any_house, 2, "x")
    first = take(any_house)
    assert set(first) == {"a", "x"}
    assert take(any_house) == {}
    sent(any_house, *first.values())
    assert set(take(any_house)) == {"b"}


def test_what_a_dead_sender_held_is_taken_up(any_house: House):
    put(any_house, 1, "a")
    take(any_house)
    assert take(any_house, after=59) == {}
    assert set(take(any_house, after=61)) == {"a"}


def test_the_platform_says_when(any_house: House):
    put(any_house, 1, "a", "b")
    fail(any_house, take(any_house)["a"], TryLater(Why.RATE, after=30))
    assert take(any_house, after=29) == {}
    assert set(take(any_house, after=31)) == {"a"}


def test_back_off_doubles_and_is_jittered():
    pauses = [[outbox.pause_before(attempt, None) for _ in range(50)] for attempt in (1, 2, 5, 99)]
    assert [max(some) <= most for some, most in zip(pauses, (1, 2, 16, 600), strict=True)]
    assert all(len(set(some)) > 1 for some in pauses)


def test_given_up_after_a_day(any_house: House):
    put(any_house, 1, "a", "b")
    fail(any_house, take(any_house)["a"], TryLater(Why.NETWORK), after=25 * 3600)
    assert set(take(any_house, after=25 * 3600)) == {"b"}
    assert listed(any_house) == [("network", False)]


def test_a_channel_may_have_to_wait(any_house: House):
    put(any_house, 1, "a")
    put(any_house, 2, "x")
    fail(any_house, take(any_house)["a"], TryLater(Why.TOKEN, after=60, for_all=True))
    assert take(any_house, after=59) == {}
    assert set(take(any_house, after=62)) == {"a", "x"}


def test_refused_is_dead_and_the_next_goes_on(any_house: House):
    put(any_house, 1, "a", "b")
    fail(any_house, take(any_house)["a"], Refused(Why.REFUSED))
    assert set(take(any_house)) == {"b"}
    assert listed(any_house) == [("refused", False)]


def test_nothing_more_for_somebody_who_left(any_house: House):
    put(any_house, 1, "a", "b")
    fail(any_house, take(any_house)["a"], Unreachable(Why.BLOCKED))
    assert take(any_house) == {}
    assert listed(any_house) == []


def test_a_closed_window_opens_when_the_citizen_writes(any_house: House):
    put(any_house, 1, "a")
    fail(any_house, take(any_house)["a"], WindowClosed(Why.WINDOW))
    assert take(any_house, after=999) == {}
    assert listed(any_house) == [("window", True)]
    with any_house.begin() as session:
        outbox.release(session, "plain:1", NOW)
    put(any_house, 1, "b")
    first = take(any_house)
    assert set(first) == {"a"}
    sent(any_house, *first.values())
    assert set(take(any_house)) == {"b"}


def test_a_conversation_that_moved_is_followed(any_house: House):
    put(any_house, 1, "a", "b")
    fail(any_house, take(any_house)["a"], Moved("plain:2"))
    with any_house.begin() as session:
        rows = outbox.claim(session, "plain", 10, now=NOW, lease=LEASE)
        assert [(row.conversation_id, row.body["text"]) for row in rows] == [("plain:2", "a")]


def test_staff_send_again_or_drop(any_house: House):
    put(any_house, 1, "a")
    put(any_house, 2, "x")
    for row_id in take(any_house).values():
        fail(any_house, row_id, Refused(Why.REFUSED))
    with any_house.begin() as session:
        first, second = (letter.id for letter in letters.dead_letters(session))
        assert letters.count_dead(session) == 2
        assert letters.send_again(session, [first], NOW) == 1
        assert letters.drop(session, [second]) == 1
        assert letters.count_dead(session) == 0
    assert len(take(any_house)) == 1


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_worded(why: Why):
    assert f"dead_{why.value}" in SENTENCES


def listed(house: House) -> list[tuple[str, bool]]:
    names = {SENTENCES[f"dead_{why.value}"]: why.value for why in Why}
    with house() as session:
        return [(names[letter.why], letter.is_parked) for letter in letters.dead_letters(session)]
