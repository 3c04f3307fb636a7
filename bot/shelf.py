"""The catalogue and its index as one thing to ask: which procedure is meant, and what is known of it."""

from collections.abc import Hashable
from typing import NamedTuple

from bot.recent import Recent
from knowledge.catalogue import Catalogue, Listing
from knowledge.records.procedure import Revision
from nlp.confidence import Verdict
from nlp.intents import Facet, Intent
from nlp.query import read_query
from nlp.ranking import Match, choose_member, rank
from nlp.retrieval import Index
from nlp.understanding import Understanding

MOST_OFFERED = 10
FEW_CASES = 2  # from here on the cases are offered as choices
LEAST_OFFERED = 5
_ANSWERS = 2_000  # remembered as they were written, of some 2 kB each
_RANKED = 4  # one message may ask for the same ranking three times


class Candidate(NamedTuple):
    """A listing that may be meant, and how surely."""

    listing: Listing
    score: float


class Shelf:
    """Read-only; made anew when the catalogue changes."""

    def __init__(self, catalogue: Catalogue, index: Index, *, province: str | None = None) -> None:
        self.catalogue = catalogue
        self.index = index
        self._province = province
        self.answers: Recent[Hashable, tuple[str, ...]] = Recent(_ANSWERS)
        self._ranked: Recent[str, list[Match]] = Recent(_RANKED)
        self._family_of = {
            member.key: number
            for number, family in enumerate(index.families)
            for member in family.members
        }

    def listing(self, slug: str) -> Listing:
        """The listing of that slug."""
        return self.catalogue.listings[slug]

    def has(self, slug: str) -> bool:
        """Whether the procedure is still in force and public."""
        return slug in self.catalogue.listings

    def revision(self, slug: str) -> Revision:
        """The revision in force, in full."""
        return self.catalogue.revision(slug)

    def read_ahead(self, count: int) -> None:
        """Read so many of the most used procedures in full, so that nobody has to wait for them."""
        members = (member for family in self.index.families for member in family.members)
        used = sorted(members, key=lambda member: -member.popularity)
        for member in used[:count]:
            if self.has(member.key):
                self.revision(member.key)

    def ranked(self, text: str) -> list[Match]:
        """What a text may mean, best first."""

        def anew() -> list[Match]:
            return rank(self.index, read_query(text, self.index.speller))

        return self._ranked.made(self.index, text, anew)

    def family(self, slug: str) -> int | None:
        """The place of a procedure's family in the index, if it is indexed."""
        return self._family_of.get(slug)

    def family_of(self, match: Match) -> int:
        """The place of a matched family in the index."""
        return self._family_of[match.family.members[0].key]

    def by_code(self, code: str) -> tuple[str, ...]:
        """The procedures of that code; several where provinces share one."""
        return tuple(listing.slug for listing in self.catalogue.by_code(code))

    def absence(self, code: str) -> str:
        """The name of the sentence that says why a code is not shown."""
        if self.catalogue.is_internal(code):
            return "internal_code"
        return "withdrawn" if self.catalogue.withdrawn(code) else "unknown_code"

    def listed(self, match: Match, heard: Understanding) -> str:
        """The member of a matched family that the question means."""
        if len(match.family.members) == 1:
            return match.family.members[0].key
        levels = frozenset(a.value for a in heard.query.aspects.said if a.kind == "level")
        return choose_member(match.family, levels, self._province).key

    def candidates(self, heard: Understanding, count: int) -> list[Candidate]:
        """The ranking with one listing a family, best first."""
        return [
            Candidate(self.listing(self.listed(match, heard)), match.belief)
            for match in heard.matches[:count]
        ]

    def offered(self, heard: Understanding, *, least: float) -> tuple[str, ...]:
        """The procedures worth offering: the first few, and all that are believed at least so much."""
        worth = [
            match
            for place, match in enumerate(heard.matches[:MOST_OFFERED])
            if place < LEAST_OFFERED or match.belief >= least
        ]
        return tuple(self.listed(match, heard) for match in worth)

    def cases(self, slug: str, facet: Facet) -> tuple[str, ...]:
        """The cases that a citizen may pick from, when the papers differ between them."""
        if facet not in (Facet.DOCUMENTS, Facet.OVERVIEW):
            return ()
        content = self.revision(slug).content
        with_papers = {paper.case for paper in content.documents if paper.case}
        names = tuple(case.name for case in content.cases if case.name in with_papers)
        return names if len(names) >= FEW_CASES else ()

    def names_procedure(self, heard: Understanding) -> bool:
        """Whether a message clearly names a procedure beside whatever else it says."""
        return heard.verdict is Verdict.SHOW and (
            heard.is_plain_facet and not heard.awaits_news
            if heard.intent is Intent.STATUS
            else heard.matches[0].covered > 0.6
        )
