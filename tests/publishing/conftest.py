"""A house with staff: an editor of one department, one of another, a controller, a publisher."""

from collections.abc import Iterator
from datetime import date

import pytest

from knowledge.history import COMMAND_LINE, Actor
from knowledge.records.staff import Duty
from knowledge.staffing import Scope, add_staff, grant
from tests.knowledge.conftest import TODAY, House, any_house, house, postgres_url, shared
from tests.knowledge.making import NOW

__all__ = ["any_house", "house", "postgres_url", "shared", "staffed"]

DUCKS = Scope("Sở Vịt", ("Chăn nuôi vịt",))
GEESE = Scope("Sở Ngỗng", ("Chăn nuôi ngỗng",))
CONSOLE = Actor(COMMAND_LINE, NOW)
LAN, NGA, MINH, HOA = (Actor(login, NOW) for login in ("lan", "nga", "minh", "hoa"))
LONG_AGO = date(2025, 1, 1)


def hire(house: House) -> None:
    """The staff of the tests."""
    with house.begin() as session:
        for login in ("lan", "nga", "minh", "hoa"):
            add_staff(session, CONSOLE, login, login.title())
        grant(session, CONSOLE, "lan", Duty.EDITOR, DUCKS, since=LONG_AGO)
        grant(session, CONSOLE, "nga", Duty.EDITOR, GEESE, since=LONG_AGO)
        grant(session, CONSOLE, "minh", Duty.APPROVER, since=LONG_AGO)
        grant(session, CONSOLE, "minh", Duty.EDITOR, since=LONG_AGO, until=TODAY)
        grant(session, CONSOLE, "hoa", Duty.PUBLISHER, since=LONG_AGO)


@pytest.fixture
def staffed(any_house: House) -> Iterator[House]:
    """An empty house with staff, on each kind of database."""
    hire(any_house)
    yield any_house
