"""What is said to the bot that is no question about a procedure of ours: greetings, distress, the court."""

from bot.shelf import Shelf
from bot.states import Move, State, Tell
from nlp.aspects import Aspect
from nlp.intents import Intent
from nlp.understanding import Understanding

SMALL_TALK = {
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


# Where the facts of a case lie with a court, no record of ours answers; abroad some do.
_ABROAD = {Aspect("special", "foreign"), Aspect("special", "abroad")}
# These are found only where they are the whole message: no procedure can be named beside them.
_WHOLE_MESSAGE = {Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.YES, Intent.NONE_OF_THESE}


def small_talk(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move] | None:
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
    if heard.intent in SMALL_TALK:
        return state, Tell(SMALL_TALK[heard.intent])
    return None


def court(state: State, heard: Understanding, shelf: Shelf) -> tuple[State, Move] | None:
    """What only a court does ("tôi muốn ly hôn"), unless it was done abroad and is only recorded."""
    if heard.intent is not Intent.COURT or heard.query.aspects.said & _ABROAD:
        return None
    return state, Tell("court")
