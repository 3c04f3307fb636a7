"""What a message means beside the one before it: a detail, a correction, another topic, a choice.

Nothing is shown or asked here. Each function weighs the procedures once more and names the one
that is meant, or none.
"""

from collections.abc import Sequence

from bot.kinship import (
    MOSTLY_OWN,
    OTHER_ACTS,
    belongs,
    has_topic,
    is_of_the_kind,
    leaves,
    rules_out,
    strangeness,
)
from bot.shelf import Shelf
from bot.weighing import SURE_PICK, namesakes, sureness, weighed
from nlp.ages import age_said
from nlp.aspects import ACTS
from nlp.confidence import SHOW_SCOPE, Verdict
from nlp.intents import Facet
from nlp.understanding import Understanding

LIKELY = 0.6  # belief of the first of a list, to answer a bare facet with it
# A message makes a new topic when another procedure is believed, covered and in scope so much.
NEW_TOPIC_BELIEF = 0.5
NEW_TOPIC_COVERED = 0.6
NEW_TOPIC_SCOPE = 0.5
# Asked beside a paper that is missing, these are of what it is needed for: "chưa có … thì cần gì".
OF_THE_LACKING = (Facet.DOCUMENTS, Facet.CONDITIONS)
LEAST_TOPIC = 2  # topic words without which a message names nothing else
SURE_NEW_TOPIC = 0.9
SURE_CORRECTION = 0.5
SURE_SWITCH = 0.7  # to leave the procedure on the table for what a detail says
LEAST_SIBLING = 0.03  # belief of one that is offered when the procedure on the table is ruled out
OWN_WORDS = 3  # topic words with which a message stands for itself
OWN_BELIEF = 0.9  # and its belief, if it does not say that it corrects
SHORT_PICK = 3  # topic words up to which an answer may name a choice only roughly


def is_about(shelf: Shelf, slug: str, asked: str, heard: Understanding) -> bool:
    """Whether a message with a facet goes on about the procedure on the table.

    It does unless its topic has words or an act that are strange to that procedure, and
    another one clearly answers it.
    """
    number = shelf.family(slug)
    if number is None or not heard.matches or not heard.topic_words:
        return True
    best = heard.matches[0]
    own = shelf.index.families[number].name
    if best.family.name == own or heard.verdict is Verdict.NONE:
        return True
    if heard.adds and heard.verdict is Verdict.SHOW:
        return False
    if heard.lacks and heard.facet in OF_THE_LACKING and not heard.opens_another:
        return True
    own_acts = shelf.index.traits.aspects[number]
    acts = {aspect for aspect in heard.query.aspects.said if aspect.kind == ACTS}
    if (acts - own_acts) & OTHER_ACTS and heard.topic_words >= LEAST_TOPIC:
        return False
    # Several that are named alike may share the belief: "còn chữ ký người dịch thì sao".
    is_clear = (
        sureness(shelf, heard.matches) >= NEW_TOPIC_BELIEF
        and best.covered >= NEW_TOPIC_COVERED
        and heard.scope >= NEW_TOPIC_SCOPE
        and heard.topic_words >= LEAST_TOPIC
    )
    strange = strangeness(shelf, number, heard)
    is_short = heard.topic_words <= SHORT_PICK and not heard.opens_another
    is_unclear = is_short and heard.verdict is Verdict.ASK
    if is_unclear and heard.asks_need:  # "chưa có sổ đỏ thì được không": of what was asked for
        return True
    may_be_asked = is_unclear or (heard.asks_need and strange < MOSTLY_OWN)
    if may_be_asked and asks_of(shelf, slug, asked, heard):
        return True
    if strange or (acts - own_acts and heard.verdict is Verdict.SHOW):
        return not is_clear
    # No word is strange, yet another procedure may be meant by all of them together.
    return not (is_clear and best.belief >= SURE_NEW_TOPIC)


def asks_of(shelf: Shelf, slug: str, asked: str, heard: Understanding) -> bool:
    """Whether the question before leaves hardly a doubt that the one on the table is asked about.

    "Có phải đi khám sức khỏe trước không" after a driving licence is not asked by a clinic.
    """
    best = next(iter(weighed(shelf, asked, heard, beside=slug)), None)
    if best is None or best.belief < SURE_CORRECTION:
        return False
    return shelf.family(slug) == shelf.family_of(best)


def goes_on(shelf: Shelf, slug: str, asked: str, heard: Understanding) -> bool:
    """Whether words that hardly name a procedure, or tell an age, tell more of the one on the table."""
    tells_more = heard.is_detail or age_said(heard.text) is not None
    is_clear = heard.scope >= SHOW_SCOPE and not tells_more
    if heard.adds or (heard.verdict is Verdict.ASK and is_clear):
        return False
    best = next(iter(weighed(shelf, asked, heard, beside=slug)), None)
    if best is None or best.belief < SURE_SWITCH or heard.topic_words < 2:
        return False
    is_same = shelf.family(slug) == shelf.family_of(best)
    return is_same and (heard.is_detail or belongs(shelf, best, heard))


