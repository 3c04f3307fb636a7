"""No output of any look-up holds the owner's name, number, telephone or address, however written."""

import json
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.dossier_news import news_reply
from bot.dossier_words import status_text
from bot.web.dossiers import Looked, _looked
from knowledge.dossiers.chats import News
from knowledge.dossiers.facts import Miss, Status
from knowledge.dossiers.origins import origin_named
from knowledge.dossiers.reading import Reader
from knowledge.dossiers.remote import RemoteSettings, RemoteSource
from knowledge.dossiers.syncing import sync
from knowledge.provinces import plain
from knowledge.records.dossier import Dossier, State
from nlp.dossier_codes import read_dossiers
from tests.dossiers.conftest import KEYS, NOW, put
from tests.dossiers.generating import LABELS
from tests.dossiers.test_codes import CODES, _mutated

SYLLABLES = ("Vịt", "Trời", "Ngỗng", "Đực", "Bầu", "Xiêm", "Cỏ", "Ước", "Yến", "Ưng", "Gà", "Ri")
FAMILIES = ("Lê Thị", "Nguyễn Văn", "Đặng", "Trương Thị Ngọc", "Ông")
CODE = "H56.14-261120-0777"

digits = st.integers(0, 10**8 - 1).map("{:08d}".format)
names = st.builds(
    lambda family, given: f"{family} {' '.join(given)}",
    st.sampled_from(FAMILIES),
    st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3, unique=True),
)
owners = st.fixed_dictionaries(
    {
        "owner": names,
        "submitter": names,
        "owner_id": digits.map("0380{}".format),
        "phone": digits.map("09{}".format),
        "address": st.builds("{} đường {}".format, st.integers(1, 99), names),
        "email": digits.map("vit{}@example.org".format),
    }
)
WRITTEN = {
    "owner": (str, str.upper, str.lower, plain, str.title, lambda n: " ".join(n.split()[-2:])),
    "submitter": (str, str.upper, plain),
    "owner_id": (str, lambda n: f"{n[:4]} {n[4:8]} {n[8:]}", lambda n: f"{n[:3]}.{n[3:]}"),
    "phone": (
        str,
        lambda n: f"{n[:4]} {n[4:7]} {n[7:]}",
        lambda n: f"+84{n[1:]}",
        lambda n: f"({n[:4]}) {n[4:7]}-{n[7:]}",
        lambda n: f"{n[:4]}.{n[4:7]}.{n[7:]}",
    ),
    "address": (str, str.upper, plain),
    "email": (str, str.upper),
}
FRAMES = ("Ông/bà {} nộp lại {}.", "({}) thiếu ảnh; {}", "{} – {}", "gọi {}, báo {}: đủ giấy tờ")


@st.composite
def rows(draw):
    """A row whose officer wrote the owner's data into every free text, each in some shape."""
    owner = draw(owners)

    def told() -> str:
        fields = draw(st.lists(st.sampled_from(list(WRITTEN)), min_size=2, max_size=2))
        parts = [draw(st.sampled_from(WRITTEN[field]))(owner[field]) for field in fields]
        return draw(st.sampled_from(FRAMES)).format(*parts)

    state = draw(st.sampled_from(State))
    return owner, {
        "code": CODE,
        "procedure_name": "Đăng ký khai sinh",
        "unit": "Ủy ban nhân dân xã Ao Sen",
        "state": LABELS[state],
        "received": "20/11/2026",
        "due": draw(st.sampled_from(("19/11/2026", "27/11/2026", ""))),
        "contact": draw(st.sampled_from(("0237 3852 246", owner["phone"], owner["owner"]))),
        "amount": "150.000",
        **owner,
        **{field: told() for field in ("reason", "papers", "fetch_at")},
    }


def told_by(status: Status | Miss) -> str:
    """All words in which the status is ever shown: chat, program, news."""
    if isinstance(status, Miss):
        return ""
    looked: Looked = _looked(_Today(), _Found(status), CODE)
    news = (
        News("telegram", "c", status.code, status.state, status.due_on, reminds, False)
        for reminds in (True, False)
    )
    shown = [status_text(status, NOW.date()), looked.model_dump_json()]
    return "\n".join([*shown, *(news_reply(item).bubbles[0].text for item in news)])


