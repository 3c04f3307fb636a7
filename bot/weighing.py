"""A question and the detail that was added to it, weighed together: which procedures both mean.

Each is heard as evidence of its own. What a detail says of a special kind, an act or an age rules
out the procedures of another kind (`kinship`).
"""

from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

from bot.kinship import OTHER_ACTS, UNHEARD, is_of_the_kind, kinship, ruled_out
from bot.shelf import Shelf
from nlp.ages import age_said, without_ages
from nlp.aspects import ACTS, Aspect, without_cues
from nlp.confidence import SHOW_SCOPE, Verdict
from nlp.query import read_query
from nlp.ranking import Match
from nlp.understanding import Understanding, Wish, read_wish

SURE_PICK = 0.6  # belief among the offered ones, to take words for a pick
ALIKE = 70  # likeness of the names of one act, 0 to 100
NEW = Aspect(ACTS, "new")  # said of what is meant without another word, too
NAMESAKES = 4  # matches among which one act is looked for
LONGEST = 60  # words of a question that are kept for the details after it


def joined(asked: str, heard: Understanding) -> str:
    """A question and what was said after it, as one: a new age or act takes the place of the old."""
    if age_said(heard.text) is not None:
        asked = without_ages(asked)
    if heard.query.aspects.said & OTHER_ACTS:
        asked = without_cues(asked, OTHER_ACTS)
    return " ".join(f"{asked} {heard.text}".split()[-LONGEST:])


def weighed(
    shelf: Shelf, asked: str, heard: Understanding, *, beside: str | None = None
) -> tuple[Match, ...]:
    """What a question and a detail added to it mean, each heard as evidence of its own.

    The belief that both deserve when read as one is multiplied by what the detail deserves
    alone: a long first question would drown it otherwise. What the detail says of a special
    kind, an act or an age ("anh ấy là người Hàn Quốc", "bị mất rồi", "đứa 15 tuổi") rules out the
    procedures of another kind, and then the one that is named most like `beside`, the procedure
    on the table, is nearest.
    """
    return _weigh(shelf, shelf.ranked(joined(asked, heard)), heard, beside)


def _weigh(
    shelf: Shelf, together: Sequence[Match], heard: Understanding, beside: str | None = None
) -> tuple[Match, ...]:
    """See `weighed`; `together` is the ranking of question and detail read as one."""
    # What hardly any procedure answers ("chỉ rách với ố vàng thôi") points to none of them by itself.
    trust = min(heard.scope / SHOW_SCOPE, 1.0) ** 0.5 if beside else 1.0
    alone = {match.family.name: match.belief * trust for match in heard.matches}
    power = 2 if heard.corrects else 1
    number = shelf.family(beside) if beside else None
    is_new_kind = number is not None and not is_of_the_kind(shelf, number, heard)
    beliefs = []
    for match in together:
        belief = match.belief * (UNHEARD + alone.get(match.family.name, 0.0)) ** power
        other = shelf.family_of(match)
        if number is not None and is_new_kind:
            belief *= kinship(shelf, number, other, heard)
        elif number is None and not is_of_the_kind(shelf, other, heard):
            belief *= ruled_out(heard)
        beliefs.append(belief)
    total = max(sum(beliefs), 1e-9)
    pairs = zip(together, beliefs, strict=True)
    matches = [match._replace(belief=belief / total) for match, belief in pairs]
    return tuple(sorted(matches, key=lambda match: -match.belief))


def sureness(shelf: Shelf, matches: Sequence[Match]) -> float:
    """How surely the act of the best match is meant, whichever way or level it is done at.

    One act may stand in the catalogue twice, "trực tuyến toàn trình" and "một phần".
    """
    return sum(match.belief for match in namesakes(shelf, matches))


def namesakes(shelf: Shelf, matches: Sequence[Match]) -> list[Match]:
    """The best match and those near it that are the same act under nearly the same name."""
    best = matches[0]
    traits = shelf.index.traits.aspects
    kind = _kind(traits[shelf.family_of(best)])
    return [
        match
        for match in matches[:NAMESAKES]
        if match is best
        or (
            ratio(match.family.name, best.family.name) >= ALIKE
            and _kind(traits[shelf.family_of(match)]) == kind
        )
    ]


def _kind(aspects: frozenset[Aspect]) -> frozenset[Aspect]:
    return frozenset(aspect for aspect in aspects if aspect.kind == ACTS and aspect != NEW)


def together(shelf: Shelf, asked: str, heard: Understanding) -> Wish:
    """What a question and the detail that was added to it mean together."""
    query = read_query(joined(asked, heard), shelf.index.speller)
    both = read_wish(query, heard.facets, shelf.index)
    matches = _weigh(shelf, both.matches, heard)
    if matches and matches[0].belief >= SURE_PICK and both.scope >= SHOW_SCOPE:
        return both._replace(matches=matches, verdict=Verdict.SHOW)
    return both._replace(matches=matches)
