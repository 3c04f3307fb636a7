"""The push interface: messages with the field names of the national synchronisation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.calendar import VIETNAM
from knowledge.dossiers.facts import Facts
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.labels import progress, state_of
from knowledge.dossiers.moments import moment_of
from knowledge.dossiers.reading import CODE, BadRow, Reader, field_of, latest_event
from knowledge.dossiers.store import Store
from knowledge.records.dossier import Dossier, DossierOrigin, State

WHOLE: Final = ("DongBoHoSoMC", "NoiHoSo")
STEPS: Final = ("CapNhatTienDoHoSoMC", "CapNhatTienTrinh", "CapNhatTrangThai")
OK: Final = "00"
REFUSED: Final = "-1"

Results = list[dict[str, str]]


def sync(
    session: Session, origin: DossierOrigin, message: Mapping[str, Any], keys: Keys, now: datetime
) -> Results | None:
    """One result a dossier in the order sent; None for a service that we do not know."""
    rows = message.get("data")
    rows = [rows] if isinstance(rows, Mapping) else rows
    rows = [row for row in rows or () if isinstance(row, Mapping)]
    if message.get("service") in WHOLE:
        return _whole(session, origin, rows, keys, now)
    if message.get("service") in STEPS:
        return [_step(session, origin, row, now) for row in rows]
    return None


def _whole(
    session: Session,
    origin: DossierOrigin,
    rows: Sequence[Mapping[str, Any]],
    keys: Keys,
    now: datetime,
) -> Results:
    reader = Reader(keys, origin.labels, is_national=True)
    results: Results = []
    facts: list[Facts] = []
    for row in rows:
        told = str(row.get("MaHoSo", ""))[:48]
        try:
            flat = flatten(row)
            facts.append(reader.read(flat, latest_event(flat) or now))
            results.append({"MaHoSo": told, "error_code": OK})
        except BadRow as bad:
            results.append({"MaHoSo": told, "error_code": REFUSED, "message": bad.says})
    Store(session, origin).write(facts, now)
    return results


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """A nested message as one row of our fields."""
    flat = {field: value for name, value in _pairs(row) if (field := field_of(name))}
    requests = _list(row, "DanhSachHoSoBoSung")
    if requests:
        last = requests[-1]
        flat["supplement"] = requests[0].get("NgayBoSung")
        flat["supplemented"] = last.get("NgayTiepNhanBoSung")
        flat["supplements"] = str(len(requests))
        flat["papers"] = _papers(last)
        flat["due"] = last.get("NgayHenTraMoi") or flat.get("due")
    fees = [str(fee.get("Gia") or "0") for fee in _list(row, "DanhSachLePhi")]
    flat["amount"] = str(sum(int(fee) for fee in fees if fee.isdigit()))
    flat["reason"] = flat.get("reason") or row.get("ThongTinTra")
    return flat


def _pairs(row: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for value in row.values():
        if isinstance(value, Mapping):
            for inner, its_value in value.items():
                yield ("ChuHoSo" if inner == "HoTen" else inner), its_value
    yield from (
        (name, value) for name, value in row.items() if isinstance(value, str | int | float)
    )


def _papers(request: Mapping[str, Any]) -> str:
    names = [str(paper.get("TenGiayTo", "")) for paper in _list(request, "DanhSachGiayToBoSung")]
    return "; ".join(part for part in (str(request.get("NoiDungBoSung") or ""), *names) if part)


def _list(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = row.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _step(
    session: Session, origin: DossierOrigin, row: Mapping[str, Any], now: datetime
) -> dict[str, str]:
    """A change of state alone; an older one is accepted and left out."""
    code = str(row.get("MaHoSo", ""))[:48]
    state = state_of(
        str(row.get("TrangThai") or row.get("TrangThaiHoSo") or ""), origin.labels, is_national=True
    )
    query = select(Dossier).filter_by(code=code, origin_id=origin.id).with_for_update()
    known = session.scalar(query) if CODE.fullmatch(code) else None
    try:
        at = moment_of(row["ThoiDiemXuLy"]) if row.get("ThoiDiemXuLy") else now
    except ValueError:
        return {"MaHoSo": code, "error_code": REFUSED, "message": "ngày giờ không đọc được"}
    if known is None or state is None:
        says = "chưa có hồ sơ này" if known is None else "không biết trạng thái này"
        return {"MaHoSo": code, "error_code": REFUSED, "message": says}
    if (at, progress(state)) > (known.changed_at, progress(known.state)):
        _move(known, state, at)
        known.synced_at = now
    return {"MaHoSo": code, "error_code": OK}


def _move(dossier: Dossier, state: State, at: datetime) -> None:
    # What the officer wrote (NoiDungXuLy) is not kept: without the owner's name beside it, it
    # could not be cleared of it.
    day = at.astimezone(VIETNAM).date()
    if state is State.SUPPLEMENT and dossier.state is not State.SUPPLEMENT:
        dossier.supplements += 1
        dossier.supplement_on = dossier.supplement_on or day
    if state in (State.DONE, State.REFUSED, State.STOPPED, State.WITHDRAWN):
        dossier.finished_on = dossier.finished_on or day
    if state is State.HANDED_OVER:
        dossier.returned_on = day
        dossier.finished_on = dossier.finished_on or day
    dossier.state = state
    dossier.changed_at = at
    dossier.fingerprint = ""  # the next whole message is written even if it looks like the last
