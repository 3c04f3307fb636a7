"""Sources: the table, messages that are pushed, a system over HTTP; the order in which they count."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from knowledge.database import read_only
from knowledge.dossiers.facts import Miss, Status
from knowledge.dossiers.labels import LABELS, state_of
from knowledge.dossiers.origins import new_token, origin_named, origin_of_token
from knowledge.dossiers.refreshing import Refresher
from knowledge.dossiers.remote import Breaker, RemoteSettings, RemoteSource
from knowledge.dossiers.sources import Sources
from knowledge.dossiers.syncing import sync
from knowledge.dossiers.table import TableSource
from knowledge.records.dossier import State
from tests.dossiers.conftest import KEYS, NOW, OWNER, facts, put
from tests.dossiers.test_following import follow, news, wish

CODE = "H56.121-250702-0003"


def table_of(factory):
    return TableSource(lambda: read_only(factory), KEYS)


def whole(state="4", **fields):
    """A message of the national interface about one made-up dossier."""
    record = {
        "MaHoSo": CODE, "MaTTHC": "1.001193", "TenTTHC": "Đăng ký khai sinh",
        "TenLinhVuc": "Hộ tịch", "KenhThucHien": "2", "ChuHoSo": OWNER["owner"],
        "SoDienThoai": OWNER["phone"], "NgayTiepNhan": "20250702091500",
        "NgayHenTra": "20250703170000", "TrangThaiHoSo": state, "DonViXuLy": "UBND xã Ao Vịt",
        "DinhDanhCHS": {"LoaiDinhDanh": "1", "SoDinhDanh": OWNER["owner_id"]},
        "DanhSachLePhi": [{"Gia": "8000"}], "NgayTra": "", "NgayKetThucXuLy": "",
    } | fields  # fmt: skip
    return {"service": "DongBoHoSoMC", "data": [record]}


def step(state, at):
    return {
        "service": "CapNhatTienDoHoSoMC",
        "data": [{"MaHoSo": CODE, "TrangThai": state, "ThoiDiemXuLy": at, "NoiDungXuLy": "x"}],
    }


def push(factory, *messages):
    with factory.begin() as session:
        origin = origin_named(session, "mot-cua")
        return [sync(session, origin, message, KEYS, NOW) for message in messages]


def test_a_pushed_dossier_is_found_and_opened_by_either_proof(any_house):
    assert push(any_house, whole()) == [[{"MaHoSo": CODE, "error_code": "00"}]]
    source = table_of(any_house)
    plain = source.lookup(CODE, None)
    assert isinstance(plain, Status)
    assert (plain.state, plain.details) == (State.IN_PROGRESS, None)
    for proof in ("4321", "5678"):
        opened = source.lookup(CODE, proof)
        assert isinstance(opened, Status)
        assert opened.details is not None
    assert source.lookup(CODE, "9999") is Miss.NOT_FOUND
    assert source.lookup("H56.121-250702-0004", "4321") is Miss.NOT_FOUND


def test_an_older_state_never_wins_in_whatever_order(any_house):
    done = whole("9", NgayKetThucXuLy="20250703100000")
    push(any_house, done, whole("4"), whole("2"), done, step("4", "20250702120000"))
    assert table_of(any_house).lookup(CODE, None).state is State.DONE
    push(any_house, step("10", "20250704090000"), done)
    assert table_of(any_house).lookup(CODE, None).state is State.HANDED_OVER


def test_a_bad_record_costs_itself_only(any_house):
    message = whole()
    message["data"] += [{"MaHoSo": "xyz"}, {**message["data"][0], "NgayHenTra": "hôm qua"}]
    results = push(any_house, message)[0]
    assert [result["error_code"] for result in results] == ["00", "-1", "-1"]
    assert push(any_house, {"service": "Lạ", "data": []}) == [None]


def test_a_token_names_its_origin_and_a_new_one_ends_it(any_house):
    with any_house.begin() as session:
        first = new_token(origin_named(session, "tinh"))
        assert origin_of_token(session, first).name == "tinh"
        new_token(origin_named(session, "tinh"))
        assert origin_of_token(session, first) is None


def test_the_origin_is_believed_before_its_copy(any_house):
    put(any_house, facts(CODE, state="Đã xử lý xong"), origin="quoc-gia", is_copy=True, rank=20)
    source = table_of(any_house)
    assert source.lookup(CODE, None).is_copy
    put(any_house, facts(CODE, state="Yêu cầu bổ sung giấy tờ"), origin="mot-cua")
    assert source.lookup(CODE, None).state is State.SUPPLEMENT


def test_every_label_is_known_and_numbers_only_from_national_sources():
    for state, labels in LABELS.items():
        assert all(state_of(label.upper()) is state for label in labels)
        assert state_of(str(state.value)) is None
        assert state_of(str(state.value), is_national=True) is state
    assert state_of("Chờ ký", {"chờ ký": 4}) is State.IN_PROGRESS


@pytest.fixture
def system() -> Iterator[dict]:
    """A one-stop system on this machine; `status` and `answer` say how it behaves."""
    behaviour = {"status": 200, "answer": {"result": [whole()["data"][0]]}, "asked": []}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            behaviour["asked"].append((self.path, json.loads(body)))
            self.send_response(behaviour["status"])
            self.end_headers()
            self.wfile.write(json.dumps(behaviour["answer"]).encode())

        def log_message(self, *_args) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    behaviour["url"] = f"http://127.0.0.1:{server.server_port}/tra-cuu"
    yield behaviour
    server.shutdown()
    server.server_close()


def remote(system, clock=lambda: 0.0):
    fields = {
        "state": "TrangThaiHoSo", "procedure_name": "TenTTHC", "unit": "DonViXuLy",
        "owner": "ChuHoSo", "owner_id": "DinhDanhCHS.SoDinhDanh", "received": "NgayTiepNhan",
    }  # fmt: skip
    settings = RemoteSettings(
        url=system["url"], title="Hệ thống thử", result="result.0", fields=fields, is_national=True
    )
    return RemoteSource(settings, KEYS, clock=clock)


def test_a_system_is_asked_without_a_code_in_the_address(system):
    source = remote(system)
    found = source.lookup(CODE, "4321")
    assert isinstance(found, Status)
    assert found.details is not None
    assert source.lookup(CODE, "9999") is Miss.NOT_FOUND
    assert system["asked"] == [("/tra-cuu", {"MaHoSo": CODE})]  # the second answer was kept


def test_a_broken_system_is_left_alone_for_a_while(system):
    now = [0.0]
    source = remote(system, clock=lambda: now[0])
    system["status"] = 500
    for number in range(8):
        assert source.lookup(f"H56.1-250702-{number:04d}", None) is Miss.UNAVAILABLE
    assert len(system["asked"]) == 5
    system["status"], now[0] = 200, 61.0
    assert isinstance(source.lookup(CODE, None), Status)


def test_no_record_is_not_found_and_nonsense_is_unavailable(system):
    system["answer"] = {"result": []}
    assert remote(system).lookup(CODE, None) is Miss.NOT_FOUND
    system["answer"] = {"result": [{"TrangThaiHoSo": "lạ"}]}
    assert remote(system).lookup(CODE, None) is Miss.UNAVAILABLE


def test_sources_are_asked_by_rank_and_say_if_one_could_not_be(any_house, system):
    system["status"] = 503
    sources = Sources([remote(system), table_of(any_house)])
    assert sources.lookup(CODE, None) is Miss.UNAVAILABLE
    put(any_house, facts(CODE))
    assert isinstance(sources.lookup(CODE, None), Status)


def test_a_breaker_lets_one_try_after_its_rest():
    now = [0.0]
    breaker = Breaker(1, 10, clock=lambda: now[0])
    breaker.note(worked=False)
    assert not breaker.allows()
    now[0] = 11
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.note(worked=True)
    assert breaker.allows()


def test_what_is_kept_of_a_number_tells_nothing_without_the_secret():
    item = facts(CODE)
    assert item.id_proof == KEYS.proof(CODE, "4321")
    assert facts("H56.121-250702-0004").id_proof != item.id_proof
    assert "4321" not in (item.id_proof or "")
    sealed = KEYS.seal(CODE)
    assert KEYS.unseal(sealed) == CODE
    assert CODE not in sealed
    assert KEYS.unseal(sealed[:-4] + "AAAA") is None


def test_a_refreshed_copy_says_when(any_house):
    put(any_house, facts(CODE))
    assert table_of(any_house).lookup(CODE, None).as_of >= NOW - timedelta(seconds=1)


def test_an_original_over_http_is_believed_before_a_copy_in_the_table(any_house, system):
    put(any_house, facts(CODE, state="Đã xử lý xong"), origin="quoc-gia", is_copy=True)
    sources = Sources([table_of(any_house), remote(system)])
    assert sources.lookup(CODE, None).state is State.IN_PROGRESS
    system["status"] = 500
    fallen_back = Sources([table_of(any_house), remote(system)]).lookup(CODE, None)
    assert (fallen_back.state, fallen_back.is_copy) == (State.DONE, True)


def test_a_followed_dossier_of_another_system_is_asked_about_and_changes_are_told(
    any_house, system
):
    refresh = Refresher(any_house, [remote(system, clock=iter(range(0, 10**6, 100)).__next__)])
    assert refresh(NOW) == 0  # nobody follows anything
    follow(any_house, wish(CODE))
    assert refresh(NOW) == 1
    assert news(any_house) == []
    system["answer"] = {"result": [whole("5")["data"][0]]}
    assert refresh(NOW + timedelta(minutes=5)) == 0  # not so often
    assert refresh(NOW + timedelta(hours=1)) == 1
    assert "yêu cầu bổ sung giấy tờ" in news(any_house)[0]


def test_what_the_table_knows_itself_is_not_asked_about(any_house, system):
    put(any_house, facts(CODE))
    follow(any_house, wish(CODE))
    assert Refresher(any_house, [remote(system)])(NOW) == 0
    assert system["asked"] == []
