"""The life of one citizen message, as one list of steps."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import phrases, reception
from bot.conversations import Memory
from bot.dialogue import respond
from bot.differences import choice_labels, splitting_kind
from bot.dossier_desk import Desk, utc_now
from bot.dossiers import DossierState, Say, step
from bot.hearing import Hearing
from bot.messages import Bubble, Candidate, Choice, Message, Named, Outcome, Reply
from bot.private_chat import fit_for_groups
from bot.reopening import reopened
from bot.shelf import Shelf
from bot.sides import written
from bot.states import PAGE, Move, Offer, Show, Start, State, Tell, Viewing
from bot.wording import DOSSIER_PAGE, say
from knowledge.catalogue import Listing
from nlp.aspects import Aspect
from nlp.intents import Facet
from nlp.understanding import Understanding

CANDIDATES = 10
UNHEARD = 0.02  # belief in a choice that the last message did not name
CASE_LENGTH = 80
FOLLOW_UPS = (Facet.DOCUMENTS, Facet.TIME_LIMIT, Facet.FEE, Facet.WHERE, Facet.HOW, Facet.ONLINE)
BEREAVEMENT = Aspect("event", "bereavement")
OUTCOMES = {
    "off_topic": Outcome.DECLINED,
    "dossier_look_up": Outcome.DOSSIER,
    "dossier_code_given": Outcome.DOSSIER,
    "no_match": Outcome.NO_MATCH,
    "court": Outcome.NO_MATCH,
    "unknown_code": Outcome.NO_MATCH,
    "broken_code": Outcome.NO_MATCH,
    "internal_code": Outcome.DECLINED,
    "withdrawn": Outcome.NO_MATCH,
    "say_more": Outcome.CLARIFY,
    "which_procedure": Outcome.CLARIFY,
    "choose_by_number": Outcome.CLARIFY,
    "no_more": Outcome.CLARIFY,
}


class Assistant:
    """Answers messages. `shelf` is asked anew for each, so a publication is live at once."""

    def __init__(
        self, shelf: Callable[[], Shelf], conversations: Memory, desk: Desk | None = None
    ) -> None:
        self._shelf = shelf
        self._desk = desk
        self._now = desk.now if desk else utc_now
        self._web_page = desk.web_page if desk else None
        self._conversations = conversations
        self._hear = Hearing()

    def reply(self, message: Message, memory: Memory | None = None) -> Reply:
        """What the bot says to the message; the new state and the masked turn are stored.

        `memory` is `Conversations.within` a transaction of the caller, if the caller has one.
        """
        started = time.perf_counter()
        memory = memory or self._conversations
        if early := reception.early_reply(message, memory, self._web_page):
            return early
        message = reception.in_words(message)
        shelf = self._shelf()
        state = memory.load(message.conversation_id, shelf)
        heard = self._hear(message.text, shelf.index)
        state, reply = self._answer(message, state, heard, shelf, memory)
        elapsed = (time.perf_counter() - started) * 1000
        memory.keep(reception.without_proof(message, heard), state, heard, reply, elapsed)
        return fit_for_groups(message, reply, self._web_page)

    def _answer(
        self, message: Message, state: State, heard: Understanding, shelf: Shelf, memory: Memory
    ) -> tuple[State, Reply]:
        """About a dossier the desk answers, about anything else the shelf."""
        if former := reopened(message.text, heard.facet, shelf):
            return state, former
        about = step(state, heard) if self._desk else None
        if about is None:
            state, move = _besides(state, heard, shelf)
            if self._desk is None or move != Tell("dossier_look_up"):
                return state, render(state, move, heard, shelf, self._now())
            about = None, Say("dossier_ask_code")
        assert self._desk is not None
        following, reply = self._desk.carry_out(about[1], message, shelf, memory.session)
        if not (heard.dossier.proof or heard.dossier.is_insurance):
            reply = _with_remarks(reply, heard)
        return following or about[0] or Start(), replace(
            reply, candidates=_ranking(reply, heard, shelf)
        )


def _besides(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move]:
    """What is said beside dossiers; one that is on the table stays there through a thank-you."""
    if not isinstance(state, DossierState):
        return _respond(state, heard, shelf)
    following, move = _respond(Start(), heard, shelf)
    stays = following == Start() and move != Tell("restarted")
    return (state if stays else following), move


def _respond(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move]:
    if not heard.query.words:
        return state, Tell("empty")
    return respond(state, heard, shelf)


def render(state: State, move: Move, heard: Understanding, shelf: Shelf, now: datetime) -> Reply:
    """The move in words, with what outsiders want to know of it."""
    match move:
        case Show():
            reply = _shown(state, move, shelf, now)
        case Offer():
            reply = _offered(move, heard, shelf)
        case Tell():
            reply = _told(move, shelf)
    ranking = _ranking(reply, heard, shelf)
    facet = reply.facet or (heard.facet.value if heard.facet else None)
    return replace(_with_remarks(reply, heard), candidates=ranking, facet=facet)


def _shown(state: State, move: Show, shelf: Shelf, now: datetime) -> Reply:
    bubbles: list[Bubble] = []
    for slug, facet in ((move.slug, move.facet), *move.also):
        bubbles += [Bubble(page) for page in written(move, slug, facet, shelf, now)]
    cases = state.cases if isinstance(state, Viewing) and move.case is None else ()
    code = shelf.listing(move.slug).code
    choices = _case_choices(cases, code) or _facet_choices(move.facet, code)
    bubbles[-1] = replace(bubbles[-1], choices=choices)
    named = [_named(shelf.listing(slug)) for slug, _ in ((move.slug, move.facet), *move.also)]
    return Reply(
        Outcome.ANSWER, tuple(bubbles), move.facet.value, procedure=named[0], also=tuple(named[1:])
    )


def _offered(move: Offer, heard: Understanding, shelf: Shelf) -> Reply:
    listings = [shelf.listing(slug) for slug in move.slugs]
    first = move.page * PAGE
    labels = choice_labels(listings, with_province=True)
    choices = [
        Choice(f"{number}. {label}", str(number), later=listing.code)
        for number, (label, listing) in enumerate(zip(labels, listings, strict=True), start=1)
        if first < number <= first + PAGE
    ]
    if len(listings) > first + PAGE:
        choices.append(Choice(say("more_button"), "xem thêm"))
    question = _question(listings[first : first + PAGE], heard, shelf)
    return Reply(
        Outcome.CLARIFY,
        (Bubble(f"{question}\n{say('clarify_hint')}", tuple(choices)),),
        offered=tuple(listing.code for listing in listings),
    )


def _question(listings: list[Listing], heard: Understanding, shelf: Shelf) -> str:
    """What to ask: the respect that tells these apart best, or simply which of them."""
    believed = {c.listing.slug: c.score for c in shelf.candidates(heard, len(heard.matches))}
    kind = splitting_kind(listings, [believed.get(one.slug, 0.0) + UNHEARD for one in listings])
    return say(f"clarify_{kind}" if kind else "clarify")


def _told(move: Tell, shelf: Shelf) -> Reply:
    if move.name == "withdrawn":
        return _withdrawn(move.code, shelf)
    text = say(move.name, code=move.code, link=DOSSIER_PAGE, last=move.last)
    return Reply(OUTCOMES.get(move.name, Outcome.SMALL_TALK), (Bubble(text),))


def _withdrawn(code: str, shelf: Shelf) -> Reply:
    gone = shelf.catalogue.withdrawn(code)
    if gone is None:
        return Reply(Outcome.NO_MATCH, (Bubble(say("unknown_code", code=code)),))
    name = phrases.display_name(gone.name)
    first = (
        say("withdrawn_on", code=code, name=name, day=f"{gone.on:%d/%m/%Y}")
        if gone.on
        else say("withdrawn", code=code, name=name)
    )
    successors = shelf.by_code(gone.successor_code) if gone.successor_code else ()
    if not successors:
        text = f"{first}\n{say('withdrawn_no_successor')}"
        return Reply(Outcome.NO_MATCH, (Bubble(text),))
    listing = shelf.listing(successors[0])
    label = f"{phrases.shorten(phrases.display_name(listing.name), 90)} ({listing.code})"
    choice = Choice(label, listing.code)
    return Reply(Outcome.CLARIFY, (Bubble(f"{first}\n{say('withdrawn_successor')}", (choice,)),))


def _case_choices(cases: tuple[str, ...], code: str) -> tuple[Choice, ...]:
    later = f"{say('facet_documents').lower()} {code}"
    return tuple(
        Choice(f"{number}. {phrases.shorten(case, CASE_LENGTH)}", str(number), later)
        for number, case in enumerate(cases[: PAGE + 3], start=1)
    )


def _facet_choices(shown: Facet, code: str) -> tuple[Choice, ...]:
    labels = [say(f"facet_{facet.value}") for facet in FOLLOW_UPS if facet is not shown]
    return tuple(Choice(label, label.lower(), f"{label.lower()} {code}") for label in labels)


def _named(listing: Listing) -> Named:
    return Named(listing.code, listing.name, listing.deep_link)


def _ranking(reply: Reply, heard: Understanding, shelf: Shelf) -> tuple[Candidate, ...]:
    """The full ranking; a procedure that is shown for another reason stands before it."""
    ranked = [
        Candidate(c.listing.code, c.listing.name, round(c.score, 4))
        for c in shelf.candidates(heard, CANDIDATES)
    ]
    if reply.procedure and (not ranked or reply.procedure.code != ranked[0].code):
        shown = Candidate(reply.procedure.code, reply.procedure.name, 1.0)
        ranked = [shown, *(c for c in ranked if c.code != shown.code)]
    return tuple(ranked[:CANDIDATES])


def _with_remarks(reply: Reply, heard: Understanding) -> Reply:
    """A word about a number that should not have been sent, or a message that was too long."""
    remarks = [say("too_long")] if heard.is_cut else []
    if heard.has_personal_number:
        remarks.append(say("personal_number"))
    if BEREAVEMENT in heard.query.aspects.said and reply.outcome in (
        Outcome.ANSWER,
        Outcome.CLARIFY,
    ):
        remarks.append(say("condolence"))
    if not remarks:
        return reply
    return replace(reply, bubbles=(Bubble("\n".join(remarks).strip()), *reply.bubbles)[:3])
