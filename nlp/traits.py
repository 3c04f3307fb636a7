"""What is fixed about each family, as arrays over all families: read once, used by every question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.aspects import ACTS, SPECIALS, Aspect, all_aspects, read_aspects
from nlp.entries import Family
from nlp.normalize import fold
from nlp.postings import Floats

Masks = npt.NDArray[np.uint64]
_BITS = {
    kind: {a: np.uint64(1) << np.uint64(bit) for bit, a in enumerate(all_aspects(kind))}
    for kind in (ACTS, SPECIALS)
}


@dataclass(frozen=True)
class Traits:
    """One place a family in each array."""

    names: tuple[str, ...]  # folded
    name_sizes: Floats  # different words in the name
    name_lengths: Floats  # words of the name, 0 to 1
    popularity: Floats
    is_commune: Floats
    is_local: Floats
    is_business: Floats
    places: tuple[frozenset[str], ...]  # of families that only provinces have
    has_phrases: Floats
    acts: Masks
    specials: Masks
    aspects: tuple[frozenset[Aspect], ...]
    levels: tuple[frozenset[str], ...]

    def joined(self, others: "Traits") -> "Traits":
        """These traits with those of further families after them."""

        def join(mine: Any, theirs: Any) -> Any:
            return mine + theirs if isinstance(mine, tuple) else np.concatenate((mine, theirs))

        pairs = {f.name: (getattr(self, f.name), getattr(others, f.name)) for f in fields(self)}
        return Traits(**{name: join(*pair) for name, pair in pairs.items()})


def traits_of(families: Sequence[Family]) -> Traits:
    """The traits of the families, in their order."""
    names = tuple(fold(family.name) for family in families)
    said = tuple(read_aspects(family.name).said for family in families)
    levels = tuple(
        frozenset(level for member in family.members for level in member.levels)
        for family in families
    )
    return Traits(
        names,
        _floats(len(set(name.split())) or 1 for name in names),
        _floats(min(len(name.split()), 60) / 60 for name in names),
        _floats(family.popularity for family in families),
        _floats("commune" in own for own in levels),
        _floats(all(member.is_local for member in family.members) for family in families),
        _floats(all(m.for_business_only for m in family.members) for family in families),
        tuple(_places(family) for family in families),
        _floats(bool(family.phrases) for family in families),
        np.array([mask_of(own, ACTS) for own in said], dtype=np.uint64),
        np.array([mask_of(own, SPECIALS) for own in said], dtype=np.uint64),
        said,
        levels,
    )


def mask_of(aspects: Iterable[Aspect], kind: str) -> np.uint64:
    """The aspects of a kind as bits."""
    mask = np.uint64(0)
    for aspect in aspects:
        if aspect.kind == kind:
            mask |= _BITS[kind][aspect]
    return mask


def _places(family: Family) -> frozenset[str]:
    """Where a family holds; empty for one that holds in the whole country."""
    if not all(member.is_local for member in family.members):
        return frozenset()
    return frozenset(place for member in family.members for place in member.places)


def _floats(values: Iterable[float]) -> Floats:
    return np.fromiter(values, dtype=np.float32)
