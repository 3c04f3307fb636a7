"""The embedded table as a source: what was imported or pushed, the best origin first."""

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.dossiers.facts import Details, Miss, Status
from knowledge.dossiers.keys import Keys
from knowledge.records.dossier import Dossier, DossierOrigin, DossierTopic, DossierUnit

_NO_PROOF: Final = "-" * 32  # never the hash of anything, and as long as one
_COLUMNS: Final = (
    Dossier.code, Dossier.state, Dossier.received_on, Dossier.due_on, Dossier.finished_on,
    Dossier.changed_at, Dossier.synced_at, Dossier.reason, Dossier.papers, Dossier.amount,
    Dossier.fetch_at, Dossier.supplement_by, Dossier.id_proof, Dossier.phone_proof,
    DossierTopic.code.label("procedure_code"), DossierTopic.name.label("procedure_name"),
    DossierUnit.name.label("unit"), DossierUnit.contact,
    DossierOrigin.title.label("origin"), DossierOrigin.is_copy,
)  # fmt: skip
_QUERY: Final = (
    select(*_COLUMNS)
    .join(DossierTopic, DossierTopic.id == Dossier.topic_id)
    .join(DossierUnit, DossierUnit.id == Dossier.unit_id)
    .join(DossierOrigin, DossierOrigin.id == Dossier.origin_id)
    .order_by(DossierOrigin.rank, DossierOrigin.is_copy, DossierOrigin.id)
)


class TableSource:
    """Looks up in the table."""

    rank = 10

    def __init__(self, reading: Callable[[], AbstractContextManager[Session]], keys: Keys) -> None:
        self._reading = reading
        self._keys = keys

    def lookup(self, code: str, proof: str | None) -> Status | Miss:
        """The status by code; with details when the last four digits are right."""
        with self._reading() as session:
            row = session.execute(_QUERY.where(Dossier.code == code).limit(1)).first()
        # The same steps whether or not there is a dossier: time must not tell.
        given = self._keys.proof(code, proof or "")
        kept = ((row.id_proof, row.phone_proof) if row else None) or (None, None)
        matches = [hmac.compare_digest(given, one or _NO_PROOF) for one in kept]
        if row is None or (proof is not None and not any(matches)):
            return Miss.NOT_FOUND
        return _status(row, _details(row) if proof is not None else None)


def _status(row: Any, details: Details | None) -> Status:
    return Status(
        code=row.code,
        state=row.state,
        procedure_code=row.procedure_code,
        procedure_name=row.procedure_name,
        unit=row.unit,
        contact=row.contact,
        received_on=row.received_on,
        due_on=row.due_on,
        finished_on=row.finished_on,
        as_of=max(row.changed_at, row.synced_at),
        origin=row.origin,
        is_copy=row.is_copy,
        details=details,
    )


def _details(row: Any) -> Details:
    return Details(row.reason, row.papers, row.amount, row.fetch_at, row.supplement_by)
