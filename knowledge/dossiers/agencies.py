"""Whose code it is: the province, ministry or unit at the head of a dossier code."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.provinces import provinces
from knowledge.records.content import Level


class Agency(NamedTuple):
    """Who issued a code; `unit` is None when only the province or ministry is known."""

    name: str
    unit: str | None


def agency_of(code: str) -> Agency | None:
    """Whose a canonical dossier code is; None when nobody is known by it."""
    head = code.partition("-")[0]
    short = head.rpartition(".")[2] if head[0].isdigit() else head[:3]
    name = _names().get(short)
    if name is None:
        return None
    return Agency(name, _longest(head) if head != short else None)


def _longest(head: str) -> str | None:
    """The unit of the longest known identifier that the head begins with, below the first level."""
    parts = head.split(".")
    if head[0].isdigit():
        return _names().get(head)
    for length in range(len(parts), 1, -1):
        if found := _names().get(".".join(parts[:length])):
            return found
    return None


def level_of(head: str, unit: str) -> Level:
    """Cấp thực hiện of a unit, by its name, else by its identifier."""
    name = unit.lower()
    if any(word in name for word in ("xã", "phường", "đặc khu", "thị trấn")):
        return Level.COMMUNE
    if any(word in name for word in ("sở ", "tỉnh", "chi cục", "thành phố", "ban quản lý")):
        return Level.PROVINCE
    if head.startswith("G"):
        return Level.MINISTRY if "công an" not in name else Level.OTHER
    parts = head.split(".")
    is_commune = len(parts) > 1 and len(parts[1]) == 3 and parts[0].startswith("H")
    return Level.COMMUNE if is_commune else Level.OTHER


@cache
def _names() -> dict[str, str]:
    names = {p.agency_code: p.name for p in provinces().values()}
    for province in provinces().values():
        for old, code in province.former:
            names.setdefault(code, f"{old} (nay thuộc {province.name})")
    lines = files("knowledge").joinpath("data/agencies.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line[:1] in "GH0"]
    return names | {row[0]: row[1] for row in rows if len(row) == 2}
