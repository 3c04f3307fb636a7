"""The portal's own record of a procedure (since 2026), as its interface answers it."""

from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.importing.codes import read_code
from knowledge.importing.fees import KINDS, fee_of
from knowledge.importing.papers import Group, Paper, Papers, papers_of
from knowledge.importing.rows import Row
from knowledge.importing.steps import steps_of
from knowledge.importing.tidying import unique
from knowledge.importing.time_limits import limit_and_note, time_limit_of
from knowledge.provinces import province_of
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

SOURCE: Final = "Cổng Dịch vụ công Quốc gia"

TYPES: Final = {
    "STANDARD": Kind.CENTRAL,
    "SPECIFIC": Kind.LOCAL,
    "STANDARD_INTERNAL": Kind.INTERNAL,
}
SUBMISSIONS: Final = {
    "DIRECT": Submission.IN_PERSON,
    "ONLINE": Submission.ONLINE,
    "POSTAL": Submission.POST,
}
LEVELS: Final = {
    "isMinistry": Level.MINISTRY,
    "isProvince": Level.PROVINCE,
    "isWard": Level.COMMUNE,
    "isOtherAgency": Level.OTHER,
}


def draft_of_detail(record: Row) -> Draft:
    """The draft out of a detail record; BadCode or a validation error if it cannot be one."""
    code = read_code(record.raw("code"))
    kind = kind_of(record)
    proposal = record.row("procedureProposal")
    return Draft(
        code=code.text,
        name=record.line("name") or "",
        levels=tuple(level for key, level in LEVELS.items() if record.flag(key)),
        sector=_first_name(record, "categoriesDetails")
        or record.row("category").line("name")
        or "",
        kind=kind,
        province=publishing_province(kind, record),
        owner=record.line("departmentPromulgateName") or record.line("departmentPromulgate"),
        decision_number=record.line("decisionNo") or proposal.line("proposalNumber"),
        decision_date=proposal.day_of_milliseconds("decisionDate"),
        portal_id=record.line("id"),
        source=SOURCE,
        source_date=record.day_of_milliseconds("updatedAt"),
        agency_codes=unique(row.line("code") for row in _in_order(record, "departmentsExecuting")),
        listed_on=proposal.day_of_milliseconds("publicationDate"),
        is_suspect=code.repair is not None,
        content=_content(record),
    )


def kind_of(record: Row) -> Kind:
    """Whose procedure it is; one that the source calls internal is internal whatever its type."""
    kind = TYPES.get(record.line("type") or "", Kind.CENTRAL)
    return Kind.INTERNAL if record.flag("isInternal") else kind


def publishing_province(kind: Kind, record: Row) -> str | None:
    """The province that published the record, unless it holds for the whole country."""
    if kind is Kind.CENTRAL:
        return None
    name = record.line("departmentPromulgateName") or record.line("departmentPromulgate")
    return province_of(record.line("departmentPromulgateCode"), name)


def _content(record: Row) -> Content:
    papers = papers_of(_groups(record))
    return Content(
        applicants=_names(record, "subjectTypesDetails"),
        executing=_agencies(record, "Executing", "executingAgencies"),
        competent=_agencies(record, "Authority", "delegatedAgencies"),
        authorised=_agencies(record, "Authorized", "authorizedAgencies"),
        coordinating=_agencies(record, "Coordinating", "coordinatingAgencies"),
        receiving_address=record.block("dossierReceivingAddresses"),
        methods=tuple(_methods(record)),
        cases=_cases(record, papers),
        documents=tuple(papers.documents.values()),
        document_notes=tuple(papers.notes),
        steps=steps_of(
            (s.line("name"), s.block("description")) for s in record.rows("executionSteps")
        ),
        results=_names(record, "resultsDetails"),
        requirements=unique([record.block("requirementsAndConditions")]),
        legal_bases=tuple(_legal_bases(record)),
        keywords=keywords_of(record.block("keywords")),
        description=record.block("note"),
        full_online=record.flag("isFullProcess"),
        non_territorial=record.flag("isNonTerritorial"),
        vertical=record.flag("isVertical"),
    )


