"""Which question splits a list best: computed from the records and from what is believed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.differences import splitting_kind
from knowledge.records.content import Level

CITIZEN, COMPANY = ("Công dân Việt Nam",), ("Doanh nghiệp", "Hợp tác xã")


@pytest.fixture
def made(shelf):
    """A listing with another name, levels and applicants."""
    some = next(iter(shelf.catalogue.listings.values()))

    def make(name, levels=(Level.COMMUNE,), applicants=CITIZEN):
        return replace(some, name=name, levels=levels, applicants=applicants)

    return make


def test_acts_of_one_paper_are_asked_about(made):
    cards = [made("Cấp thẻ căn cước"), made("Cấp lại thẻ căn cước"), made("Cấp đổi thẻ căn cước")]
    assert splitting_kind(cards, [0.4, 0.3, 0.3]) == "act"


def test_foreigners_are_asked_about_where_one_act_stands_twice(made):
    guardians = [made("Đăng ký giám hộ"), made("Đăng ký giám hộ có yếu tố nước ngoài")]
    assert splitting_kind(guardians, [0.6, 0.4]) == "foreign"


def test_people_and_companies_are_told_apart(made):
    taxes = [made("Khai thuế cho thuê nhà"), made("Khai thuế cho thuê kho", applicants=COMPANY)]
    assert splitting_kind(taxes, [0.5, 0.5]) == "party"


def test_the_level_is_asked_where_nothing_else_differs(made):
    papers = [made("Tặng giấy khen"), made("Tặng giấy khen theo đợt", levels=(Level.PROVINCE,))]
    assert splitting_kind(papers, [0.5, 0.5]) == "level"


def test_belief_decides_between_two_good_questions(made):
    listed = [
        made("Cấp thẻ căn cước"),
        made("Cấp lại thẻ căn cước"),
        made("Cấp lại thẻ căn cước tại tỉnh", levels=(Level.PROVINCE,)),
    ]
    assert splitting_kind(listed, [0.49, 0.49, 0.02]) == "act"
    assert splitting_kind(listed, [0.02, 0.49, 0.49]) == "level"


def test_unlike_procedures_are_only_listed(made):
    unlike = [made("Đăng ký khai sinh"), made("Đăng ký khai tử"), made("Đăng ký giám hộ")]
    assert splitting_kind(unlike, [0.4, 0.3, 0.3]) is None


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.floats(0.1, 10))
def test_only_the_proportions_of_belief_count(shelf, beliefs, factor):
    listed = list(shelf.catalogue.listings.values())[:3]
    assert splitting_kind(listed, beliefs) == splitting_kind(listed, [b * factor for b in beliefs])


def test_nothing_is_asked_about_nothing():
    assert splitting_kind([], []) is None
