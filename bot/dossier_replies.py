"""What the desk says, as replies with their choices."""

from datetime import date

from bot import dossier_words as words
from bot import dossiers
from bot.messages import Bubble, Choice, Named, Outcome, Reply
from bot.shelf import Shelf
from bot.wording import say
from knowledge.dossiers.facts import Status


def status_reply(status: Status, today: date, shelf: Shelf) -> Reply:
    """A dossier's status with what one may want next."""
    slugs = shelf.by_code(status.procedure_code) if status.procedure_code else ()
    choices = (
        [] if status.state.is_final else [Choice(say("dossier_follow_button"), dossiers.FOLLOW)]
    )
    named = None
    if slugs:
        listing = shelf.listing(slugs[0])
        choices.append(Choice(say("dossier_procedure_button"), listing.code))
        named = Named(listing.code, listing.name, listing.deep_link)
    text = words.status_text(status, today)
    if status.details is None:
        text = f"{text}\n{say('dossier_proof_hint')}"
    return Reply(Outcome.DOSSIER, (Bubble(text, tuple(choices)),), procedure=named)


def consent_reply() -> Reply:
    """The privacy sentence, and whether to go on."""
    choices = (
        Choice(say("dossier_agree"), dossiers.AGREE),
        Choice(say("dossier_decline"), dossiers.DECLINE),
    )
    return plain_reply(say("dossier_consent"), choices)


def plain_reply(
    text: str, choices: tuple[Choice, ...] = (), outcome: Outcome = Outcome.DOSSIER
) -> Reply:
    """One message."""
    return Reply(outcome, (Bubble(text, choices),))
