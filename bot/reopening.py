"""An edition code in a message: the wording that a citizen once read is shown again."""

import re
from dataclasses import replace

from bot import answers
from bot.messages import Bubble, Choice, Named, Outcome, Reply
from bot.shelf import Shelf
from bot.wording import say
from knowledge.catalogue import Catalogue
from knowledge.editions import edition_code
from knowledge.records.procedure import Revision
from nlp.intents import Facet

_CODE = re.compile(
    r"\s*(?:(?:mở|mo|xem)\s+(?:lại\s+|lai\s+)?)?"
    r"(?P<said>(?:mã\s+|ma\s+)?(?:phiên\s+|phien\s+)?(?:bản|ban)\s+)?"
    r"(?P<code>[0-9a-z]{3}(?P<dash>[-\u2010-\u2013. ])[0-9a-z]{3}(?P=dash)[0-9a-z]{3})"
    r"(?![\w-])",
    re.IGNORECASE,
)


def reopened(text: str, facet: Facet | None, shelf: Shelf) -> Reply | None:
    """The reply to a message that begins with an edition code; None for any other message.

    Three short words may look like a code: they are one only where such an edition exists, or
    where digits and letters stand as a code is printed.
    """
    match = _CODE.match(text)
    if match is None:
        return None
    code = re.sub(r"\W", "-", match["code"].upper())
    revision = shelf.catalogue.of_edition(code)
    if revision is not None:
        return _shown(revision, facet or Facet.OVERVIEW, shelf)
    is_mixed = bool(re.search(r"\d", code)) and bool(re.search(r"[A-Z]", code))
    if is_mixed and (match["said"] or match["dash"] == "-"):
        return Reply(Outcome.NO_MATCH, (Bubble(say("edition_unknown", edition=code)),))
    return None


def _shown(revision: Revision, facet: Facet, shelf: Shelf) -> Reply:
    text = answers.ANSWERS[facet](revision)
    told = answers.Text(_standing(revision, shelf.catalogue), ("", text.first, *text.rest))
    is_named = facet is Facet.OVERVIEW
    bubbles = [Bubble(page) for page in answers.pages(told, revision, shows_name=not is_named)]
    if shelf.has(revision.slug):
        now = Choice(say("edition_now"), revision.code)
        bubbles[-1] = replace(bubbles[-1], choices=(now,))
    named = Named(revision.code, revision.name, revision.deep_link)
    return Reply(Outcome.ANSWER, tuple(bubbles), facet.value, procedure=named)


def _standing(revision: Revision, catalogue: Catalogue) -> str:
    """Whether the edition holds on the day that the catalogue is of."""
    edition = edition_code(revision.mark)
    since, until = revision.in_force_from, revision.in_force_to
    if until and until <= catalogue.day:
        return say("edition_former", edition=edition, until=f"{until:%d/%m/%Y}")
    if since and since > catalogue.day:
        return say("edition_future", edition=edition, since=f"{since:%d/%m/%Y}")
    return say("edition_current", edition=edition)
