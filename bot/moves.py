"""How a move is put together: what comes on the table, what can be returned to, what is shown beside.

Which move it is was decided in `dialogue`.
"""

from dataclasses import replace

from bot.due_days import asks_day
from bot.shelf import Shelf
from bot.states import PAGE, Choosing, Move, Offer, Show, State, Tell, Viewing
from nlp.intents import Facet, Intent
from nlp.understanding import Understanding

MOST_QUESTIONS = 2  # asked back about one wish
REMEMBERED = 5  # procedures shown earlier
# Sides that are shown beside another one that was asked for in the same breath.
_SHORT = (Facet.TIME_LIMIT, Facet.FEE, Facet.WHERE, Facet.DOCUMENTS, Facet.FORM)


def show(
    slug: str, facet: Facet | None, shelf: Shelf, before: State | None = None, *, asked: str = ""
) -> tuple[State, Move]:
    """Put a procedure on the table; what was there before can be returned to."""
    facet = facet or Facet.OVERVIEW
    listed = before.offered if isinstance(before, Choosing) else ()
    asked = asked or (before.asked if isinstance(before, Choosing | Viewing) else "")
    seen: tuple[str, ...] = ()
    if isinstance(before, Viewing):
        seen = tuple(dict.fromkeys((before.slug, *before.seen)))[:REMEMBERED]
    elif isinstance(before, Choosing):
        seen = before.seen
    cases = shelf.cases(slug, facet)
    return Viewing(slug, facet, cases, listed, asked, tuple(s for s in seen if s != slug)), Show(
        slug, facet
    )


def offer(
    slugs: tuple[str, ...], heard: Understanding, before: State | None = None
) -> tuple[State, Move]:
    seen: tuple[str, ...] = ()
    if isinstance(before, Viewing):
        seen = tuple(dict.fromkeys((before.slug, *before.seen)))[:REMEMBERED]
    is_same_wish = isinstance(before, Choosing) and slugs[0] in before.offered
    times = before.times + 1 if isinstance(before, Choosing) and is_same_wish else 1
    return Choosing(slugs, heard.text, heard.facet, times=times, seen=seen), Offer(slugs)


def next_page(state: Choosing) -> tuple[State, Move]:
    page = state.page + 1
    if page * PAGE >= len(state.offered):
        return state, Tell("no_more")
    return replace(state, page=page), Offer(state.offered, page)


def compared(state: State) -> tuple[State, Move] | None:
    """The choices once more: beside each stands what sets it apart."""
    match state:
        case Choosing():
            return state, Offer(state.offered, state.page)
        case Viewing(before=tuple() as before, asked=asked) if before:
            return Choosing(before, asked, times=MOST_QUESTIONS), Offer(before)
    return None


def day_asked(state: State, heard: Understanding) -> str:
    """The words that ask for the day of the result: "nếu nộp hôm nay thì khi nào có?"."""
    if heard.intent is not Intent.STATUS and asks_day(heard.text, heard.facet):
        return heard.text
    if isinstance(state, Choosing) and heard.pick is not None and heard.facet is None:
        return state.asked if asks_day(state.asked, state.facet) else ""
    return ""


def with_day(move: Move, day_asked: str) -> Move:
    if isinstance(move, Show) and move.facet is Facet.TIME_LIMIT:
        return replace(move, day_asked=day_asked)
    return move


def with_second(move: Move, heard: Understanding) -> Move:
    """What else was asked for in the same breath: a second side, or who must come."""
    if not isinstance(move, Show) or move.also or move.facet not in heard.facets[:1]:
        return move
    second = next((facet for facet in heard.facets[1:] if facet in _SHORT), None)
    asks_presence = move.facet is Facet.CONDITIONS and heard.asks_presence
    return replace(move, second=second, asks_presence=asks_presence)
