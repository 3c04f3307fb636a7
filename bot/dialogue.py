"""The whole conversation on one page: states as types, one pure `respond`, no input or output.

A state holds exactly what is valid in it. What to say is decided here; how a fact is worded stands
in `answers`, how a list is worded in `differences`.
"""

from dataclasses import dataclass, replace

from bot.dossiers import DossierState
from bot.due_days import asks_day
from bot.shelf import Shelf
from nlp.confidence import OFFER_BELIEF, Verdict
from nlp.intents import Facet, Intent
from nlp.picks import LAST
from nlp.understanding import Understanding

PAGE = 5
MOST_QUESTIONS = 2  # asked back about one wish
LEAST_DETAIL = 2  # topic words with which a question may lead to another procedure
REMEMBERED = 5  # procedures shown earlier


@dataclass(frozen=True)
class Start:
    """Nothing has been said that matters for the next message."""


@dataclass(frozen=True)
class Choosing:
    """The bot offered procedures and waits for a pick; the facet is answered right after it."""

    offered: tuple[str, ...]
    asked: str  # the masked question, so that a detail can be added to it
    facet: Facet | None = None
    page: int = 0
    times: int = 1  # how often was asked since the citizen's own question
    seen: tuple[str, ...] = ()  # procedures shown earlier, the latest first


@dataclass(frozen=True)
class Viewing:
    """One procedure is on the table; a question without a topic is about it."""

    slug: str
    facet: Facet
    cases: tuple[str, ...] = ()  # offered cases, when the papers differ
    before: tuple[str, ...] = ()  # what "quay lại" returns to: the list it was picked from
    asked: str = ""  # the question that led here, so that it can be corrected
    seen: tuple[str, ...] = ()  # procedures shown earlier, the latest first


State = Start | Choosing | Viewing | DossierState


@dataclass(frozen=True)
class Show:
    """Show a facet of a procedure, for one case if named, and further procedures after it."""

    slug: str
    facet: Facet
    case: str | None = None
    also: tuple[tuple[str, Facet], ...] = ()
    is_follow_up: bool = False
    day_asked: str = ""  # the words that ask for the day of the result, not for how long it takes


@dataclass(frozen=True)
class Offer:
    """Ask which of these is meant."""

    slugs: tuple[str, ...]
    page: int = 0


@dataclass(frozen=True)
class Tell:
    """Say a fixed sentence; `name` is in wording.toml."""

    name: str
    code: str = ""
    last: int = PAGE  # the last number that can be picked


Move = Show | Offer | Tell

_SMALL_TALK = {
    Intent.DISTRESS: "distress",
    Intent.FEEDBACK: "feedback",
    Intent.GREETING: "greeting",
    Intent.THANKS: "thanks",
    Intent.GOODBYE: "goodbye",
    Intent.WHO_ARE_YOU: "who_are_you",
    Intent.HELP: "help",
    Intent.PERSON: "person",
    Intent.ABUSE: "abuse",
    Intent.YES: "acknowledged",
}


# These are found only where they are the whole message: no procedure can be named beside them.
_WHOLE_MESSAGE = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.YES, Intent.NONE_OF_THESE}


def respond(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move]:
    """The next state and what to do. Pure: the same state and words give the same move."""
    day_asked = _day_asked(state, heard)
    if day_asked:
        heard = replace(heard, facet=Facet.TIME_LIMIT)
    for step in (
        _codes,
        _moves,
        _picks,
        _return,
        _details,
        _follow_up,
        _small_talk,
        _correction,
        _question,
    ):
        if (answer := step(state, heard, shelf)) is not None:
            return answer[0], _with_day(answer[1], day_asked)
    return state, Tell("no_match")


Step = tuple[State, Move] | None


def _day_asked(state: State, heard: Understanding) -> str:
    """The words that ask for the day of the result: "nếu nộp hôm nay thì khi nào có?"."""
    if heard.intent is not Intent.STATUS and asks_day(heard.text, heard.facet):
        return heard.text
    if isinstance(state, Choosing) and heard.pick is not None and heard.facet is None:
        return state.asked if asks_day(state.asked, state.facet) else ""
    return ""


def _with_day(move: Move, day_asked: str) -> Move:
    if isinstance(move, Show) and move.facet is Facet.TIME_LIMIT:
        return replace(move, day_asked=day_asked)
    return move


