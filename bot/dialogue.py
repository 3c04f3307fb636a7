"""The whole conversation on one page: one pure `respond`, no input or output.

A state holds exactly what is valid in it (`states`). What to say is decided here; what a message
means beside the one before it stands in `context`, how a fact is worded in `answers`.
"""

from dataclasses import replace

from bot import context
from bot.carrying import carried
from bot.moves import (
    MOST_QUESTIONS,
    compared,
    day_asked,
    next_page,
    offer,
    show,
    with_day,
    with_second,
)
from bot.shelf import Shelf
from bot.small_talk import court, small_talk
from bot.states import Choosing, Move, Offer, Show, Start, State, Tell, Viewing
from bot.weighing import joined, together
from nlp.confidence import OFFER_BELIEF, Verdict
from nlp.intents import Facet, Intent
from nlp.picks import LAST
from nlp.understanding import Understanding

LEAST_DETAIL = 2  # topic words with which a question may lead to another procedure


def respond(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move]:
    """The next state and what to do. Pure: the same state and words give the same move."""
    words = day_asked(state, heard)
    if words:
        heard = replace(heard, facet=Facet.TIME_LIMIT)
    for step in (
        _codes,
        _moves,
        court,
        _compare,
        _picks,
        _return,
        _details,
        _follow_up,
        small_talk,
        _correction,
        _question,
    ):
        if (answer := step(state, heard, shelf)) is not None:
            return answer[0], with_second(with_day(answer[1], words), heard)
    return state, Tell("no_match")


Step = tuple[State, Move] | None


def _codes(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A code is the plainest question there is."""
    if heard.codes.dossiers:
        return state, Tell("dossier_code_given")
    for code in heard.codes.procedures:
        slugs = shelf.by_code(code)
        if len(slugs) == 1:
            return show(
                slugs[0],
                heard.facet if heard.facet is not Facet.HOW or heard.is_plain_facet else None,
                shelf,
                state,
                asked=shelf.listing(slugs[0]).name,
            )
        if slugs:
            return offer(slugs, heard)
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
            return show(last, None, shelf, state, asked=shelf.listing(last).name)
        case Choosing(), Intent.BACK:
            return replace(state, page=0), Offer(state.offered)
        case _, Intent.BACK:
            return Start(), Tell("nothing_before")
        case Choosing(), Intent.MORE:
            return next_page(state)
        case Viewing(), Intent.MORE:
            return state, Show(state.slug, Facet.OVERVIEW, is_follow_up=True)
        case Choosing(), Intent.NONE_OF_THESE:
            return replace(state, times=state.times + 1), Tell("say_more")
        case Viewing(slug=slug, before=before, asked=asked), Intent.NONE_OF_THESE if before:
            others = tuple(other for other in before if other != slug)
            if others:
                return Choosing(others, asked, times=MOST_QUESTIONS), Offer(others)
        case Start(), Intent.NONE_OF_THESE:
            return state, Tell("acknowledged")
        case Choosing(offered=(first, *_)), Intent.YES:
            return show(first, state.facet, shelf, state)
    return None


def _compare(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """How the choices differ stands beside each of them."""
    return compared(state) if heard.compares else None


def _picks(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A number picks from the list that is on the table."""
    if heard.pick is None:
        return None
    match state:
        case Choosing():
            number = len(state.offered) if heard.pick == LAST else heard.pick
            if 1 <= number <= len(state.offered):
                facet = heard.facet or state.facet
                return show(state.offered[number - 1], facet, shelf, state)
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
    slug = context.pick_by_words(shelf, state.seen, "", heard, sure=0.0) or state.seen[0]
    return show(slug, heard.facet, shelf, state, asked=shelf.listing(slug).name)


def _details(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A detail added to the question that was asked back about, or the name of a choice."""
    if not isinstance(state, Choosing) or heard.intent is not None:
        return None
    if heard.facet and not heard.topic_words:
        return _bare_facet(state, heard.facet, shelf)
    if chosen := context.pick_by_words(shelf, state.offered, state.asked, heard):
        asked = joined(state.asked, heard)
        return show(chosen, heard.facet or state.facet, shelf, state, asked=asked)
    if heard.facet and heard.is_plain_facet and heard.verdict is Verdict.NONE:
        return _bare_facet(state, heard.facet, shelf)
    return None


def _bare_facet(state: Choosing, facet: Facet, shelf: Shelf) -> tuple[State, Move]:
    """Only a facet, where a pick was awaited.

    It is meant of what was on the table before the list, else of the first choice if that was
    likely anyhow, else of whatever is picked next.
    """
    if state.seen:
        return show(state.seen[0], facet, shelf, state)
    if likely := context.likeliest(shelf, state.offered, state.asked):
        return show(likely, facet, shelf, state)
    return replace(state, facet=facet), Offer(state.offered)


def _follow_up(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A facet without a topic of its own is about the procedure on the table, or one beside it."""
    if not isinstance(state, Viewing) or heard.facet is None:
        return None
    if heard.intent not in (None, Intent.THANKS):
        return None
    tells_much = heard.topic_words >= LEAST_DETAIL or context.tells_an_act(heard)
    if tells_much and (moved := _correction(state, heard, shelf)):
        return moved
    if not context.is_about(shelf, state.slug, state.asked, heard):
        return None
    shown = replace(state, facet=heard.facet, cases=shelf.cases(state.slug, heard.facet))
    return shown, Show(state.slug, heard.facet, is_follow_up=True)


def _correction(state: State, heard: Understanding, shelf: Shelf) -> Step:
    """A detail that changes the last question: "bị mất chứ không phải hết hạn"."""
    if not isinstance(state, Viewing) or not state.asked or heard.intent is not None:
        return None
    slug = context.corrected(shelf, state.slug, state.asked, heard)
    if slug is None:
        others = context.siblings(shelf, state.slug, state.asked, heard)
        return offer(others, heard, state) if others else None
    asked = heard.text if context.names(shelf, slug, heard) else joined(state.asked, heard)
    side = state.facet if context.keeps_side(heard) else None
    return show(slug, heard.facet or side, shelf, state, asked=asked)


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
    if (
        isinstance(state, Viewing)
        and heard.verdict is not Verdict.SHOW
        and context.goes_on(shelf, state.slug, state.asked, heard)
    ):
        return state, Show(state.slug, state.facet, is_follow_up=True)
    if isinstance(state, Choosing) and heard.verdict is not Verdict.SHOW and heard.topic_words:
        # A detail after a question back: both are read as one, and asked about at most once more.
        both = together(shelf, state.asked, heard)
        if both.verdict is Verdict.SHOW or (
            both.verdict is Verdict.ASK and state.times < MOST_QUESTIONS
        ):
            heard = replace(heard, text=joined(state.asked, heard), wishes=(both,))
    elif isinstance(state, Viewing) and heard.verdict is not Verdict.NONE:
        clear = carried(shelf, state.slug, heard)
        heard = replace(heard, wishes=(clear,)) if clear else heard
    if not heard.matches or heard.verdict is Verdict.NONE:
        if facet and not heard.topic_words:
            return state, Tell("which_procedure")
        return state, Tell("no_match")
    offered = shelf.offered(heard, least=OFFER_BELIEF)
    # Asked back twice about one wish is enough: the best is shown, and the list can be returned to.
    was_asked = state.offered if isinstance(state, Choosing) else ()
    is_enough = isinstance(state, Choosing) and state.times >= MOST_QUESTIONS
    if heard.verdict is Verdict.SHOW or (is_enough and offered[0] in was_asked):
        return show(offered[0], facet, shelf, state, asked=heard.text)
    return offer(offered, heard, state)
