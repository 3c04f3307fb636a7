from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from knowledge.catalogue import Withdrawn, edition_of, load_catalogue
from knowledge.publishing import create_draft, publish, withdraw_procedure
from knowledge.records.content import Case, Document
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, content, draft

LATER = TODAY + timedelta(days=30)
THANH_HOA = {"kind": Kind.LOCAL, "province": "38", "owner": "UBND tỉnh Thanh Hóa"}
TUYEN_QUANG = {"kind": Kind.LOCAL, "province": "08", "owner": "UBND tỉnh Tuyên Quang"}


def put(house: House, *drafts: Draft, on: date = TODAY) -> None:
    with house.begin() as session:
        for one in drafts:
            revision = create_draft(session, one)
            publish(session, revision, decision=None, effective_from=on, now=NOW)


def withdraw(house: House, code: str, successor: str | None, on: date) -> None:
    with house.begin() as session:
        revision = create_draft(session, draft(code))
        procedure = revision.procedure
        procedure.revisions.remove(revision)
        withdraw_procedure(session, procedure, successor_code=successor, on=on)


def test_what_is_in_force_is_listed(any_house: House):
    put(any_house, draft(content=content(everyday_names=("nuôi vịt",), keywords=("vịt",))))
    catalogue = load_catalogue(any_house, on=TODAY)
    listing = catalogue.listings["1.900001"]
    assert listing.name == "Đăng ký nuôi vịt"
    assert listing.everyday_names == ("nuôi vịt",)
    assert listing.keywords == ("vịt",)
    assert listing.applicants == ("Công dân Việt Nam",)
    assert listing.executing == ("Ủy ban nhân dân cấp xã",)
    assert listing.deep_link.endswith("/thu-tuc-hanh-chinh/019d0000-0000-7000-8000-000000000001")
    assert catalogue.by_code("1.900001") == (listing,)
    assert catalogue.by_code("1.999999") == ()


def test_drafts_and_what_is_to_come_are_not_listed(any_house: House):
    put(any_house, draft("1.900001"), on=LATER)
    with any_house.begin() as session:
        create_draft(session, draft("1.900002"))
    assert load_catalogue(any_house, on=TODAY).listings == {}
    assert list(load_catalogue(any_house, on=LATER).listings) == ["1.900001"]


def test_each_day_has_its_own_wording(any_house: House):
    put(any_house, draft())
    put(any_house, draft(name="Đăng ký nuôi ngan"), on=LATER)
    before, after = load_catalogue(any_house, on=TODAY), load_catalogue(any_house, on=LATER)
    assert before.revision("1.900001").name == "Đăng ký nuôi vịt"
    assert after.revision("1.900001").name == "Đăng ký nuôi ngan"
    assert before.edition != after.edition


def test_internal_procedures_are_counted_apart(any_house: House):
    put(any_house, draft("1.900001"), draft("1.900002", kind=Kind.INTERNAL))
    catalogue = load_catalogue(any_house, on=TODAY)
    assert list(catalogue.listings) == ["1.900001"]
    assert catalogue.is_internal("1.900002")
    assert not catalogue.is_internal("1.900001")


def test_a_province_sees_its_own_and_the_central_ones(any_house: House):
    put(any_house, draft("1.900001"), draft("1.900002", **THANH_HOA))
    put(any_house, draft("1.900003", **TUYEN_QUANG))

    def codes(province: str) -> list[str]:
        return list(load_catalogue(any_house, on=TODAY, province=province).listings)

    assert codes("all") == ["1.900001", "1.900002", "1.900003"]
    assert codes("38") == ["1.900001", "1.900002"]


def test_one_code_of_two_provinces_gives_both(any_house: House):
    put(any_house, draft(**THANH_HOA), draft(**TUYEN_QUANG))
    catalogue = load_catalogue(any_house, on=TODAY)
    assert [one.province for one in catalogue.by_code("1.900001")] == ["38", "08"]
    only_theirs = load_catalogue(any_house, on=TODAY, province="08")
    assert [one.slug for one in only_theirs.by_code("1.900001")] == [
        "1.900001@ubnd-tinh-tuyen-quang"
    ]


