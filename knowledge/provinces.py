"""The provinces of Vietnam since 1/7/2025, and which one an agency belongs to."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_MARKS = re.compile("[\u0300-\u036f]")  # tones and hats, once apart from their letters


class Province(NamedTuple):
    """One province: administrative code, full name, agency code, and those merged into it."""

    code: str  # "38"
    name: str  # "Tỉnh Thanh Hóa"
    agency_code: str  # "H56"
    former: tuple[tuple[str, str], ...]  # name and agency code of each merged province

    @property
    def short_name(self) -> str:
        """The name without "Tỉnh" or "Thành phố"."""
        return re.sub(r"^(?:Tỉnh|Thành phố) ", "", self.name)


@cache
def provinces() -> dict[str, Province]:
    """All provinces by administrative code."""
    lines = files("knowledge").joinpath("data/provinces.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and line[0].isdigit()]
    return {row[0]: _province(row) for row in rows}


def _province(row: list[str]) -> Province:
    code, name, agency_code, former = row
    pairs = [pair.partition("=") for pair in former.split("; ") if pair]
    return Province(code, name, agency_code, tuple((old, was) for old, _, was in pairs))


@cache
def province_of(agency_code: str | None, agency_name: str | None) -> str | None:
    """Administrative code of the province that publishes, or None for a central agency."""
    if agency_code and (found := _by_agency_code().get(agency_code.strip()[:3])):
        return found
    name = plain(agency_name or "")
    for known, code in _by_name():
        if re.search(rf"\b(?:tinh|thanh pho|tp\.?|ubnd) {known}\b", name):
            return code
    return None


@cache
def host_names() -> frozenset[str]:
    """Names of provinces, old and new, as they stand in the addresses of their sites."""
    return frozenset(re.sub(r"[^a-z]", "", name) for name, _ in _by_name()) | {"hochiminhcity"}


@cache
def _by_agency_code() -> dict[str, str]:
    table = {province.agency_code: code for code, province in provinces().items()}
    return table | {was: code for code, p in provinces().items() for _, was in p.former}


@cache
def _by_name() -> tuple[tuple[str, str], ...]:
    names = [(plain(p.short_name), code) for code, p in provinces().items()]
    return tuple(
        names + [(plain(old), code) for code, p in provinces().items() for old, _ in p.former]
    )


def plain(text: str) -> str:
    """Lower case without diacritics, single spaces: for comparing names of agencies."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(_MARKS.sub("", decomposed).split())