def corrected(shelf: Shelf, slug: str, asked: str, heard: Understanding) -> str | None:
    """The procedure that the last question means with this detail added, if it is another.

    A message that is a question of its own corrects nothing, unless it says so in words
    ("chứ không phải", "à không"); one that says it asks for more ("tiện hỏi") never does.
    """
    is_own = heard.verdict is Verdict.SHOW
    if heard.corrects and is_own and heard.topic_words >= OWN_WORDS:
        return shelf.listed(heard.matches[0], heard)
    if not heard.matches or heard.adds or (is_own and _stands_alone(heard)):
        return None
    matches = weighed(shelf, asked, heard, beside=slug)
    if not matches:
        return None
    is_mended = heard.corrects or leaves(shelf, slug, matches[0], heard)
    belief = sureness(shelf, matches) if is_mended else matches[0].belief
    if belief < (SURE_CORRECTION if is_mended else SURE_SWITCH):
        return None
    best = matches[0]
    if is_own and best.family.name == heard.matches[0].family.name:
        return None
    if not is_mended and not belongs(shelf, best, heard):
        return None
    chosen = shelf.listed(best, heard)
    if shelf.family(slug) != shelf.family(chosen):
        return chosen
    # "À lộn, mất giấy xe": who says that it was wrong does not mean the same once more.
    is_another = heard.verdict is Verdict.ASK and heard.scope >= SHOW_SCOPE
    return chosen if heard.corrects and not is_another else None


def _stands_alone(heard: Understanding) -> bool:
    """Whether a message names its own procedure so surely that the one before need not be weighed."""
    return heard.topic_words >= OWN_WORDS and heard.matches[0].belief >= OWN_BELIEF


def names(shelf: Shelf, slug: str, heard: Understanding) -> bool:
    """Whether a message says by its own words which procedure it leads to.

    The question before it is then not told once more: "ý tui là tiền thất nghiệp" leaves it behind.
    """
    if heard.verdict is Verdict.SHOW:
        return True
    best = heard.matches[0]
    is_meant = heard.scope >= SHOW_SCOPE and best.belief >= SURE_SWITCH
    return is_meant and shelf.family(slug) == shelf.family_of(best)


def tells_an_act(heard: Understanding) -> bool:
    """Whether a message says that another thing happened to the paper: "bị mất thì sao"."""
    return bool(heard.query.aspects.said & OTHER_ACTS)


def keeps_side(heard: Understanding) -> bool:
    """Whether the side that was asked for before is still meant: not where another thing happened."""
    return heard.corrects or not tells_an_act(heard)


def siblings(shelf: Shelf, slug: str, asked: str, heard: Understanding) -> tuple[str, ...]:
    """Those that a detail may mean once it has ruled out the procedure on the table."""
    if heard.adds or heard.verdict is Verdict.SHOW or not rules_out(shelf, slug, heard):
        return ()
    near = [
        match
        for match in weighed(shelf, asked, heard, beside=slug)
        if match.belief >= LEAST_SIBLING and is_of_the_kind(shelf, shelf.family_of(match), heard)
    ]
    if sum(match.belief for match in near) < SURE_SWITCH or len(near) < 2:
        return ()
    return tuple(shelf.listed(match, heard) for match in near)


def pick_by_words(
    shelf: Shelf,
    offered: Sequence[str],
    asked: str,
    heard: Understanding,
    *,
    sure: float = SURE_PICK,
) -> str | None:
    """The offered procedure that the words of an answer point to, if they point to one."""
    families = {shelf.family(slug): slug for slug in reversed(offered)}
    names = {shelf.index.families[n].name: slug for n, slug in families.items() if n is not None}
    best = heard.matches[0] if heard.matches else None
    is_new = best is not None and heard.verdict is Verdict.SHOW and best.family.name not in names
    is_new = is_new and heard.topic_words >= 2 and not heard.corrects
    if is_new and not any(has_topic(shelf, n, heard) for n in families if n is not None):
        return None  # before anything is ranked: most new questions end here
    matches = weighed(shelf, asked, heard)
    among = [match for match in matches if match.family.name in names]
    if among and among[0] is matches[0] and belongs(shelf, among[0], heard):
        return names[among[0].family.name]
    if is_new:
        return None
    if among and among[0] is not matches[0] and heard.topic_words > SHORT_PICK:
        return None  # a long answer that points elsewhere is a question of its own
    total = sum(match.belief for match in among)
    if not among or total <= 0 or among[0].belief / total < sure:
        return None
    return names[among[0].family.name]


def likeliest(shelf: Shelf, offered: Sequence[str], asked: str) -> str | None:
    """The one of the offered that was believed well although others were offered too.

    Where a province's record and the central one share the belief, it is the central one: no place
    was named.
    """
    matches = shelf.ranked(asked)
    if not offered or not matches:
        return None
    alike = namesakes(shelf, matches)
    if sum(match.belief for match in alike) < LIKELY:
        return None
    local = shelf.index.traits.is_local
    meant = min(alike, key=lambda match: bool(local[shelf.family_of(match)]))
    families = {shelf.family(slug): slug for slug in reversed(offered[: len(alike)])}
    return families.get(shelf.family_of(meant))
