"""One function a facet: what a revision says of it, the asked fact in the first line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot import phrases
from bot.wording import say
from knowledge.editions import edition_code
from knowledge.provinces import provinces
from knowledge.records.content import Document, Level, Submission
from knowledge.records.procedure import Revision
from nlp.intents import Facet

LIMIT = 1900  # characters a message; the smallest platform allows 2,000
ROOM_FOR_FOOTER = 420
MOST_MESSAGES = 2


@dataclass(frozen=True)
class Text:
    """An answer: the line that states the fact, then what belongs to it."""

    first: str
    rest: tuple[str, ...] = ()


def documents(revision: Revision, case: str | None = None) -> Text:
    """All papers at once: what everybody needs, then case by case (or one case only)."""
    content = revision.content
    if not content.documents:
        return Text(say("documents_unknown"))
    title = f"Giấy tờ cần có – {phrases.display_name(revision.name)}:"
    lines: list[str] = []
    common = [paper for paper in content.documents if paper.case is None]
    if common:
        lines += [say("documents_everybody"), *_papers(common)]
    for item in content.cases:
        own = [paper for paper in content.documents if paper.case == item.name]
        if own and case in (None, item.name):
            lines += [say("documents_case", case=_lower(item.name)), *_papers(own)]
    if content.document_notes:
        lines += [say("documents_notes"), *(f"• {note}" for note in content.document_notes)]
    return Text(title, tuple(lines))


def time_limit(revision: Revision) -> Text:
    """The time limit; where cases or ways differ, each with its own."""
    content = revision.content
    by_case = {case.name: case.time_limit for case in content.cases if case.time_limit}
    stated = {name: phrases.time_limit(limit) for name, limit in by_case.items() if limit}
    by_way = phrases.limits_by_way(content.methods)
    if len(set(stated.values())) > 1:
        lines = [f"• {name}: {text}" for name, text in stated.items()]
        lines += [f"• {way}: {text}" for way, text in by_way if text not in stated.values()]
        return Text(say("time_by_case"), tuple(lines))
    if len(by_way) == 1:
        return Text(f"Thời hạn giải quyết: {by_way[0][1]}.", _case_remark(stated, by_way[0][1]))
    if by_way:
        return Text("Thời hạn giải quyết:", tuple(f"• {way}: {text}" for way, text in by_way))
    if stated:
        return Text(f"Thời hạn giải quyết: {next(iter(stated.values()))}.")
    return Text(say("time_unknown"))


def fee(revision: Revision) -> Text:
    """What is paid, by way of submitting, one fee a line; unknown is said as unknown."""
    by_way = phrases.fees_by_way(revision.content.methods)
    if not by_way:
        return Text(say("fee_unknown"))
    if len(by_way) == 1:
        first, *others = by_way[0][1]
        if not others and len(first) < 200:
            return Text(f"{first}.")
        return Text(say("fee_all"), tuple(f"• {line}" for line in by_way[0][1]))
    lines: list[str] = []
    for way, fees in by_way:
        lines += (
            [f"• {way}: {fees[0]}"] if len(fees) == 1 else [f"{way}:", *(f"• {f}" for f in fees)]
        )
    return Text(say("fee_by_way"), tuple(lines))


def where(revision: Revision) -> Text:
    """Who handles it, where to hand it in, who decides."""
    content = revision.content
    lines = []
    if content.receiving_address:
        lines.append(say("where_address", address=content.receiving_address))
    if content.non_territorial:
        lines.append(say("where_anywhere"))
    if content.competent and content.competent != content.executing:
        lines.append(say("where_competent", agencies=", ".join(content.competent)))
    if revision.levels:
        lines.append(say("where_level", levels=phrases.levels(revision.levels)))
    if not content.executing:
        return Text(say("where_unknown"), tuple(lines))
    if not content.vertical and set(revision.levels) <= {Level.COMMUNE, Level.PROVINCE}:
        lines.append(say("where_desk"))
    return Text(say("where_agency", agencies="; ".join(content.executing[:4])), tuple(lines))


def how(revision: Revision) -> Text:
    """The steps, numbered."""
    steps = revision.content.steps
    if not steps:
        return Text(say("how_unknown"))
    title = f"Các bước – {phrases.display_name(revision.name)}:"
    return Text(title, tuple(f"{number}. {step}" for number, step in enumerate(steps, start=1)))


def online(revision: Revision) -> Text:
    """Whether it can be handed in online, in whole or in part, or by post."""
    content = revision.content
    ways = {method.submission for method in content.methods}
    by_post = (say("online_post"),) if Submission.POST in ways else ()
    if content.full_online:
        return Text(say("online_full"), (say("online_how"), *by_post))
    if Submission.ONLINE in ways:
        return Text(say("online_partly"), (say("online_how"), *by_post))
    if ways:
        named = ", ".join(
            phrases.SUBMISSIONS[way].lower() for way in phrases.SUBMISSIONS if way in ways
        )
        return Text(say("online_no", methods=named))
    return Text(say("online_unknown"))


def form(revision: Revision) -> Text:
    """The forms that go with the papers."""
    names = dict.fromkeys(
        phrases.form_name(form.name)
        for document in revision.content.documents
        for form in document.forms
    )
    if not names:
        return Text(say("form_unknown"))
    return Text("Mẫu đơn, tờ khai:", (*(f"• {name}" for name in names), say("form_where")))


def legal_basis(revision: Revision) -> Text:
    """The legal bases, number first."""
    bases = revision.content.legal_bases
    if not bases:
        return Text(say("legal_unknown"))
    lines = [
        f"• {b.number} – {b.name}" if b.number and b.number not in b.name else f"• {b.name}"
        for b in bases
    ]
    return Text("Căn cứ pháp lý:", tuple(lines))


def conditions(revision: Revision) -> Text:
    """Requirements, and who may apply."""
    content = revision.content
    who = (
        (say("conditions_applicants", applicants=", ".join(content.applicants)),)
        if content.applicants
        else ()
    )
    if not content.requirements:
        notes = [f"• {note}" for note in content.document_notes]
        return Text(
            say("conditions_unknown"), (*who, *((say("conditions_notes"), *notes) if notes else ()))
        )
    return Text("Yêu cầu, điều kiện:", (*(f"• {line}" for line in content.requirements), *who))


def result(revision: Revision) -> Text:
    """What the citizen gets."""
    results = revision.content.results
    if not results:
        return Text(say("result_unknown"))
    if len(results) == 1:
        return Text(f"Kết quả: {results[0].rstrip('.')}.")
    return Text("Kết quả:", tuple(f"• {line}" for line in results))


def overview(revision: Revision) -> Text:
    """Papers, time, fee, place and steps in short."""
    papers = documents(revision)
    everybody = papers.rest[:1] == (say("documents_everybody"),)
    head = say("documents_for_all") if everybody else say("documents_head")
    lines = ["", *((head, *papers.rest[everybody:]) if papers.rest else (papers.first,))]
    for title, answer in (
        ("Thời hạn", time_limit),
        ("Phí, lệ phí", fee),
        ("Nơi giải quyết", where),
    ):
        text = answer(revision)
        lines += ["", f"{title}: {_bare(text.first)}", *text.rest[:6]]
    return Text(phrases.display_name(revision.name), tuple(lines))


Answer = Callable[[Revision], Text]

ANSWERS: dict[Facet, Answer] = {
    Facet.OVERVIEW: overview,
    Facet.DOCUMENTS: documents,
    Facet.TIME_LIMIT: time_limit,
    Facet.FEE: fee,
    Facet.WHERE: where,
    Facet.HOW: how,
    Facet.ONLINE: online,
    Facet.FORM: form,
    Facet.LEGAL_BASIS: legal_basis,
    Facet.CONDITIONS: conditions,
    Facet.RESULT: result,
}


def footer(revision: Revision) -> str:
    """Code, decision, dates and edition, then the link on a line of its own."""
    decision = ""
    if revision.decision_number:
        decision = say("footer_decision", number=revision.decision_number)
        if revision.decision_date:
            day = f"{revision.decision_date:%d/%m/%Y}"
            decision = say("footer_decision_day", number=revision.decision_number, day=day)
    if revision.source_date:
        decision += say("footer_facts", day=f"{revision.source_date:%d/%m/%Y}")
    decision += say("footer_edition", edition=edition_code(revision.mark))
    lines = [say("footer", code=revision.procedure.code, decision=decision)]
    if revision.province and (province := provinces().get(revision.province)):
        lines.append(say("footer_province", province=province.name))
    return "\n".join([*lines, say("footer_link"), revision.deep_link])


def pages(text: Text, revision: Revision, *, shows_name: bool) -> list[str]:
    """The answer as at most two messages of at most LIMIT characters, the footer under the last."""
    name = phrases.display_name(revision.name)
    first, head = text.first, []
    if shows_name and name not in first:
        if first.endswith(":"):
            first = f"{first[:-1]} – {phrases.shorten(name, 90)}:"
        else:
            head = [f"({phrases.shorten(name, 120)})"]
    lines = [
        phrases.shorten(first, 900),
        *(phrases.shorten(line, 500) for line in (*head, *text.rest)),
    ]
    messages = [""]
    for line in lines:
        room = LIMIT - (ROOM_FOR_FOOTER if len(messages) == MOST_MESSAGES else 0)
        if len(messages[-1]) + len(line) + 1 <= room:
            messages[-1] = f"{messages[-1]}\n{line}" if messages[-1] else line
        elif len(messages) < MOST_MESSAGES:
            messages.append(line)
        else:
            messages[-1] += "\n" + say("cut_here")
            break
    end = footer(revision)
    if len(messages[-1]) + len(end) + 2 > LIMIT:
        messages.append("") if len(messages) < MOST_MESSAGES else None
    messages[-1] = f"{messages[-1]}\n\n{end}".lstrip()
    return messages


def _papers(papers: Iterable[Document]) -> list[str]:
    return [phrases.paper(paper) for paper in papers]


def _case_remark(stated: dict[str, str], limit: str) -> tuple[str, ...]:
    return tuple(f"• {name}: {text}" for name, text in stated.items() if text != limit)


def _bare(first: str) -> str:
    """The first line of an answer without the label that the overview puts before it."""
    for label in (
        "Thời hạn giải quyết",
        "Thời hạn",
        "Cơ quan giải quyết",
        "Mức thu",
        "Các khoản thu",
    ):
        if first.startswith(label):
            return first.removeprefix(label).lstrip(" :").removesuffix(":") or first
    return first


def _lower(text: str) -> str:
    """The first letter small, unless the word is written in capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
