"""Which matches count as one act, over a few names."""

from types import SimpleNamespace

from bot.weighing import namesakes, sureness
from nlp.aspects import ACTS, Aspect

KINDS = {
    "đăng ký biến động quyền sử dụng đất khi chuyển nhượng": {"transfer"},
    "thủ tục đăng ký biến động quyền sử dụng đất khi chuyển nhượng": {"transfer", "new"},
    "đăng ký lại biến động quyền sử dụng đất khi chuyển nhượng": {"transfer", "reregister"},
}


def over(*beliefs):
    """A shelf of these families, and matches that are believed so much."""
    aspects = tuple(frozenset(Aspect(ACTS, act) for act in acts) for acts in KINDS.values())
    matches = tuple(
        SimpleNamespace(number=number, family=SimpleNamespace(name=name), belief=belief)
        for number, (name, belief) in enumerate(zip(KINDS, beliefs, strict=True))
    )
    index = SimpleNamespace(traits=SimpleNamespace(aspects=aspects))
    return SimpleNamespace(index=index, family_of=lambda match: match.number), matches


def test_one_act_under_two_names_shares_its_belief():
    shelf, matches = over(0.5, 0.25, 0.25)
    assert [match.number for match in namesakes(shelf, matches)] == [0, 1]
    assert sureness(shelf, matches) == 0.75
