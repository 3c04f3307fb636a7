"""The parts of a posting page: the three facts, the papers as a table to tick, the steps in short."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot import answers, phrases
from bot.answers import Text
from bot.web.markup import Html, tag, together
from bot.wording import say
from knowledge.records.content import Content, Document
from knowledge.records.procedure import Revision

_BIG: Final = 30  # characters up to which a fact is set in large letters
_COLUMN: Final = 190  # characters that still look well in a third of a page
_AMOUNT: Final = re.compile(r"(\d[\d.]* đồng|[Mm]iễn phí)")
_MOST_STEPS: Final = 7
_STEP: Final = 210
_LEADS: Final = ("Thời hạn giải quyết: ", "Cơ quan giải quyết: ")  # said by the heading already


def facts(revision: Revision) -> Html:
    """How long, how much, where: as the assistant says it."""
    level = say("where_level", levels=phrases.levels(revision.levels))
    where = answers.where(revision)
    where = Text(where.first, tuple(line for line in where.rest if line != level))
    texts = {"time": answers.time_limit(revision), "fee": answers.fee(revision), "where": where}
    is_long = any(len("".join((text.first, *text.rest))) > _COLUMN for text in texts.values())
    told = (_fact(name, text) for name, text in texts.items())
    return tag("dl", *told, class_="facts is-long" if is_long else "facts")


def _fact(name: str, text: Text) -> Html:
    first = text.first
    if first == say(f"{name}_unknown"):
        first = say(f"posting_{name}_unknown")
    for lead in _LEADS:
        first = first.removeprefix(lead)
    is_title = first.endswith(":")  # the list below it speaks for itself
    first, remark = _apart(_capital(first.removesuffix(".")))
    lines = [*remark, *(_plain(line) for line in text.rest)]
    size = "big" if len(first) <= _BIG else None
    told = [] if is_title else [tag("p", *_priced(first), class_=size)]
    told += [_more(line) for line in lines]
    return tag("div", tag("dt", say(f"posting_{name}")), tag("dd", *told), class_=f"fact-{name}")


def _more(line: str) -> Html:
    return tag("p", *_priced(line), class_="way" if line.endswith(":") else "more")


def _apart(text: str) -> tuple[str, tuple[str, ...]]:
    """A fact and the remark in brackets after it."""
    fact, bracket, remark = text.partition(" (")
    if not remark.endswith(")") or "(" in remark:
        return text, ()
    return fact, (f"{bracket.strip()}{remark}",)


def _priced(line: str) -> Iterator[str]:
    """The line with its amounts set off."""
    for place, part in enumerate(_AMOUNT.split(line)):
        yield tag("b", part, class_="amount") if place % 2 else part


def papers(content: Content) -> Html:
    """All papers, those that everybody needs first, then case by case."""
    title = tag("h2", say("posting_papers"))
    if not content.documents:
        return tag("section", title, tag("p", say("posting_no_papers")))
    has_counts = any(paper.originals or paper.copies for paper in content.documents)
    bodies = [_group(case, rows, has_counts=has_counts) for case, rows in _by_case(content) if rows]
    head = [tag("th", title, scope="col")]
    if has_counts:
        counts = (say("posting_originals"), say("posting_copies"))
        head += [tag("th", count, scope="col", class_="count") for count in counts]
    return tag("table", tag("thead", tag("tr", *head)), *bodies, class_="papers")


def _by_case(content: Content) -> Iterator[tuple[str | None, list[Document]]]:
    for case in (None, *(case.name for case in content.cases)):
        yield case, [paper for paper in content.documents if paper.case == case]


def _group(case: str | None, rows: Iterable[Document], *, has_counts: bool) -> Html:
    title = say("posting_case", case=case) if case else say("posting_everybody")
    width = "3" if has_counts else None
    head = tag("tr", tag("th", title, colspan=width, scope="rowgroup"), class_="group")
    return tag("tbody", head, *(_row(paper, has_counts=has_counts) for paper in rows))


def _row(paper: Document, *, has_counts: bool) -> Html:
    name: list[str] = [tag("input", type="checkbox"), tag("span", paper.name.rstrip(" .;,"))]
    if paper.shown_only:
        name.append(tag("i", say("posting_shown")))
    cells = [tag("td", tag("label", *name))]
    if has_counts:
        cells += [tag("td", _count(n), class_="count") for n in (paper.originals, paper.copies)]
    return tag("tr", *cells)


def _count(number: int | None) -> str:
    """A number of sheets; nothing where none is asked for or nothing is known."""
    return str(number) if number else ""


def notes(content: Content) -> Html:
    """What else to know of the papers."""
    return _list("ul", "posting_notes", content.document_notes, "notes")


def steps(content: Content) -> Html:
    """The steps, each cut to what fits on a board."""
    short = [phrases.shorten(_plain(step), _STEP) for step in content.steps[:_MOST_STEPS]]
    more = len(content.steps) - len(short)
    rest = tag("p", say("posting_more_steps", count=more), class_="more") if more > 0 else Html("")
    return together(_list("ol", "posting_steps", short, "steps"), rest)


def results(content: Content) -> Html:
    """What the citizen gets, in one sentence."""
    if not content.results:
        return Html("")
    told = "; ".join(result.rstrip(" .;") for result in content.results)
    return tag("p", tag("b", say("posting_result")), " ", told, class_="results")


def _list(kind: str, title: str, lines: Iterable[str], name: str) -> Html:
    items = [tag("li", line) for line in lines]
    if not items:
        return Html("")
    return tag("section", tag("h2", say(title)), tag(kind, *items), class_=name)


def _plain(line: str) -> str:
    return line.removeprefix("• ").strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
