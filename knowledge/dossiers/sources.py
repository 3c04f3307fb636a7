"""Several sources asked in the order of their rank."""

from collections.abc import Sequence

from knowledge.dossiers.facts import DossierSource, Miss, Status


class Sources:
    """The first source that knows a dossier is believed; a copy only where no original knows it."""

    rank = 0

    def __init__(self, sources: Sequence[DossierSource]) -> None:
        self._sources = sorted(sources, key=lambda source: source.rank)

    def lookup(self, code: str, proof: str | None) -> Status | Miss:
        """The status; UNAVAILABLE when none knows the dossier and one could not be asked."""
        copy: Status | None = None
        missed = Miss.NOT_FOUND
        for source in self._sources:
            found = source.lookup(code, proof)
            if isinstance(found, Miss):
                missed = found if found is Miss.UNAVAILABLE else missed
            elif not found.is_copy:
                return found
            else:
                copy = copy or found
        return copy or missed
