"""Rules that lean the learned ranking where no figure of it can know better, each with its reason.

They add to a candidate's score, in the same measure as the features' contributions, and are told by
`--explain`. A citizen who does not say otherwise is Vietnamese; numbers outside of the range that a
procedure sets rule it out, as leaving rules out arriving, a household business a company and a birth
all that a death leads to; and who tells of a death or of an old age, and asks for nothing else,
means what everybody then needs.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nlp.aspects import ACTS, EVENTS, PENSION_AGE, SPECIALS, Aspect
from nlp.bounds import admits
from nlp.normalize import fold, normalize
from nlp.postings import Floats, Ints
from nlp.query import Query
from nlp.tables import rows

if TYPE_CHECKING:
    from nlp.retrieval import Index

FOREIGN_UNSAID = -1.0
OUT_OF_RANGE = -2.0
OPPOSITE = -1.5
USUAL = 4.0  # at the most, to come LEAD before the others
LEAD = 1.0
_FOREIGN = frozenset({Aspect(SPECIALS, "foreign"), Aspect(SPECIALS, "abroad")})
_OPPOSITES = tuple(
    (Aspect(ACTS, one), Aspect(ACTS, other))
    for pair in (("depart", "arrive"), ("import", "export"))
    for one, other in (pair, pair[::-1])
)
# Legal forms of a trade, by their folded words: what is of one is not of the others.
_FORMS = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in ("ho kinh doanh|ho ca the", "doanh nghiep|cong ty", "hop tac xa|to hop tac")
)
_BIRTH = Aspect(EVENTS, "birth")
_OF_DEATH = re.compile(r"\b(?:khai tu|mai tang|tu tuat)\b")
_TELLS_DEATH = re.compile(r"\b(?:mat|chet|qua doi|tu vong|khai tu|mai tang|tu tuat)\b")
_OF_FOREIGNERS = ("yeu to nuoc ngoai", "nguoi nuoc ngoai")
_OF_VIETNAMESE = ("cong dan viet nam", "nguoi viet nam", "goc viet nam", "ho gia dinh")
_ASKS_NO_MORE = frozenset(  # beside what is told
    {
        Aspect(SPECIALS, "old"),
        *(Aspect(ACTS, act) for act in ("notify", "declare", "new", "confirm")),
    }
)
_SUPPORT = Aspect(ACTS, "support")
_USUAL = {told: fold(normalize(name)) for told, name in rows("usual.tsv", 2)}


def leanings(index: "Index", query: Query, families: Ints, scores: Floats) -> Floats:
    """What the rules add to these scores of the families.

    What contradicts the question counts in full. The other rules put in order but make nobody sure:
    they move a candidate no farther than LEAD before or behind the best that they do not move.
    """
    names = [index.traits.names[family] for family in families.tolist()]
    added = np.zeros(len(families), dtype=np.float32)
    if query.amounts:
        added += OUT_OF_RANGE * np.array([not admits(name, query.amounts) for name in names])
    for said, other in _OPPOSITES:
        if said in query.aspects.said and other not in query.aspects.said:
            own = [index.traits.aspects[family] for family in families.tolist()]
            added += OPPOSITE * np.array([other in a and said not in a for a in own])
    if len(said_forms := _forms(" ".join(query.words))) == 1:
        forms = [_forms(name) for name in names]
        added += OPPOSITE * np.array([bool(own) and not own & said_forms for own in forms])
    if _BIRTH in query.aspects.said and not _TELLS_DEATH.search(" ".join(query.words)):
        added += OPPOSITE * np.array([bool(_OF_DEATH.search(name)) for name in names])
    if not _FOREIGN & query.aspects.said:
        is_foreign = np.array([_is_of_foreigners(name) for name in names])
        best = (scores + added)[~is_foreign].max(initial=-np.inf)
        added += is_foreign * np.clip(best - LEAD - scores - added, FOREIGN_UNSAID, 0)
    if usual := _usual(query):
        is_usual = np.array([name == usual for name in names])
        best = (scores + added)[~is_usual].max(initial=-np.inf)
        added += is_usual * np.clip(best + LEAD - scores - added, 0, USUAL)
    return np.asarray(added, dtype=np.float32)


@lru_cache(maxsize=8192)
def _forms(folded: str) -> frozenset[int]:
    """Which legal forms a folded text names."""
    return frozenset(n for n, form in enumerate(_FORMS) if form.search(folded))


@lru_cache(maxsize=8192)
def _is_of_foreigners(name: str) -> bool:
    """Whether a procedure is for foreigners alone, by its folded name."""
    return any(w in name for w in _OF_FOREIGNERS) and not any(w in name for w in _OF_VIETNAMESE)


def _usual(query: Query) -> str | None:
    """The name of the procedure that an event or an age leads to when nothing but it is told."""
    said = query.aspects.said
    told = next((a for a in said if a.kind == EVENTS), PENSION_AGE if PENSION_AGE in said else None)
    if told is None:
        return None
    free = _ASKS_NO_MORE | {_SUPPORT} if told == PENSION_AGE else _ASKS_NO_MORE
    more = {aspect for aspect in said if aspect.kind in (ACTS, SPECIALS)} - free
    return None if more else _USUAL.get(told.value)