def _codes(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A code is the plainest question there is."""
    if heard.codes.dossiers:
        return state, Tell("dossier_code_given")
    for code in heard.codes.procedures:
        slugs = shelf.by_code(code)
        if len(slugs) == 1:
            return _show(
                slugs[0],
                heard.facet if heard.facet is not Facet.HOW or heard.is_plain_facet else None,
                shelf,
                state,
            )
        if slugs:
            return _offer(slugs, heard)
        return Start(), Tell(shelf.absence(code), code)
    if heard.codes.broken:
        return state, Tell("broken_code", heard.codes.broken)
    return None


def _moves(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """Back, restart, more, none of these."""
    match state, heard.intent:
        case _, Intent.RESTART:
            return Start(), Tell("restarted")
        case Viewing(before=tuple() as before, asked=asked), Intent.BACK if before:
            return Choosing(before, asked), Offer(before)
        case Viewing(seen=(last, *_)), Intent.BACK:
            return _show(last, None, shelf, state)
        case Choosing(), Intent.BACK:
            return replace(state, page=0), Offer(state.offered)
        case _, Intent.BACK:
            return Start(), Tell("nothing_before")
        case Choosing(), Intent.MORE:
            return _next_page(state)
        case Viewing(), Intent.MORE:
            return state, Show(state.slug, Facet.OVERVIEW, is_follow_up=True)
        case Choosing(), Intent.NONE_OF_THESE:
            return replace(state, times=state.times + 1), Tell("say_more")
        case Choosing(offered=(first, *_)), Intent.YES:
            return _show(first, state.facet, shelf, state)
    return None


def _picks(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A number picks from the list that is on the table."""
    if heard.pick is None:
        return None
    match state:
        case Choosing():
            number = len(state.offered) if heard.pick == LAST else heard.pick
            if 1 <= number <= len(state.offered):
                facet = heard.facet or state.facet
                return _show(state.offered[number - 1], facet, shelf, state)
            return state, Tell("choose_by_number", last=len(state.offered))
        case Viewing(cases=cases) if cases:
            number = len(cases) if heard.pick == LAST else heard.pick
            if 1 <= number <= len(cases):
                return state, Show(
                    state.slug, Facet.DOCUMENTS, cases[number - 1], is_follow_up=True
                )
            return state, Tell("choose_by_number", last=len(cases))
    return None


def _return(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """Back to a procedure that was shown earlier: "quay lại vụ khai tử"."""
    if not isinstance(state, Choosing | Viewing) or not state.seen or not heard.looks_back:
        return None
    slug = shelf.pick_by_words(state.seen, "", heard, sure=0.0) or state.seen[0]
    return _show(slug, heard.facet, shelf, state)


def _details(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A detail added to the question that was asked back about, or the name of a choice."""
    if not isinstance(state, Choosing) or heard.intent in _SMALL_TALK:
        return None
    if heard.facet and not heard.topic_words:
        # Only a facet: of what was on the table before the list, else of whatever is picked next.
        if state.seen:
            return _show(state.seen[0], heard.facet, shelf, state)
        return replace(state, facet=heard.facet), Offer(state.offered)
    if chosen := shelf.pick_by_words(state.offered, state.asked, heard):
        return _show(chosen, heard.facet or state.facet, shelf, state)
    return None


def _follow_up(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A facet without a topic of its own is about the procedure on the table, or one beside it."""
    if not isinstance(state, Viewing) or heard.facet is None:
        return None
    if heard.intent not in (None, Intent.THANKS):
        return None
    if heard.topic_words >= LEAST_DETAIL and (moved := _correction(state, heard, shelf)):
        return moved
    if not shelf.is_about(state.slug, heard):
        return None
    shown = replace(state, facet=heard.facet, cases=shelf.cases(state.slug, heard.facet))
    return shown, Show(state.slug, heard.facet, is_follow_up=True)


def _small_talk(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """Greetings and the like. A message that clearly names a procedure is a question all the same."""
    if heard.intent is None or (
        heard.intent not in _WHOLE_MESSAGE and shelf.names_procedure(heard)
    ):
        return None
    if heard.intent is Intent.STATUS:
        return state, Tell("dossier_look_up")
    if heard.intent is Intent.OFF_TOPIC:
        return state, Tell("off_topic")
    if heard.intent is Intent.NONE_OF_THESE:
        return state, Tell("say_more")
    if heard.intent in _SMALL_TALK:
        return state, Tell(_SMALL_TALK[heard.intent])
    return None


def _correction(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A detail that changes the last question: "bị mất chứ không phải hết hạn"."""
    if not isinstance(state, Viewing) or not state.asked or heard.intent is not None:
        return None
    slug = shelf.corrected(state.slug, state.asked, heard)
    return None if slug is None else _show(slug, heard.facet or state.facet, shelf, state)


def _question(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A question of its own: show, ask back, or say that nothing fits."""
    facet = heard.facet
    if len(heard.wishes) > 1:
        shown = [
            (shelf.listed(wish.matches[0], heard), wish.facet or facet) for wish in heard.wishes[1:]
        ]
        first, *others = [(slug, wished or Facet.OVERVIEW) for slug, wished in shown]
        seen = tuple(slug for slug, _ in others)
        return Viewing(*first, seen=seen), Show(*first, also=tuple(others))
    if isinstance(state, Choosing) and heard.verdict is not Verdict.SHOW and heard.topic_words:
        # A detail after a question back: both are read as one, and asked about at most once more.
        both = shelf.together(state.asked, heard)
        if both.verdict is Verdict.SHOW or (
            both.verdict is Verdict.ASK and state.times < MOST_QUESTIONS
        ):
            heard = replace(heard, text=f"{state.asked} {heard.text}", wishes=(both,))
    if not heard.matches or heard.verdict is Verdict.NONE:
        if facet and not heard.topic_words:
            return state, Tell("which_procedure")
        return state, Tell("no_match")
    offered = shelf.offered(heard, least=OFFER_BELIEF)
    if heard.verdict is Verdict.SHOW:
        return _show(offered[0], facet, shelf, state, asked=heard.text)
    return _offer(offered, heard, state)


def _show(
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


def _offer(
    slugs: tuple[str, ...], heard: Understanding, before: State | None = None
) -> tuple[State, Move]:
    seen: tuple[str, ...] = ()
    if isinstance(before, Viewing):
        seen = tuple(dict.fromkeys((before.slug, *before.seen)))[:REMEMBERED]
    times = before.times + 1 if isinstance(before, Choosing) else 1
    return Choosing(slugs, heard.text, heard.facet, times=times, seen=seen), Offer(slugs)


def _next_page(state: Choosing) -> tuple[State, Move]:
    page = state.page + 1
    if page * PAGE >= len(state.offered):
        return state, Tell("no_more")
    return replace(state, page=page), Offer(state.offered, page)
