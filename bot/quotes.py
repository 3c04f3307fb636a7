"""Sentences of a record that answer a question for which the record has no part of its own.

They are quoted as they stand: nothing is concluded from them.
"""

import re
from collections.abc import Iterable
from importlib.resources import files

from bot import phrases
from bot.answers import Text
from bot.wording import say
from knowledge.records.procedure import Revision

LONGEST = 320  # characters of one sentence
MOST_QUOTED = 3
_GAPS = re.compile(r"\W+")
_SENTENCE = re.compile(r"(?<=[.;])\s+|\n+")


def _words() -> dict[str, tuple[str, ...]]:
    """For each thing that is asked the words by which a sentence about it is known."""
    text = (files("bot") / "quotes.tsv").read_text(encoding="utf-8")
    words: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            about, word = line.split("\t")
            words[about] = (*words.get(about, ()), word)
    return words


WORDS = _words()


def presence(revision: Revision) -> Text | None:
    """What the record says of who must come and who may come instead, if it says anything."""
    content = revision.content
    found = [
        sentence
        for sentence in _sentences((*content.requirements, *content.document_notes, *content.steps))
        if _names(sentence, "presence")
    ]
    if not found:
        return None
    lines = (f"• {phrases.shorten(sentence, LONGEST)}" for sentence in found[:MOST_QUOTED])
    return Text(say("presence_quoted"), tuple(lines))


def with_handing_in(text: Text, revision: Revision) -> Text:
    """Where a procedure is handled, with the first sentence of the steps that says where to hand in.

    Who decides is often not who receives: papers for unemployment benefit go to an employment
    service, though the province decides. A record that has an address needs no quotation.
    """
    if revision.content.receiving_address:
        return text
    for sentence in _sentences(revision.content.steps):
        if all(_names(sentence, f"hand_in_{part}") for part in ("verb", "what", "place")):
            quoted = say("where_quoted", sentence=phrases.shorten(sentence, LONGEST).rstrip("."))
            return Text(text.first, (quoted, *text.rest))
    return text


def _sentences(texts: Iterable[str]) -> list[str]:
    parts = (part.strip(" -+•") for text in texts for part in _SENTENCE.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def _names(sentence: str, about: str) -> bool:
    words = f" {_GAPS.sub(' ', sentence.lower())} "
    return any(f" {word} " in words for word in WORDS[about])
