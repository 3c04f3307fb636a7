"""How a procedure stands to the one on the table, in the light of what a detail says of it.

A detail may tell a special kind ("người Hàn Quốc"), an act ("bị mất rồi") or an age ("15 tuổi"): it
rules out the procedures that are not of that kind, and among the others the one whose name is
most like that of the procedure on the table is nearest.
"""

from rapidfuzz import fuzz

from bot.shelf import Shelf
from nlp.ages import admits, age_said
from nlp.aspects import ACTS, SPECIALS, Aspect
from nlp.ranking import Match
from nlp.understanding import Understanding

MOSTLY_OWN = 0.5  # below this share of strange words a detail belongs to a procedure
UNHEARD = 0.05  # belief of a detail in what it does not name
# … and in what does not do the act or is not for the age that it tells. In a long one the act may
# be another thing's: "mất điện thoại, muốn khóa tài khoản" is of no lost paper.
RULED_OUT, RULED_OUT_AT_LENGTH = UNHEARD**4, UNHEARD**2
SHORT = 3  # topic words of a detail that speaks of nothing else
NEAR = 50  # likeness of two names from which they are of one subject, 0 to 100
# Acts that make another procedure of the same subject: "giờ muốn đóng cửa luôn".
OTHER_ACTS = frozenset(
    Aspect(ACTS, value)
    for value in (
        "reissue", "exchange", "renew", "revoke", "end", "pause", "transfer", "split", "merge",
    )
)  # fmt: skip
# … and "sửa" beside them changes what a detail leads to, though it may be said of papers as well.
KIND_ACTS = OTHER_ACTS | {Aspect(ACTS, "amend")}
# What is written in a register is not issued twice, a copy is given; what has expired is exchanged.
INSTEAD = {
    Aspect(ACTS, "reissue"): Aspect(ACTS, "copy"),
    Aspect(ACTS, "renew"): Aspect(ACTS, "exchange"),
}


def kinship(shelf: Shelf, number: int, other: int, heard: Understanding) -> float:
    """How near a family is to the one on the table, as far as it is what the detail says."""
    if not (_does_acts(shelf, other, heard) and _admits(shelf, other, heard)):
        return ruled_out(heard)
    if not _has_specials(shelf, other, heard):
        return UNHEARD
    families = shelf.index.families
    return fuzz.ratio(families[other].name, families[number].name) / 100


def ruled_out(heard: Understanding) -> float:
    """How much is left of a belief where a detail tells another act or age."""
    return RULED_OUT if heard.topic_words <= SHORT else RULED_OUT_AT_LENGTH


def is_of_the_kind(shelf: Shelf, number: int, heard: Understanding) -> bool:
    """Whether a family is of the kind, does the act and is for the age that a detail says."""
    return (
        _has_specials(shelf, number, heard)
        and _does_acts(shelf, number, heard)
        and _admits(shelf, number, heard)
    )


def _has_specials(shelf: Shelf, number: int, heard: Understanding) -> bool:
    said = {aspect for aspect in heard.query.aspects.said if aspect.kind == SPECIALS}
    return said <= shelf.index.traits.aspects[number]


def _does_acts(shelf: Shelf, number: int, heard: Understanding) -> bool:
    acts = {aspect for aspect in heard.query.aspects.said if aspect.kind == ACTS}
    acts |= {INSTEAD[act] for act in acts if act in INSTEAD}
    return not (acts & KIND_ACTS) or bool(acts & shelf.index.traits.aspects[number])


def _admits(shelf: Shelf, number: int, heard: Understanding) -> bool:
    age = age_said(heard.text)
    return age is None or admits(shelf.index.families[number].name, age)


def leaves(shelf: Shelf, slug: str, match: Match, heard: Understanding) -> bool:
    """Whether a detail rules out the procedure on the table and a match is its like that fits."""
    number, other = shelf.family(slug), shelf.family_of(match)
    if number is None or is_of_the_kind(shelf, number, heard):
        return False
    fits = is_of_the_kind(shelf, other, heard)
    return fits and fuzz.ratio(match.family.name, shelf.index.families[number].name) >= NEAR


def rules_out(shelf: Shelf, slug: str, heard: Understanding) -> bool:
    """Whether an age or a special kind that a detail tells is not that of the procedure shown."""
    number = shelf.family(slug)
    return number is not None and not (
        _has_specials(shelf, number, heard) and _admits(shelf, number, heard)
    )


def belongs(shelf: Shelf, match: Match, heard: Understanding) -> bool:
    """Whether most of the detail's topic lies on the words of the procedure it leads to."""
    return has_topic(shelf, shelf.family_of(match), heard)


def has_topic(shelf: Shelf, number: int, heard: Understanding) -> bool:
    """Whether most of a message's topic lies on the words of a family."""
    return bool(heard.topic_words) and strangeness(shelf, number, heard) < MOSTLY_OWN


def strangeness(shelf: Shelf, number: int, heard: Understanding) -> float:
    """The share of a message's topic words that are none of a family's words."""
    pairs = zip(heard.query.words, heard.query.weights, strict=True)
    words = [word for word, weight in pairs if weight > 0.5]
    strange = sum(not shelf.index.has_word(number, word) for word in words)
    return strange / max(len(words), 1)
