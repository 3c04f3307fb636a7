import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from knowledge.database import Base, connect, read_only, sessions, upgrade
from knowledge.records.conversation import Conversation, Turn
from knowledge.records.delivery import Inbox
from knowledge.records.setting import Setting
from tests.knowledge.conftest import House
from tests.knowledge.making import NOW

ROOT = Path(__file__).parents[2]


def test_folder_of_the_file_is_made(tmp_path: Path):
    upgrade(f"sqlite:///{tmp_path / 'a' / 'b' / 'house.db'}")
    assert (tmp_path / "a" / "b" / "house.db").exists()


def test_upgrading_twice_changes_nothing(any_house: House):
    upgrade(any_house.kw["bind"])
    with any_house() as session:
        assert session.scalars(select(Setting)).all() == []


def test_schema_is_what_the_records_say(any_house: House):
    with any_house.kw["bind"].connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_two_processes_may_upgrade_at_once(tmp_path: Path):
    program = "import sys; from knowledge.database import upgrade; upgrade(sys.argv[1])"
    arguments = [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'house.db'}"]
    running = [subprocess.Popen(arguments, cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]


def test_moments_come_back_aware_and_equal(any_house: House):
    vietnam = timezone(timedelta(hours=7))
    at = datetime(2026, 11, 24, 9, 30, tzinfo=vietnam)
    with any_house.begin() as session:
        session.add(Conversation(id="a", channel="web", state={"name": "start"}, updated_at=at))
    with any_house() as session:
        stored = session.get_one(Conversation, "a")
    assert stored.updated_at == at
    assert stored.updated_at.tzinfo is not None


def test_a_moment_without_a_zone_is_refused(house: House):
    with pytest.raises(StatementError, match="time zone"), house.begin() as session:
        session.add(Conversation(id="a", channel="web", state={}, updated_at=datetime(2026, 1, 1)))


def test_an_event_arrives_once(any_house: House):
    def message() -> Inbox:
        return Inbox(
            channel="web", event_id="1", conversation_id="c", text="xin chào", received_at=NOW
        )

    with any_house.begin() as session:
        session.add(message())
    with pytest.raises(IntegrityError), any_house.begin() as session:
        session.add(message())


def test_a_turn_may_know_little(any_house: House):
    with any_house.begin() as session:
        session.add(
            Turn(
                at=NOW,
                channel="web",
                conversation="h",
                question="?",
                outcome="no_match",
                elapsed_ms=1.5,
            )
        )
    with any_house() as session:
        turn = session.scalars(select(Turn)).one()
    assert (turn.facet, turn.code, turn.score) == (None, None, None)
    assert turn.at == NOW.astimezone(UTC)


def test_readers_that_become_writers_wait_their_turn(house: House):
    """Each adds one to a number; none may fail, and none may be lost."""
    with house.begin() as session:
        session.add(Setting(key="n", value="0"))
    faults: list[BaseException] = []

    def add_one() -> None:
        try:
            for _ in range(20):
                with house.begin() as session:
                    row = session.get_one(Setting, "n")
                    row.value = str(int(row.value) + 1)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with house() as session:
        assert session.get_one(Setting, "n").value == "80"


def test_reading_does_not_wait_for_a_writer(house: House):
    with house.begin() as writer:
        writer.add(Setting(key="n", value="1"))
        writer.flush()
        with read_only(house) as reader:
            assert reader.scalars(select(Setting)).all() == []


def test_a_session_for_reading_cannot_be_mistaken_for_another_settings(house: House):
    with house() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_a_path_with_a_percent_sign_works(tmp_path: Path):
    engine = connect(f"sqlite:///{tmp_path / 'a%20b' / 'house.db'}")
    upgrade(engine)
    with sessions(engine)() as session:
        assert session.scalars(select(Setting)).all() == []


@pytest.mark.postgres
def test_numbers_do_not_run_out_on_postgres(postgres_url: str):
    upgrade(postgres_url)
    with create_engine(postgres_url).connect() as connection:
        kind = connection.execute(
            text(
                "SELECT data_type FROM information_schema.columns "
                "WHERE table_name = 'turn' AND column_name = 'id' "
                "AND table_schema = current_schema()"
            )
        ).scalar()
    assert kind == "bigint"
