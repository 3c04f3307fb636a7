"""The catalogue and its index as one thing to ask: which procedure is meant, and what is known of it."""

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from knowledge.catalogue import Catalogue, Listing
from knowledge.records.procedure import Revision
from nlp.aspects import SPECIALS
from nlp.confidence import SHOW_SCOPE, Verdict
from nlp.intents import Facet, Intent
from nlp.query import read_query
from nlp.ranking import Match, choose_member, rank
from nlp.retrieval import Index
from nlp.understanding import Understanding, Wish, read_wish

MOST_OFFERED = 10
FEW_CASES = 2  # from here on the cases are offered as choices
SURE_PICK = 0.6  # belief among the offered ones, to take words for a pick
MOSTLY_OWN = 0.5  # below this share of strange words a detail belongs to a procedure
# A message makes a new topic when another procedure is believed, covered and in scope so much.
NEW_TOPIC_BELIEF = 0.5
NEW_TOPIC_COVERED = 0.6
NEW_TOPIC_SCOPE = 0.5
SURE_NEW_TOPIC = 0.9
SURE_CORRECTION = 0.5
SURE_SWITCH = 0.7  # to leave the procedure on the table for what a detail says
UNHEARD = 0.05  # belief of a detail in what it does not name
# Acts that make another procedure of the same subject: "giờ muốn đóng cửa luôn".
OTHER_ACTS = {
    "reissue",
    "exchange",
    "renew",
    "revoke",
    "end",
    "pause",
    "transfer",
    "split",
    "merge",
}
OWN_WORDS = 3  # topic words with which a message stands for itself
OWN_BELIEF = 0.9  # and its belief, if it does not say that it corrects
LEAST_OFFERED = 5


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

    def is_about(self, slug: str, heard: Understanding) -> bool:
        """Whether a message with a facet goes on about the procedure on the table.

        It does unless its topic has words or an act that are strange to that procedure, and
        another one clearly answers it.
        """
        number = self._family_of.get(slug)
        if number is None or not heard.matches or not heard.topic_words:
            return True
        best = heard.matches[0]
        if best.family.name == self.index.families[number].name:
            return True
        own_acts = self.index.traits.aspects[number]
        acts = {aspect for aspect in heard.query.aspects.said if aspect.kind == "act"}
        if {aspect.value for aspect in acts - own_acts} & OTHER_ACTS:
            return False
        is_clear = (
            best.belief >= NEW_TOPIC_BELIEF
            and best.covered >= NEW_TOPIC_COVERED
            and heard.scope >= NEW_TOPIC_SCOPE
            and heard.topic_words >= 2
        )
        if self._strangeness(number, heard) or acts - own_acts:
            return not is_clear
        # No word is strange, yet another procedure may be meant by all of them together.
        return not (is_clear and best.belief >= SURE_NEW_TOPIC)

    def _strangeness(self, number: int, heard: Understanding) -> float:
        """The share of a message's topic words that are none of a family's words."""
        words = [
            word
            for word, weight in zip(heard.query.words, heard.query.weights, strict=True)
            if weight > 0.5
        ]
        strange = sum(not self.index.has_word(number, word) for word in words)
        return strange / max(len(words), 1)

    def corrected(self, slug: str, asked: str, heard: Understanding) -> str | None:
        """The procedure that the last question means with this detail added, if it is another.

        A message that is a question of its own corrects nothing, unless it says so in words
        ("chứ không phải", "à không").
        """
        is_own = heard.verdict is Verdict.SHOW
        if heard.corrects and is_own and heard.topic_words >= OWN_WORDS:
            return self.listed(heard.matches[0], heard)
        if is_own and heard.topic_words >= OWN_WORDS and heard.matches[0].belief >= OWN_BELIEF:
            return None
        weighed = self.weighed(asked, heard, beside=slug)
        if not weighed or weighed[0].belief < (SURE_CORRECTION if heard.corrects else SURE_SWITCH):
            return None
        best = weighed[0]
        if is_own and best.family.name == heard.matches[0].family.name:
            return None
        if not heard.corrects and not self._belongs(best, heard):
            return None
        chosen = self.listed(best, heard)
        is_same = self._family_of.get(slug) == self._family_of[chosen]
        return None if is_same and not heard.corrects else chosen

    def weighed(
        self, asked: str, heard: Understanding, *, beside: str | None = None
    ) -> tuple[Match, ...]:
        """What a question and a detail added to it mean, each heard as evidence of its own.

        The belief that both deserve when read as one is multiplied by what the detail deserves
        alone: a long first question would drown it otherwise. What the detail says of a special
        kind ("anh ấy là người Hàn Quốc") rules out the procedures of another kind, and then the
        one that is named most like `beside`, the procedure on the table, is nearest.
        """
        query = read_query(f"{asked} {heard.text}", self.index.speller)
        return self._weigh(rank(self.index, query), heard, beside)

    def _weigh(
        self, together: Sequence[Match], heard: Understanding, beside: str | None = None
    ) -> tuple[Match, ...]:
        """See `weighed`; `together` is the ranking of question and detail read as one."""
        alone = {match.family.name: match.belief for match in heard.matches}
        power = 2 if heard.corrects else 1
        said = {a for a in heard.query.aspects.said if a.kind == SPECIALS}
        number = self._family_of.get(beside) if beside else None
        is_new_kind = number is not None and not said <= self.index.traits.aspects[number]
        beliefs = []
        for match in together:
            belief = match.belief * (UNHEARD + alone.get(match.family.name, 0.0)) ** power
            if number is not None and is_new_kind:
                own = self.index.traits.aspects[self._family_of[match.family.members[0].key]]
                name = self.index.families[number].name
                belief *= fuzz.ratio(match.family.name, name) / 100 if said <= own else UNHEARD
            beliefs.append(belief)
        total = max(sum(beliefs), 1e-9)
        pairs = zip(together, beliefs, strict=True)
        matches = [match._replace(belief=belief / total) for match, belief in pairs]
        return tuple(sorted(matches, key=lambda match: -match.belief))

    def together(self, asked: str, heard: Understanding) -> Wish:
        """What a question and the detail that was added to it mean together."""
        both = read_wish(
            read_query(f"{asked} {heard.text}", self.index.speller), heard.facets, self.index
        )
        weighed = self._weigh(both.matches, heard)
        if weighed and weighed[0].belief >= SURE_PICK and both.scope >= SHOW_SCOPE:
            return both._replace(matches=weighed, verdict=Verdict.SHOW)
        return both._replace(matches=weighed)

    def _belongs(self, match: Match, heard: Understanding) -> bool:
        """Whether most of the detail's topic lies on the words of the procedure it leads to."""
        return self._has_topic(self._family_of[match.family.members[0].key], heard)

    def _has_topic(self, number: int, heard: Understanding) -> bool:
        """Whether most of a message's topic lies on the words of a family."""
        return bool(heard.topic_words) and self._strangeness(number, heard) < MOSTLY_OWN

    def pick_by_words(
        self, offered: Sequence[str], asked: str, heard: Understanding, *, sure: float = SURE_PICK
    ) -> str | None:
        """The offered procedure that the words of an answer point to, if they point to one."""
        numbers = {
            self._family_of[slug]: slug for slug in reversed(offered) if slug in self._family_of
        }
        names = {self.index.families[number].name: slug for number, slug in numbers.items()}
        is_new = (
            heard.verdict is Verdict.SHOW
            and heard.matches[0].family.name not in names
            and heard.topic_words >= 2
            and not heard.corrects
        )
        if is_new and not any(self._has_topic(number, heard) for number in numbers):
            return None  # before anything is ranked: most new questions end here
        weighed = self.weighed(asked, heard)
        among = [match for match in weighed if match.family.name in names]
        if among and among[0] is weighed[0] and self._belongs(among[0], heard):
            return names[among[0].family.name]
        if is_new:
            return None
        total = sum(match.belief for match in among)
        if not among or total <= 0 or among[0].belief / total < sure:
            return None
        return names[among[0].family.name]
