"""Hands out the newest shelf; a publication, also by another process, is live within two seconds."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from sqlalchemy.orm import Session, sessionmaker

from bot.entries import entries_of, words_edition
from bot.shelf import Shelf
from knowledge.catalogue import Catalogue, load_catalogue, standing_of
from knowledge.database import read_only
from nlp.entries import bare_name
from nlp.index_cache import cached, keep
from nlp.normalize import fold
from nlp.retrieval import Index

LOOK_AGAIN_AFTER = 0.5  # seconds between two looks for a publication by another process
MOST_CHANGES = 200  # listings; above this an index built anew is better balanced
EVERYWHERE = "all"


class Shelves:
    """Call it for the shelf of today; whoever holds a former one may go on with it."""

    def __init__(
        self,
        factory: sessionmaker[Session],
        day: Callable[[], date],
        *,
        province: str,
        cache_dir: Path,
        former: Shelf | None = None,
    ) -> None:
        """`former` may be the shelf of another day, from which only the changes are read."""
        self._factory = factory
        self._day = day
        self._province = province
        self._cache_dir = cache_dir
        self._lock = Lock()
        self._former = former
        self._shelf: Shelf | None = None
        self._standing = ""
        self._looked_at = 0.0

    def __call__(self) -> Shelf:
        """The newest shelf. While one thread changes it, others are handed the former one."""
        former = self._shelf
        if former is not None and monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return former
        if not self._lock.acquire(blocking=former is None):
            return former or self()
        try:
            if self._shelf is None or self._has_changed():
                self._shelf = self._load(self._shelf or self._former)
                self._former = None
            self._looked_at = monotonic()
            return self._shelf
        finally:
            self._lock.release()

    @property
    def is_ready(self) -> bool:
        """Whether a shelf has been loaded."""
        return self._shelf is not None

    def _has_changed(self) -> bool:
        if monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return False
        with read_only(self._factory) as session:
            return standing_of(session, self._day()) != self._standing

    def _load(self, former: Shelf | None) -> Shelf:
        catalogue = load_catalogue(self._factory, on=self._day(), province=self._province)
        self._standing = catalogue.standing
        edition = index_edition(catalogue, self._province)
        index = changed_index(former, catalogue) if former else None
        if index is None:
            index = cached(self._cache_dir, edition, lambda: Index.build(entries_of(catalogue)))
        else:  # kept for the next start; nobody waits for it
            Thread(target=keep, args=(self._cache_dir, edition, index)).start()
        own = None if self._province == EVERYWHERE else self._province
        return Shelf(catalogue, index, province=own)


def changed_index(former: Shelf, catalogue: Catalogue) -> Index | None:
    """The former index with what has changed since, or None when that is too much."""
    before, after = former.catalogue.listings, catalogue.listings
    changed = {
        slug
        for slug in before.keys() | after.keys()
        if slug not in before
        or slug not in after
        or before[slug].revision_id != after[slug].revision_id
    }
    if len(changed) > MOST_CHANGES:
        return None
    known = _families(former)  # finding out the names of thousands anew would take seconds
    names = {
        fold(bare_name(listings[slug].name))
        for listings in (before, after)
        for slug in changed
        if slug in listings
    }
    # A family is known by its name: all its members are read, also those that did not change.
    members = [
        slug
        for slug, item in after.items()
        if (fold(bare_name(item.name)) if slug in changed else known.get(slug)) in names
    ]
    return former.index.changed(entries_of(catalogue, slugs=members), gone=names)


def _families(shelf: Shelf) -> dict[str, str]:
    """The folded family name of each listing of a shelf."""
    return {
        member.key: fold(family.name)
        for number, family in enumerate(shelf.index.families)
        if number not in shelf.index.gone
        for member in family.members
    }


def index_edition(catalogue: Catalogue, province: str) -> str:
    """The name of an index: what is in force, for whom, and with which word tables."""
    parts = f"{catalogue.edition}|{province}|{words_edition()}"
    return sha256(parts.encode()).hexdigest()
