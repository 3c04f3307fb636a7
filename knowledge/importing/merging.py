"""What a source says anew, joined with what staff corrected here: three versions, field by field.

The base is what the source said before. A field that the source left as it was keeps our
correction; one that we left takes the source's words; one that both changed is a conflict: ours
stays until staff decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from knowledge.importing.wordings import LABELS, lines_of
from knowledge.records.content import Content
from knowledge.records.draft import Draft

_OF_DRAFT: Final = (
    "name", "levels", "sector", "kind", "province", "owner", "decision_number", "decision_date",
    "portal_id", "is_suspect",
)  # fmt: skip
# Papers name their cases, and a decision's number belongs to its date: these go together.
_TOGETHER: Final = (("cases", "documents"), ("decision_number", "decision_date"))


class Difference(NamedTuple):
    """One field that differs, as lines that went and lines that came."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def label(self) -> str:
        """The field's name for staff."""
        return LABELS[self.field]

    def __str__(self) -> str:
        if not self.removed and not self.added:
            return f"{self.label}: đổi thứ tự"
        if len(self.removed) == len(self.added) == 1:
            return f"{self.label}: «{self.removed[0]}» → «{self.added[0]}»"
        told = [f"bỏ «{line}»" for line in self.removed] + [f"thêm «{line}»" for line in self.added]
        return f"{self.label}: " + "; ".join(told)


@dataclass(frozen=True, slots=True)
class Merged:
    """The joined draft, the fields where our correction stayed, and where both had changed."""

    draft: Draft
    kept: tuple[str, ...] = ()
    conflicts: tuple[Difference, ...] = ()


def differences(before: Draft, after: Draft) -> list[Difference]:
    """The fields that differ, in words."""
    ours, theirs = _fields(before), _fields(after)
    return [
        _difference(field, ours[field], theirs[field])
        for field in ours
        if ours[field] != theirs[field]
    ]


def merge(base: Draft, ours: Draft, theirs: Draft) -> Merged:
    """The three versions joined; see the head of this module."""
    was, mine, new = _fields(base), _fields(ours), _fields(theirs)
    result, kept, conflicts = dict(new), [], []
    for group in _groups(new):
        if all(mine[f] == was[f] or mine[f] == new[f] for f in group):
            continue
        source_moved = any(new[f] != was[f] for f in group)
        for field in group:
            result[field] = mine[field]
            if mine[field] == new[field]:
                continue
            kept.append(field)
            if source_moved and new[field] != was[field]:
                conflicts.append(_difference(field, mine[field], new[field]))
    return Merged(_rebuilt(theirs, result), tuple(kept), tuple(conflicts))


def _groups(fields: Iterable[str]) -> list[tuple[str, ...]]:
    grouped = {field for group in _TOGETHER for field in group}
    return [*_TOGETHER, *((field,) for field in fields if field not in grouped)]


def _fields(draft: Draft) -> dict[str, Any]:
    content = {field: getattr(draft.content, field) for field in Content.model_fields}
    return {field: getattr(draft, field) for field in _OF_DRAFT} | content


def _rebuilt(draft: Draft, fields: dict[str, Any]) -> Draft:
    content = Content(**{field: fields[field] for field in Content.model_fields})
    return draft.model_copy(update={f: fields[f] for f in _OF_DRAFT} | {"content": content})


def _difference(field: str, before: object, after: object) -> Difference:
    old, new = lines_of(before), lines_of(after)
    removed = tuple(line for line in old if line not in new)
    return Difference(field, removed, tuple(line for line in new if line not in old))