class _Today:
    """As much of a desk as the words need."""

    def today(self):
        return NOW.date()


class _Found:
    def __init__(self, result):
        self.result = result


def assert_nothing_of(owner, shown):
    """Neither as written, nor without marks, nor with other signs between the digits."""
    flat, bare = plain(shown), re.sub(r"[ .()-]", "", shown)
    for field in ("owner", "submitter", "address", "email"):
        assert plain(owner[field]) not in flat, field
    assert owner["owner_id"] not in bare
    assert owner["phone"][1:] not in bare


def empty(factory):
    """No dossier is left of the example before."""
    with factory.begin() as session:
        session.execute(delete(Dossier))


def found_by(source, proof):
    """The status, which must be there: else nothing would have been tested."""
    status = source.lookup(CODE, proof)
    assert isinstance(status, Status)
    assert (status.details is None) == (proof is None)
    return status


HOUSE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@HOUSE
@given(drawn=rows())
def test_nothing_imported_is_shown(any_house, desk, drawn):
    owner, row = drawn
    empty(any_house)
    put(any_house, Reader(KEYS, {}).read(row, NOW))
    source = desk._sources
    for proof in (None, owner["owner_id"][-4:], owner["phone"][-4:]):
        assert_nothing_of(owner, told_by(found_by(source, proof)))
    assert source.lookup(CODE, "xxxx") is Miss.NOT_FOUND


@HOUSE
@given(drawn=rows())
def test_nothing_asked_for_over_http_is_shown(drawn):
    owner, row = drawn

    class Client:
        def post(self, *_args, **_kwargs):
            return self

        def raise_for_status(self):
            return self

        def json(self):
            return row

    known = RemoteSettings("https://x", "Hệ thống", fields={name: name for name in row})
    source = RemoteSource(known, KEYS, client=Client())
    opened = source.lookup(CODE, owner["phone"][-4:])
    assert isinstance(opened, Status)
    assert opened.details is not None
    for proof in (None, owner["phone"][-4:], "xxxx"):
        assert_nothing_of(owner, told_by(source.lookup(CODE, proof)))


@HOUSE
@given(drawn=rows())
def test_nothing_pushed_is_shown(any_house, desk, drawn):
    owner, row = drawn
    record = {
        "MaHoSo": CODE, "TrangThaiHoSo": "5", "ChuHoSo": owner["owner"],
        "NguoiNop": owner["submitter"], "SoDienThoai": owner["phone"], "Email": owner["email"],
        "DiaChi": owner["address"], "DinhDanhCHS": {"SoDinhDanh": owner["owner_id"]},
        "NoiTraKetQua": row["fetch_at"], "ThongTinTra": row["reason"],
        "DanhSachHoSoBoSung": [{"NoiDungBoSung": row["papers"], "NgayBoSung": "20261121"}],
    }  # fmt: skip
    empty(any_house)
    with any_house.begin() as session:
        origin = origin_named(session, "tinh")
        assert sync(session, origin, {"service": "DongBoHoSoMC", "data": [record]}, KEYS, NOW)
    for proof in (None, owner["phone"][-4:]):
        assert_nothing_of(owner, told_by(found_by(desk._sources, proof)))


def test_ten_thousand_mutated_codes_find_nobody_elses_dossier():
    """Typed with faults, a code leads to itself, to a question, or to nothing: never to another's."""
    luck = random.Random(11)
    found = 0
    for _ in range(10_000):
        code = luck.choice(CODES)
        typed = _mutated(code, luck)
        for read in read_dossiers(typed).codes:
            if read in CODES:
                found += 1
                assert read == code, typed
    assert found > 500


def test_the_json_of_a_look_up_has_no_field_for_a_person():
    names = json.dumps(Looked.model_json_schema()).lower()
    for word in ("owner", "name_of", "phone", "address", "email", "submitter", "proof"):
        assert f'"{word}' not in names


@pytest.mark.parametrize("contact", ["0237 3852 246", "quầy số 1"])
def test_the_units_own_contact_is_shown_for_a_late_dossier(contact):
    row = {"code": CODE, "state": "Đang xử lý", "due": "19/11/2026", "contact": contact}
    facts = Reader(KEYS, {}).read(row, NOW)
    assert facts.contact == contact