# The portal answers these lists in another order each time; the lists of ids keep theirs.
ORDER_OF: Final = {
    "subjectTypesDetails": "subjectTypeIds",
    "categoriesDetails": "categoryIds",
    "resultsDetails": "resultIds",
    "legalBasisesDetails": "legalBasisIds",
} | {
    f"{many}{role}": f"{one}{role}Ids"
    for many, one in (("departments", "department"), ("unitGroups", "unitGroup"))
    for role in ("Executing", "Authority", "Authorized", "Coordinating")
}


def _in_order(record: Row, key: str) -> list[Row]:
    places = {one: place for place, one in enumerate(record.lines(ORDER_OF[key]))}
    rows = list(record.rows(key))
    return sorted(rows, key=lambda row: places.get(row.line("id") or "", len(places)))


def _names(record: Row, key: str) -> tuple[str, ...]:
    return unique(row.line("name") for row in _in_order(record, key))


def _first_name(record: Row, key: str) -> str | None:
    return next(iter(_names(record, key)), None)


def _agencies(record: Row, role: str, in_words: str) -> tuple[str, ...]:
    named = _names(record, f"departments{role}") + _names(record, f"unitGroups{role}")
    return unique(name.rstrip(" .") for name in named or record.lines(in_words))


def _methods(record: Row) -> Iterator[Method]:
    for row in record.rows("executionMethods"):
        submission = SUBMISSIONS.get(row.line("submissionMethod") or "")
        if submission is None:
            continue
        limit = time_limit_of(
            row.number("processingTime"),
            row.line("processingTimeUnit"),
            row.line("processingTime"),
        )
        limit, note = limit_and_note(limit, row.block("description"))
        fees = (_fee(fee) for fee in row.rows("fees"))
        yield Method(
            submission=submission,
            time_limit=limit,
            fees=tuple(dict.fromkeys(fee for fee in fees if fee)),
            note=note,
        )


def _fee(row: Row) -> Fee | None:
    return fee_of(
        KINDS.get(row.line("type") or "", FeeKind.UNSPECIFIED),
        row.number("value"),
        currency=row.line("currencyName"),
        text=row.block("description"),
        table=row.row("attachment").line("fileName"),
    )


def _groups(record: Row) -> Iterator[Group]:
    for group in record.rows("executionCases"):
        papers = (_paper(row) for row in group.rows("profileComponents"))
        yield Group(group.line("name") or "", tuple(paper for paper in papers if paper))


def _paper(row: Row) -> Paper | None:
    name = row.line("name")
    files = ((file.line("fileName"), file.line("id")) for file in row.rows("attachments"))
    forms = tuple(Form(name=title, file_id=file_id) for title, file_id in files if title)
    return Paper(name, row.count("originalQty"), row.count("copyQty"), forms) if name else None


def _cases(record: Row, papers: Papers) -> tuple[Case, ...]:
    own = (_case(row) for row in record.rows("cases"))
    return merged_cases((case for case in own if case), papers)


def _case(row: Row) -> Case | None:
    name = row.line("name")
    if not name:
        return None
    limit = row.row("processingDay")
    return Case(
        name=name,
        service_codes=unique([row.line("code")]),
        time_limit=time_limit_of(limit.number("qty"), limit.line("type"), limit.line("qty")),
    )


def merged_cases(own: Iterable[Case], papers: Papers) -> tuple[Case, ...]:
    """The cases of the record, then those that only labels of papers name; alike ones once."""
    merged: dict[tuple[str, object], Case] = {}
    for case in own:
        same = merged.get((case.name, case.time_limit))
        codes = unique((*(same.service_codes if same else ()), *case.service_codes))
        merged[case.name, case.time_limit] = case.model_copy(update={"service_codes": codes})
    names = {case.name for case in merged.values()}
    return (*merged.values(), *(case for case in papers.cases.values() if case.name not in names))


def _legal_bases(record: Row) -> Iterator[LegalBasis]:
    seen: set[tuple[str | None, str]] = set()
    for row in _in_order(record, "legalBasisesDetails"):
        number, name = row.line("code"), row.line("name") or row.line("code")
        if name and (number, name) not in seen:
            seen.add((number, name))
            yield LegalBasis(number=number, name=name)


def keywords_of(text: str | None) -> tuple[str, ...]:
    """The single keywords; paths of the old database are none."""
    parts = (
        part.strip(" .") for part in (text or "").replace(";", "\n").replace(",", "\n").split("\n")
    )
    return unique(
        part for part in parts if "»" not in part and part.lower() != "không có thông tin"
    )
