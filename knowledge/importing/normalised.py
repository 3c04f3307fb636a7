"""Records of `procedures.jsonl`: the portal's data in plain words, kept by crawls and archives."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from knowledge.importing.codes import read_code
from knowledge.importing.fees import KINDS, ZERO_WITHOUT_WORDS, fee_of
from knowledge.importing.papers import Group, Paper, Papers, papers_of
from knowledge.importing.portal import (
    SOURCE,
    keywords_of,
    kind_of,
    merged_cases,
    publishing_province,
)
from knowledge.importing.rows import Row
from knowledge.importing.steps import steps_of
from knowledge.importing.tidying import unique
from knowledge.importing.time_limits import limit_and_note, limit_in_words, time_limit_of
from knowledge.records.content import (
    Case,
    Content,
    Fee,
    FeeKind,
    Form,
    LegalBasis,
    Level,
    Method,
    Submission,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind

LEVELS: Final = {
    "cấp bộ": Level.MINISTRY,
    "cấp tỉnh": Level.PROVINCE,
    "cấp xã": Level.COMMUNE,
    "cơ quan khác": Level.OTHER,
}
SUBMISSIONS: Final = {
    "trực tiếp": Submission.IN_PERSON,
    "trực tuyến": Submission.ONLINE,
    "bưu chính": Submission.POST,
}
_CURRENT_STATES: Final = {None, "ACTIVE", "UPDATED"}
_NUMBERED: Final = re.compile(r"^(?P<name>.+?)\s*\((?P<number>[^()]*\d[^()]*/[^()]+)\)$")


def draft_of_normalised(record: Row) -> Draft:
    """The draft out of one normalised record."""
    code = read_code(record.raw("code"))
    kind = kind_of(record)
    if record.flag("internal"):
        kind = Kind.INTERNAL
    owner = record.line("promulgating_agency")
    return Draft(
        code=code.text,
        name=record.line("name") or "",
        levels=tuple(LEVELS[word] for word in record.lines("level") if word in LEVELS),
        sector=record.line("sector") or "",
        kind=kind,
        province=publishing_province(kind, Row({"departmentPromulgateName": owner})),
        owner=owner,
        decision_number=record.line("decision_number"),
        decision_date=record.day("decision_date"),
        portal_id=record.line("formality_id"),
        source=SOURCE,
        source_date=record.day("crawl_date") or record.day("updated"),
        is_suspect=code.repair is not None,
        is_current=record.line("state") in _CURRENT_STATES,
        content=_content(record),
    )


def _content(record: Row) -> Content:
    papers = papers_of(_groups(record))
    return Content(
        applicants=record.lines("applicants"),
        executing=_agency(record, "agency"),
        competent=_agency(record, "competent_agency"),
        authorised=_agency(record, "authorised_agency"),
        coordinating=_agency(record, "coordinating_agency"),
        receiving_address=record.block("receiving_address"),
        methods=tuple(_methods(record)),
        cases=_cases(record, papers),
        documents=tuple(papers.documents.values()),
        document_notes=tuple(papers.notes),
        steps=steps_of([(None, record.block("steps"))]),
        results=record.lines("result"),
        requirements=unique([record.block("requirements")]),
        legal_bases=tuple(_basis(text) for text in record.lines("legal_basis")),
        keywords=keywords_of("\n".join(record.lines("keywords"))),
        description=record.block("description"),
        full_online=record.flag("full_online"),
        non_territorial=record.flag("non_territorial"),
        vertical=record.flag("vertical"),
    )


def _agency(record: Row, key: str) -> tuple[str, ...]:
    # Several agencies stand in one text, and names of agencies hold commas themselves.
    return tuple(name.rstrip(" .") for name in record.lines(key))


def _basis(text: str) -> LegalBasis:
    found = _NUMBERED.match(text)
    return (
        LegalBasis(number=found["number"], name=found["name"]) if found else LegalBasis(name=text)
    )


def _methods(record: Row) -> Iterator[Method]:
    for row in record.rows("channels"):
        submission = SUBMISSIONS.get(row.line("channel") or "")
        if submission is None:
            continue
        words = row.line("time_value") or row.line("time_limit")
        limit = time_limit_of(row.number("time_value"), row.line("time_unit"), words)
        limit, note = limit_and_note(limit, row.block("note"))
        yield Method(submission=submission, time_limit=limit, fees=_fees(row), note=note)


def _fees(row: Row) -> tuple[Fee, ...]:
    fees = [
        fee_of(
            KINDS.get(fee.line("type") or "", FeeKind.UNSPECIFIED),
            fee.number("amount"),
            currency=fee.line("currency"),
            text=fee.block("text"),
            table=fee.line("file"),
        )
        for fee in row.rows("fees")
    ]
    if not fees and (said := row.block("fee")):
        # The portal's page prints "Miễn phí" for every 0, so its page texts prove nothing.
        fees = [Fee(text=ZERO_WITHOUT_WORDS if said.lower() == "miễn phí" else said)]
    return tuple(dict.fromkeys(fee for fee in fees if fee))


def _groups(record: Row) -> Iterator[Group]:
    for label, rows in groupby(record.rows("documents"), key=lambda row: row.line("case") or ""):
        papers = (_paper(row) for row in rows)
        yield Group(label, tuple(paper for paper in papers if paper))


def _paper(row: Row) -> Paper | None:
    name = row.line("name")
    return Paper(name, row.count("originals"), row.count("copies"), _forms(row)) if name else None


def _forms(row: Row) -> tuple[Form, ...]:
    named = ((file.line("name"), file.line("file_id")) for file in row.rows("form_files"))
    forms = tuple(Form(name=name, file_id=file_id) for name, file_id in named if name)
    only_name = row.line("form")
    return forms or ((Form(name=only_name),) if only_name else ())


def _cases(record: Row, papers: Papers) -> tuple[Case, ...]:
    own = (
        Case(
            name=name,
            service_codes=unique([row.line("code")]),
            time_limit=limit_in_words(row.line("time_limit")),
        )
        for row in record.rows("cases")
        if (name := row.line("name"))
    )
    return merged_cases(own, papers)
