"""What the procedure on the table still says of the next question: who asks, and of which thing."""

from collections.abc import Sequence

from bot.shelf import Shelf
from nlp.aspects import ACTS, PARTIES, SPECIALS, Aspect, phrase_of
from nlp.confidence import Verdict
from nlp.query import read_query
from nlp.ranking import Match
from nlp.understanding import Understanding, Wish, read_wish

SHORT_NAME = 3  # words of a name that may be said of many things: "xóa đăng ký"
LEAST_SIBLING = 0.03  # belief of one that is taken in the place of the best
# What somebody remains while turning to another matter.
CARRIED = frozenset(
    Aspect(SPECIALS, value)
    for value in ("household_business", "cooperative", "disabled", "poor", "old", "foreign")
) | {Aspect(PARTIES, "business")}


def carried(shelf: Shelf, slug: str, heard: Understanding) -> Wish | None:
    """An unclear question made clear by what the citizen is, as the procedure before it tells.

    After "đăng ký hộ kinh doanh", "còn thuế thì khai thế nào" is asked by such a household.
    """
    number = shelf.family(slug)
    if number is None:
        return None
    if heard.verdict is Verdict.SHOW:
        return _for_the_same(shelf, number, heard)
    for aspect in sorted((shelf.index.traits.aspects[number] & CARRIED) - heard.query.aspects.said):
        query = read_query(f"{heard.text} {phrase_of(aspect)}", shelf.index.speller)
        wish = read_wish(query, heard.facets, shelf.index)
        if wish.verdict is Verdict.SHOW:
            best = wish.matches[0]
            known = [match.family.name for match in heard.matches]
            is_its_kind = aspect in shelf.index.traits.aspects[shelf.family_of(best)]
            if best.family.name in (known if is_its_kind else known[:1]):
                return wish
    return None


def _for_the_same(shelf: Shelf, number: int, heard: Understanding) -> Wish | None:
    """The like of the best match that is for whom the procedure before was, if the best is not.

    "Ế quá tạm nghỉ vài tháng thì sao" is said of a company after its founding, not of a household.
    """
    first, *others = heard.matches
    if liken := _fuller_name(shelf, number, heard.matches):
        return heard.wishes[0]._replace(matches=_first(liken, heard.matches))
    traits = shelf.index.traits.aspects
    own = traits[number] & CARRIED
    best = traits[shelf.family_of(first)]
    if not own or best & own or not (best & CARRIED) - heard.query.aspects.said:
        return None
    for match in others:
        theirs = traits[shelf.family_of(match)]
        if (
            match.belief >= LEAST_SIBLING
            and theirs & CARRIED == own
            and _acts(theirs) & _acts(best)
        ):
            return heard.wishes[0]._replace(matches=_first(match, heard.matches))
    return None


def _fuller_name(shelf: Shelf, number: int, matches: Sequence[Match]) -> Match | None:
    """One whose name holds that of the best match and the subject of the one on the table.

    "Tàu bán rồi, xóa đăng ký" after a fishing boat's papers: what is named "Xóa đăng ký" alone is
    of other ships.
    """
    best = matches[0].family.name
    if len(best.split()) > SHORT_NAME:
        return None
    own = set(shelf.index.families[number].name.split())
    for match in matches[1:]:
        name = match.family.name
        if name.startswith(f"{best} ") and set(name.removeprefix(best).split()) <= own:
            return match
    return None


def _first(match: Match, matches: Sequence[Match]) -> tuple[Match, ...]:
    return (match, *(other for other in matches if other is not match))


def _acts(aspects: frozenset[Aspect]) -> frozenset[Aspect]:
    return frozenset(aspect for aspect in aspects if aspect.kind == ACTS)
