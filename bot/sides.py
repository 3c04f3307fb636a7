"""The text of what is to be shown: one side of a procedure, or two that were asked for together."""

from datetime import datetime

from bot import answers, quotes
from bot.due_days import due_answer
from bot.shelf import Shelf
from bot.states import Show
from knowledge.records.procedure import Revision
from nlp.intents import Facet


def written(move: Show, slug: str, facet: Facet, shelf: Shelf, now: datetime) -> tuple[str, ...]:
    """The answer as messages, from memory if it was asked for lately; one about days is made anew."""

    def anew() -> tuple[str, ...]:
        revision = shelf.revision(slug)
        return tuple(answers.pages(text_of(move, facet, revision, now), revision, shows_name=True))

    if move.day_asked:
        return anew()
    asked = (slug, facet, move.second, move.case, move.asks_presence)
    return shelf.answers.made(shelf, asked, anew)


def text_of(move: Show, facet: Facet, revision: Revision, now: datetime) -> answers.Text:
    """What the revision says of the facet, and of the second one if there is one."""
    text = _side(move, facet, revision, now)
    if move.second is None:
        return text
    second = _side(move, move.second, revision, now)
    # The papers fill a page or two, so the short fact stands before them.
    first, then = (second, text) if facet is Facet.DOCUMENTS else (text, second)
    return answers.Text(first.first, (*first.rest, "", then.first, *then.rest))


def _side(move: Show, facet: Facet, revision: Revision, now: datetime) -> answers.Text:
    if facet is Facet.DOCUMENTS:
        return answers.documents(revision, move.case)
    if facet is Facet.TIME_LIMIT and move.day_asked:
        return due_answer(revision, move.day_asked, now)
    if facet is Facet.WHERE:
        return quotes.with_handing_in(answers.where(revision), revision)
    if facet is Facet.CONDITIONS and move.asks_presence and (quoted := quotes.presence(revision)):
        return quoted
    return answers.ANSWERS[facet](revision)