def test_an_internal_record_does_not_hide_a_public_one_of_the_same_code(house: House):
    put(house, draft(kind=Kind.INTERNAL, province="15", owner="UBND tỉnh Lào Cai"))
    put(house, draft(**TUYEN_QUANG))
    catalogue = load_catalogue(house, on=TODAY)
    assert len(catalogue.by_code("1.900001")) == 1
    assert not catalogue.is_internal("1.900001")


def test_a_withdrawn_code_is_known_with_its_successor(any_house: House):
    put(any_house, draft("1.900001"), draft("1.900002"))
    withdraw(any_house, "1.900001", "1.900002", on=LATER)
    assert load_catalogue(any_house, on=TODAY).withdrawn("1.900001") is None
    catalogue = load_catalogue(any_house, on=LATER)
    assert catalogue.withdrawn("1.900001") == Withdrawn(
        "1.900001", "Đăng ký nuôi vịt", "1.900002", LATER
    )
    assert catalogue.withdrawn("1.900002") is None
    assert catalogue.withdrawn("1.999999") is None


def test_a_revision_is_whole_and_needs_no_session(any_house: House):
    put(any_house, draft())
    catalogue = load_catalogue(any_house, on=TODAY)
    revision = catalogue.revision("1.900001")
    assert revision.code == revision.slug == "1.900001"
    assert revision.content == content()
    assert revision.deep_link == catalogue.listings["1.900001"].deep_link
    assert catalogue.revision("1.900001") is revision
    with pytest.raises(KeyError):
        catalogue.revision("1.999999")


def test_many_threads_may_read_at_once(house: House):
    codes = [f"1.9{number:05}" for number in range(60)]
    put(house, *(draft(code) for code in codes))
    catalogue = load_catalogue(house, on=TODAY)
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda code: catalogue.revision(code).code, codes * 10))
    assert read == codes * 10


def test_bodies_hold_the_words_of_all_parts(any_house: House):
    said = content(
        cases=(Case(name="Vịt trời"),),
        documents=(Document(name="Ảnh con vịt", case="Vịt trời"),),
        results=("Giấy nuôi vịt",),
        steps=("Mang vịt đến cân",),
        competent=("Chủ tịch Bộ Vịt",),
    )
    put(any_house, draft("1.900001", content=said), draft("1.900002"))
    catalogue = load_catalogue(any_house, on=TODAY)
    bodies = dict(catalogue.bodies())
    assert list(bodies) == ["1.900001", "1.900002"]
    words = ("Vịt trời", "Ảnh con vịt", "Giấy nuôi vịt", "Mang vịt", "cấp xã", "Chủ tịch Bộ Vịt")
    assert all(word in bodies["1.900001"] for word in words)
    assert catalogue.texts("1.900001") == bodies["1.900001"]


def test_the_edition_tells_of_every_change_and_of_nothing_else(any_house: House):
    def edition(on: date = TODAY) -> str:
        with any_house() as session:
            return edition_of(session, on)

    empty = edition()
    put(any_house, draft("1.900001"))
    one = edition()
    assert one != empty
    assert load_catalogue(any_house, on=TODAY).edition == one
    assert load_catalogue(any_house, on=TODAY, province="38").edition == one
    with any_house.begin() as session:
        create_draft(session, draft("1.900002"))
    assert edition() == one
    put(any_house, draft("1.900003"), on=LATER)
    assert edition() == one
    assert edition(LATER) != one
    withdraw(any_house, "1.900001", None, on=TODAY)
    assert edition() == empty


def test_two_houses_with_the_same_content_have_the_same_edition(tmp_path, house: House):
    from knowledge.database import connect, sessions, upgrade

    engine = connect(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(engine)
    other = sessions(engine)
    put(house, draft("1.900001"), draft("1.900002"))
    put(other, draft("1.900002"), on=TODAY - timedelta(days=3))
    put(other, draft("1.900001"), on=TODAY - timedelta(days=2))
    assert load_catalogue(house, on=TODAY).edition == load_catalogue(other, on=TODAY).edition
