"""The systems that tell us of dossiers, and the tokens with which they push."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.records.dossier import DossierOrigin

DEFAULT = "mot-cua"
DEFAULT_TITLE = "Hệ thống một cửa"


def origin_named(session: Session, name: str) -> DossierOrigin:
    """The origin of that name, made if it is new."""
    origin = session.scalar(select(DossierOrigin).filter_by(name=name))
    if origin is None:
        title = DEFAULT_TITLE if name == DEFAULT else name
        origin = DossierOrigin(name=name, title=title, columns={}, labels={})
        session.add(origin)
        session.flush()
    return origin


def keep_settings(
    origin: DossierOrigin,
    *,
    title: str | None = None,
    rank: int | None = None,
    is_copy: bool | None = None,
    columns: Mapping[str, str] | None = None,
    labels: Mapping[str, int] | None = None,
) -> None:
    """Remember what was given; what was not stays as it is."""
    origin.title = title or origin.title
    origin.rank = origin.rank if rank is None else rank
    origin.is_copy = origin.is_copy if is_copy is None else is_copy
    if columns:
        origin.columns = {**origin.columns, **columns}
    if labels:
        origin.labels = {**origin.labels, **labels}


def new_token(origin: DossierOrigin) -> str:
    """A fresh push token; only its hash is kept, and the former one ends."""
    token = secrets.token_urlsafe(32)
    origin.token = _hash(token)
    return token


def origin_of_token(session: Session, token: str) -> DossierOrigin | None:
    """Whose token it is."""
    wanted = _hash(token)
    for origin in session.scalars(select(DossierOrigin).where(DossierOrigin.token.is_not(None))):
        if hmac.compare_digest(origin.token or "", wanted):
            return origin
    return None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
