"""The catalogue in force for others: JSON lines that import again without loss, JSON-LD, Excel."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from knowledge.catalogue import EVERY_PROVINCE
from knowledge.editions import edition_code, in_force_on
from knowledge.importing.wordings import limit_in_words, line_of
from knowledge.publishing import draft_of
from knowledge.records.kinds import Kind
from knowledge.records.procedure import Procedure, Revision

FORMAT: Final = "motcua-1"


def revisions_in_force(
    session: Session, on: date, *, province: str = EVERY_PROVINCE
) -> Iterator[Revision]:
    """Everything in force on the day, internal ones too, by code."""
    query = select(Revision).join(Revision.procedure).options(contains_eager(Revision.procedure))
    query = query.where(in_force_on(on)).order_by(Procedure.code, Procedure.slug)
    if province != EVERY_PROVINCE:
        query = query.where(Revision.province.is_(None) | (Revision.province == province))
    for (revision,) in session.execute(query.execution_options(yield_per=200)):
        yield revision
        session.expunge(revision)


def as_line(revision: Revision) -> str:
    """One JSON line with all facts; `motcua import` reads it back."""
    facts = draft_of(revision).model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"format": FORMAT} | facts, ensure_ascii=False)


def as_linked_data(revision: Revision) -> dict[str, Any]:
    """The procedure as schema.org GovernmentService with the terms of CPSV-AP for its parts."""
    content = revision.content
    times = [limit_in_words(method.time_limit) for method in content.methods if method.time_limit]
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "cv": "http://data.europa.eu/m8g/",
            "cpsv": "http://purl.org/vocab/cpsv#",
        },
        "@type": ["GovernmentService", "cpsv:PublicService"],
        "@id": revision.deep_link,
        "identifier": revision.code,
        "version": edition_code(revision.mark),
        "name": revision.name,
        "alternateName": list(content.everyday_names),
        "serviceType": revision.sector,
        "provider": [{"@type": "GovernmentOrganization", "name": n} for n in content.executing],
        "audience": [{"@type": "Audience", "audienceType": n} for n in content.applicants],
        "serviceOutput": [{"@type": "Thing", "name": name} for name in content.results],
        "cpsv:hasInput": [line_of(document) for document in content.documents],
        "cv:processingTime": list(dict.fromkeys(times)),
        "cv:hasLegalResource": [line_of(basis) for basis in content.legal_bases],
        "validFrom": revision.in_force_from.isoformat() if revision.in_force_from else None,
    }


def is_public(revision: Revision) -> bool:
    """Whether citizens may see it: procedures between agencies are left out of linked data."""
    return revision.kind is not Kind.INTERNAL
