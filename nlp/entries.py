"""What the index knows of a procedure, and procedures of one name as a family."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from nlp.normalize import fold, normalize

_LEADING = re.compile(r"^thủ tục ")
_LEVEL_TAIL = re.compile(r"\s*\(?\s*(?:thực hiện tại )?cấp (?:trung ương|tỉnh|xã|bộ)\s*\)?\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure as the matcher sees it. `key` is the caller's own; it comes back in a Match."""

    key: str
    code: str
    name: str
    phrases: tuple[str, ...] = ()  # everyday names and questions written beforehand
    body: str = ""  # papers, cases, results, steps, agencies
    levels: frozenset[str] = frozenset()  # ministry, province, commune, other
    is_local: bool = False  # of one province
    province: str | None = None  # its administrative code
    places: tuple[str, ...] = ()  # names by which a question may mean that province, folded
    popularity: float = 0.0  # 0 to 1
    for_business_only: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Procedures of one act under one name: at several levels, of several provinces."""

    name: str  # normalised, without "thủ tục" and the level
    members: tuple[Entry, ...]
    phrases: tuple[str, ...] = field(default=())  # normalised

    @property
    def popularity(self) -> float:
        """How often the most used member is asked for, 0 to 1."""
        return max(member.popularity for member in self.members)


@lru_cache(maxsize=16_384)
def bare_name(name: str) -> str:
    """A procedure's name normalised, without the leading "thủ tục" and the trailing level.

    >>> bare_name("Thủ tục cấp đổi thẻ căn cước (thực hiện tại cấp tỉnh)")
    'cấp đổi thẻ căn cước'
    """
    normal = _LEADING.sub("", normalize(_LEVEL_TAIL.sub("", name.strip().lower())))
    return _LEVEL_TAIL.sub("", normal).strip()


def families(entries: Iterable[Entry]) -> list[Family]:
    """The entries grouped by bare name, in order of their first member."""
    groups: dict[str, list[Entry]] = {}
    names: dict[str, str] = {}
    for entry in entries:
        name = bare_name(entry.name)
        names.setdefault(fold(name), name)
        groups.setdefault(fold(name), []).append(entry)
    return [
        Family(names[key], tuple(members), _phrases(members)) for key, members in groups.items()
    ]


def _phrases(members: list[Entry]) -> tuple[str, ...]:
    normal = (normalize(phrase) for member in members for phrase in member.phrases)
    return tuple(dict.fromkeys(phrase for phrase in normal if phrase))
