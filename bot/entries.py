"""Listings of the catalogue as entries of the matcher's index."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from knowledge.catalogue import Catalogue, Listing
from knowledge.provinces import provinces
from nlp import questions
from nlp.entries import Entry
from nlp.normalize import fold, normalize

_PEOPLE = ("công dân", "người", "cán bộ", "cá nhân", "hộ ")


def entries_of(
    catalogue: Catalogue,
    *,
    slugs: Iterable[str] | None = None,
    writers: tuple[int, ...] = questions.WRITERS,
) -> Iterator[Entry]:
    """One entry a listing (of all, or of the named ones), its questions taken from the word tables.

    The questions of the other writers are left out when the ranker is to be fitted on them.
    """
    used = popularity()
    asked = questions.by_code()
    more = questions.training_by_code(writers)
    bodies = catalogue.bodies() if slugs is None else ((s, catalogue.texts(s)) for s in slugs)
    for slug, body in bodies:
        listing = catalogue.listings[slug]
        yield Entry(
            key=slug,
            code=listing.code,
            name=listing.name,
            phrases=(
                *listing.everyday_names,
                *listing.keywords,
                *asked.get(listing.code, ()),
                *more.get(listing.code, ()),
            ),
            body=body,
            levels=frozenset(level.value for level in listing.levels),
            is_local=listing.province is not None,
            province=listing.province,
            places=_places(listing.province),
            popularity=used.get(listing.code, 0.0),
            for_business_only=_for_business_only(listing),
        )


@lru_cache(maxsize=1)
def popularity() -> dict[str, float]:
    """How much each procedure is used, 0 to 1 on a logarithmic scale."""
    text = (files("nlp") / "data" / "popularity.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {code: int(step) / 10 for code, step in rows}


@lru_cache(maxsize=1)
def words_edition() -> str:
    """A hash over all word tables and code of the matcher: an index built with others is stale."""
    digest = hashlib.sha256()
    pending = [files("nlp")]
    while pending:
        for item in sorted(pending.pop().iterdir(), key=lambda path: path.name):
            if item.is_dir() and item.name != "__pycache__":
                pending.append(item)
            elif item.name.endswith((".py", ".tsv", ".txt", ".jsonl", "sense.npz")):
                digest.update(item.name.encode() + item.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=128)
def _places(code: str | None) -> tuple[str, ...]:
    """The folded names of a province and of those that were merged into it in 2025."""
    province = provinces().get(code) if code else None
    if province is None:
        return ()
    names = (province.short_name, *(name for name, _ in province.former))
    return tuple(dict.fromkeys(fold(normalize(name)) for name in names))


def _for_business_only(listing: Listing) -> bool:
    people = (applicant.lower() for applicant in listing.applicants)
    return bool(listing.applicants) and not any(
        person.startswith(_PEOPLE) or person == "người dân" for person in people
    )
