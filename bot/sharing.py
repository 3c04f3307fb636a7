"""Procedures as cards that one citizen shares with another."""

from collections.abc import Callable
from typing import Final

from bot import answers, phrases
from bot.channels.contract import Card
from bot.shelf import Shelf
from knowledge.catalogue import Listing
from nlp.intents import Facet
from nlp.understanding import understand

MOST: Final = 8
_SUMMARY: Final = 120


class Sharing:
    """Finds the procedures that a few words may mean."""

    def __init__(self, shelf: Callable[[], Shelf]) -> None:
        self._shelf = shelf

    def cards(self, text: str) -> tuple[Card, ...]:
        """At most `MOST` procedures, best first; none for no words."""
        shelf = self._shelf()
        heard = understand(text, shelf.index)
        coded = [slug for code in heard.codes.procedures for slug in shelf.by_code(code)]
        listings = [shelf.listing(slug) for slug in coded]
        if not listings and heard.query.words:
            listings = [candidate.listing for candidate in shelf.candidates(heard, MOST)]
        return tuple(_card(listing, shelf) for listing in listings[:MOST])


def _card(listing: Listing, shelf: Shelf) -> Card:
    revision = shelf.revision(listing.slug)
    [text, *_] = answers.pages(answers.ANSWERS[Facet.OVERVIEW](revision), revision, shows_name=True)
    if listing.deep_link not in text:
        text = f"{text}\n{listing.deep_link}"
    summary = phrases.shorten(" · ".join((listing.code, phrases.levels(listing.levels))), _SUMMARY)
    return Card(listing.code, phrases.display_name(listing.name), summary, text, listing.deep_link)
