"""Keeps a built index on disk: arrays in one npz, texts in one JSON, under the name of its edition."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nlp.entries import Entry, Family
from nlp.postings import Postings
from nlp.retrieval import Fields, Index
from nlp.texts import Texts, Units

FORMAT = 5  # raise it when the layout changes: older files are then left aside
_POSTINGS = ("starts", "documents", "weights", "size", "idf", "mean_length")
_TEXTS = ("starts", "terms", "weights", "idf", "mean_length")


def cached(folder: Path, edition: str, build: Callable[[], Index]) -> Index:
    """The index of that edition from the folder, or built now and put there.

    A file that cannot be read is built anew; a folder that cannot be written costs only time.
    """
    try:
        return load(_path(folder, edition))
    except (OSError, ValueError, KeyError, TypeError):
        index = build()
    keep(folder, edition, index)
    return index


def keep(folder: Path, edition: str, index: Index) -> None:
    """Put the index into the folder; a folder that cannot be written costs only time later."""
    path = _path(folder, edition)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save(index, path)
        _drop_others(folder, path)
    except OSError:
        return


def _path(folder: Path, edition: str) -> Path:
    return folder / f"index-{FORMAT}-{edition[:24]}.npz"


def save(index: Index, path: Path) -> None:
    """Write the index beside its final place, then move it there: no reader sees half a file."""
    words = index.words
    arrays: dict[str, Any] = {
        "rows": _bytes("\n".join(words.rows)),
        "meanings": words.meanings,
        "gone": np.array(sorted(index.gone), dtype=np.int32),
        "texts": _bytes(_texts(index)),
        "family_starts": words.units.family_starts,
    }
    for name in ("name", "asked"):
        arrays |= _arrays(name, getattr(words, name), _POSTINGS)
    arrays |= _arrays("body", words.body, _TEXTS) | _arrays("units", words.units.texts, _TEXTS)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **arrays)
    Path(name).replace(path)


def load(path: Path) -> Index:
    """The index as it was saved; OSError or ValueError when the file is not one."""
    with np.load(path, allow_pickle=False) as stored:
        families = [_family(row) for row in json.loads(stored["texts"].tobytes())]
        terms = stored["rows"].tobytes().decode().split("\n")
        words = Fields(
            {term: row for row, term in enumerate(terms)},
            Postings(*_stored(stored, "name", _POSTINGS)),
            Postings(*_stored(stored, "asked", _POSTINGS)),
            Texts(*_stored(stored, "body", _TEXTS)),
            Units(Texts(*_stored(stored, "units", _TEXTS)), stored["family_starts"]),
            stored["meanings"],
        )
        return Index(families, words, frozenset(int(number) for number in stored["gone"]))


def _arrays(field: str, owner: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {f"{field}.{name}": np.asarray(getattr(owner, name)) for name in names}


def _stored(stored: Any, field: str, names: tuple[str, ...]) -> Iterator[Any]:
    """The arrays of a field; a single number is one again."""
    for name in names:
        value = stored[f"{field}.{name}"]
        yield value if value.ndim else value.item()


def _texts(index: Index) -> str:
    rows = [
        {
            "name": family.name,
            "phrases": family.phrases,
            "members": [
                asdict(member) | {"body": "", "phrases": (), "levels": sorted(member.levels)}
                for member in family.members
            ],
        }
        for family in index.families
    ]
    return json.dumps(rows, ensure_ascii=False)


def _family(row: dict[str, Any]) -> Family:
    members = tuple(
        Entry(
            **{
                **member,
                "levels": frozenset(member["levels"]),
                "phrases": (),
                "places": tuple(member["places"]),
            }
        )
        for member in row["members"]
    )
    return Family(row["name"], members, tuple(row["phrases"]))


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _drop_others(folder: Path, kept: Path) -> None:
    """Indexes of former editions are of no use; the two newest stay for other processes."""
    others = sorted(folder.glob("index-*.npz"), key=lambda path: path.stat().st_mtime)
    for path in others[:-2]:
        if path != kept:
            path.unlink(missing_ok=True)
