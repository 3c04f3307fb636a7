from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.history import Refused
from knowledge.importing import import_paths
from knowledge.importing.proposing import propose_paths
from knowledge.importing.store import Orders, store
from knowledge.link_checks import LinkState, by_unit, check_links, looked, state_of_answer, visit
from knowledge.links import PAGE
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, PORTAL_ID, draft, json_lines, record
from tests.publishing.conftest import LAN

WALL = "<html><noscript>Please enable JavaScript to view the page content.</noscript></html>"


def states(house: House) -> dict[str, LinkState]:
    with house() as session:
        return {one.slug: one.state for one in check_links(session, TODAY)}


def test_ids_that_moved_are_found_and_the_new_link_is_proposed(any_house: House, tmp_path: Path):
    rows = [record(f"1.9000{number:02}", id=PORTAL_ID.format(1)) for number in range(30)]
    import_paths(any_house, [json_lines(tmp_path / "a", *rows)], publish=True, today=TODAY)
    assert set(states(any_house).values()) == {LinkState.UNVERIFIED}
    moved = [row | {"id": PORTAL_ID.format(2)} for row in rows[:3]]
    path = json_lines(tmp_path / "b", *moved, *rows[3:29])
    propose_paths(any_house, [path], today=TODAY, now=NOW + timedelta(days=1))
    with any_house() as session:
        found = {one.slug: one for one in check_links(session, TODAY)}
    assert [slug for slug, one in found.items() if one.state is LinkState.MOVED] == [
        "1.900000",
        "1.900001",
        "1.900002",
    ]
    assert found["1.900000"].proposed == PAGE.format(portal_id=PORTAL_ID.format(2))
    assert found["1.900029"].state is LinkState.UNLISTED


def test_forms_and_looks(staffed: House):
    drafts = [
        draft("1.900001"),
        draft("1.900002", portal_id=None),
        draft("1.900003", portal_id="7"),
    ]
    store(staffed, drafts, Orders(publish=True, today=TODAY))
    assert list(states(staffed).values()) == [
        LinkState.UNVERIFIED,
        LinkState.BY_CODE,
        LinkState.DEAD,
    ]
    with staffed.begin() as session:
        looked(session, LAN, "1.900001", LinkState.OK)
        with pytest.raises(Refused, match="không có thủ tục"):
            looked(session, LAN, "9.999999", LinkState.OK)
    with staffed() as session:
        first, *_ = check_links(session, TODAY)
        assert (first.state, first.looked_at) == (LinkState.OK, NOW)
        assert by_unit([first]) == {"Bộ Vịt": {LinkState.OK: 1}}


def test_a_look_holds_only_for_the_address_that_was_seen(staffed: House):
    orders = Orders(publish=True, today=TODAY)
    store(staffed, [draft()], orders)
    with staffed.begin() as session:
        looked(session, LAN, "1.900001", LinkState.OK)
    store(staffed, [draft(portal_id=PORTAL_ID.format(5))], orders)
    assert states(staffed) == {"1.900001": LinkState.UNVERIFIED}


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, WALL, LinkState.WALL),
        (200, "<div id=root></div>", LinkState.WALL),
        (404, "không thấy", LinkState.SUSPECT),
        (403, "<script>TSPD_101</script>", LinkState.WALL),
        (200, "Mã thủ tục: 1.900001", LinkState.OK),
        (200, "<h1>Đăng ký nuôi vịt</h1>", LinkState.OK),
    ],
)
def test_an_answer_of_200_proves_nothing(status: int, body: str, state: LinkState):
    assert state_of_answer(status, body, code="1.900001", name="Đăng ký nuôi vịt") is state


def test_visits_are_remembered(any_house: House):
    store(any_house, [draft(), draft("1.900002")], Orders(publish=True, today=TODAY))
    answers = iter([None, (200, WALL)])
    with any_house.begin() as session:
        found = check_links(session, TODAY)
        counts = visit(session, found, lambda _: next(answers), now=NOW)
    assert counts == {LinkState.SUSPECT: 1, LinkState.WALL: 1}
    assert list(states(any_house).values()) == [LinkState.SUSPECT, LinkState.WALL]
