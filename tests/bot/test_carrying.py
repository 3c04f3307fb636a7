"""What the procedure on the table says of the next question, over a few names."""

from types import SimpleNamespace

from bot.carrying import carried
from nlp.confidence import Verdict
from nlp.understanding import Wish

NAMES = (
    "cấp lại giấy chứng nhận đăng ký tàu cá",
    "xóa đăng ký",
    "xóa đăng ký phương tiện",
    "xóa đăng ký tàu cá",
)


def heard(*order):
    """A message that is sure of the first of these families."""
    matches = tuple(
        SimpleNamespace(number=number, family=SimpleNamespace(name=NAMES[number]), belief=0.9)
        for number in order
    )
    wish = Wish(matches, Verdict.SHOW, None)
    aspects = SimpleNamespace(said=frozenset())
    query = SimpleNamespace(aspects=aspects)
    return SimpleNamespace(matches=matches, verdict=Verdict.SHOW, wishes=(wish,), query=query)


def shelf(on_the_table):
    families = [SimpleNamespace(name=name) for name in NAMES]
    traits = SimpleNamespace(aspects=tuple(frozenset() for _ in NAMES))
    return SimpleNamespace(
        index=SimpleNamespace(families=families, traits=traits),
        family=lambda slug: on_the_table,
        family_of=lambda match: match.number,
    )


def test_a_short_name_gives_way_to_the_fuller_one_of_the_same_thing():
    wish = carried(shelf(0), "tàu cá", heard(1, 2, 3))
    assert [match.number for match in wish.matches] == [3, 1, 2]


def test_a_fuller_name_of_another_thing_is_not_taken():
    assert carried(shelf(0), "tàu cá", heard(1, 2)) is None


def test_a_procedure_that_is_not_indexed_says_nothing():
    assert carried(shelf(None), "?", heard(1, 3)) is None
