"""One procedure as a page for the posting board: large letters, papers to tick, two codes to scan."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot import phrases
from bot.web.markup import Html, tag, together
from bot.web.page import hotline, template, version
from bot.web.posting_parts import facts, notes, papers, results, steps
from bot.web.qr import qr
from bot.wording import say
from knowledge.provinces import provinces
from knowledge.records.procedure import Revision

_LONG_NAME = 110  # characters; beyond, the letters of the name are a little smaller


@dataclass(frozen=True)
class Addresses:
    """Where the codes of a page lead: `base` is our own address, `name` that of the procedure."""

    base: str
    name: str

    @property
    def short(self) -> str:
        """The short link to the page on the portal."""
        return f"{self.base.rstrip('/')}/t/{self.name}"

    def chat(self, code: str) -> str:
        """The chat, opened on the procedure."""
        return f"{self.base.rstrip('/')}/?thu-tuc={code}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine or this office can open them."""
        host = urlsplit(self.base).hostname or ""
        try:
            return ipaddress.ip_address(host).is_private
        except ValueError:
            return "." not in host


def sheet(revision: Revision, addresses: Addresses) -> str:
    """The whole page."""
    name = phrases.display_name(revision.name)
    return template("posting.html").substitute(
        head_title=together(say("posting_title", name=name)),
        print=together(say("posting_print")),
        print_hint=together(say("posting_print_hint")),
        warning=_warning(addresses),
        head=_head(revision, name),
        facts=facts(revision),
        papers=papers(revision.content),
        notes=notes(revision.content),
        steps=steps(revision.content),
        results=results(revision.content),
        codes=_codes(revision, addresses),
        links=_links(revision, addresses),
        feedback=together(say("posting_feedback")),
        version=version(),
    )


def _warning(addresses: Addresses) -> Html:
    if not addresses.is_local:
        return Html("")
    sentence = say("posting_local_address", address=addresses.base.rstrip("/"))
    return tag("p", sentence, class_="warning", role="note")


def _head(revision: Revision, name: str) -> Html:
    about = [say("posting_code", code=revision.code), revision.sector]
    if revision.levels:
        about.append(phrases.levels(revision.levels))
    if province := provinces().get(revision.province or ""):
        about.append(province.name)
    return together(
        tag("p", say("posting_kind"), class_="kind"),
        tag("h1", name, class_="is-long" if len(name) > _LONG_NAME else None),
        tag("p", " · ".join(part for part in about if part), class_="about"),
        tag("p", _decision(revision), class_="decision"),
    )


def _codes(revision: Revision, addresses: Addresses) -> Html:
    """The two codes, each with the words that say where it leads."""
    portal = _code(revision.deep_link, say("posting_portal"))
    return together(portal, _code(addresses.chat(revision.code), say("posting_chat")))


def _code(address: str, title: str) -> Html:
    picture = tag("a", qr(address), href=address, aria_label=title, rel="noopener noreferrer")
    return tag("figure", picture, tag("figcaption", title))


def _links(revision: Revision, addresses: Addresses) -> Html:
    """The same addresses for those who type, and who helps."""
    lines = [_line(say("posting_chat_at"), addresses.base.rstrip("/"))]
    if not (addresses.is_local or "@" in addresses.name):
        lines.insert(0, _line(say("posting_short"), addresses.short))
    helped = tag("p", say("posting_help", hotline_spaced=hotline()["hotline_spaced"]))
    portal = _line(say("posting_portal_at"), revision.deep_link)
    return together(tag("div", portal), tag("div", *lines, helped))


def _line(title: str, address: str) -> Html:
    link = tag("a", address.partition("://")[2], href=address, rel="noopener noreferrer")
    return tag("p", title, " ", link)


def _decision(revision: Revision) -> str:
    """Whose decision it is, and how old the figures are."""
    decision = say("posting_no_decision")
    if revision.decision_number:
        decision = say("posting_decision", number=revision.decision_number)
    if revision.decision_number and revision.decision_date:
        day = f"{revision.decision_date:%d/%m/%Y}"
        decision = say("posting_decision_day", number=revision.decision_number, day=day)
    if revision.owner:
        decision += f" ({revision.owner})"
    if revision.source_date:
        decision += " · " + say("posting_facts", day=f"{revision.source_date:%d/%m/%Y}")
    return decision
