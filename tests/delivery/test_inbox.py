"""The inbox: each event once, in order, one conversation in one pair of hands."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import delivery_inbox as inbox
from bot.messages import Press
from knowledge.records.delivery import Correspondent, Inbox
from tests.delivery.making import NOW, arrival
from tests.knowledge.conftest import House

PLAIN = ["plain"]


def put(house: House, *arrivals) -> int:
    with house.begin() as session:
        return inbox.store(session, arrivals, NOW)


def take(house: House, most: int = 8) -> list[str]:
    """The events handed out, and marked as handled."""
    with house.begin() as session:
        claimed = inbox.claim(session, PLAIN, most, NOW)
        inbox.mark_handled(session, claimed, NOW)
    return [one.message.event_id for one in claimed]


def test_an_event_is_kept_once(any_house: House):
    assert put(any_house, arrival(1, 1), arrival(1, 1), arrival(1, 2)) == 2
    assert put(any_house, arrival(1, 2), arrival(1, 3)) == 1


def test_a_smaller_number_that_comes_late_is_not_a_repeat(any_house: House):
    put(any_house, arrival(1, 7))
    take(any_house)
    assert put(any_house, arrival(1, 3)) == 1
    assert take(any_house) == ["e3"]


def test_a_handled_event_is_still_known(any_house: House):
    put(any_house, arrival(1, 1))
    take(any_house)
    assert put(any_house, arrival(1, 1)) == 0


def test_said_first_is_handled_first(any_house: House):
    put(any_house, arrival(1, 5))
    put(any_house, arrival(1, 4), arrival(2, 9))
    assert sorted(take(any_house)) == ["e4", "e9"]
    assert take(any_house) == ["e5"]


def test_one_flood_does_not_hold_up_the_others(any_house: House):
    put(any_house, *(arrival(1, number) for number in range(100)))
    put(any_house, arrival(2, 500))
    assert "e500" in take(any_house, most=2)


def test_channels_that_are_switched_off_wait(any_house: House):
    put(any_house, arrival(1, 1))
    with any_house.begin() as session:
        assert inbox.claim(session, ["other"], 8, NOW) == []


def test_a_message_comes_back_as_it_was(any_house: House):
    sent = arrival(1, 1, "giấy tờ\x00\ud800", press=Press("abcdef", "giấy tờ 1.004222"))
    put(any_house, sent)
    with any_house.begin() as session:
        [message] = [one.message for one in inbox.claim(session, PLAIN, 1, NOW)]
    assert message.text == "giấy tờ"
    assert message.press == sent.message.press


@pytest.mark.postgres
def test_two_hands_never_hold_one_conversation(postgres_url: str):
    from knowledge.database import connect, sessions, upgrade

    engine = connect(postgres_url)
    upgrade(engine)
    house = sessions(engine)
    put(house, arrival(1, 5), arrival(2, 6))
    with house.begin() as first, house.begin() as second:
        held = [one.message.event_id for one in inbox.claim(first, PLAIN, 1, NOW)]
        put(house, arrival(1, 4), arrival(2, 3))  # said earlier, come later
        others = [one.message.event_id for one in inbox.claim(second, PLAIN, 8, NOW)]
    assert (held, others) == (["e5"], ["e3"])
    engine.dispose()


def test_old_events_are_forgotten(any_house: House):
    put(any_house, arrival(1, 1))
    take(any_house)
    with any_house.begin() as session:
        inbox.purge(session, NOW + timedelta(hours=71))
    assert put(any_house, arrival(1, 1)) == 0
    with any_house.begin() as session:
        inbox.purge(session, NOW + timedelta(hours=73))
    assert put(any_house, arrival(1, 1)) == 1


def test_a_message_without_its_correspondent_is_not_lost(any_house: House):
    put(any_house, arrival(1, 1))
    with any_house.begin() as session:
        session.delete(session.scalars(select(Correspondent)).one())
    assert take(any_house) == []
    with any_house.begin() as session:
        inbox.adopt(session, NOW)
    assert take(any_house) == ["e1"]


def test_nothing_personal_stays(any_house: House):
    put(any_house, arrival(1, 1, "mất căn cước"))
    take(any_house)
    with any_house() as session:
        row = session.scalars(select(Inbox)).one()
    assert (row.text, row.conversation_id, row.details) == ("", "", {})
