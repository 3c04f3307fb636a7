"""Keeps a built index on disk: arrays in one npz, texts in one JSON, under the name of its edition."""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nlp.entries import Entry, Family
from nlp.postings import Postings
from nlp.retrieval import Index

FORMAT = 4  # raise it when the layout changes: older files are then left aside
_FIELDS = ("name", "asked", "unit", "body", "marked")


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
    arrays: dict[str, Any] = {
        "unit_starts": index.unit_starts,
        "meanings": index.meanings,
        "gone": np.array(sorted(index.gone), dtype=np.int32),
        "texts": _bytes(_texts(index)),
    }
    for field in _FIELDS:
        postings: Postings = getattr(index, field)
        arrays[f"{field}.starts"] = postings.starts
        arrays[f"{field}.documents"] = postings.documents
        arrays[f"{field}.weights"] = postings.weights
        arrays[f"{field}.idf"] = postings.idf
        arrays[f"{field}.terms"] = _bytes("\n".join(postings.rows))
        arrays[f"{field}.size"] = np.array(postings.size)
        arrays[f"{field}.mean"] = np.array(postings.mean_length)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **arrays)
    Path(name).replace(path)


def load(path: Path) -> Index:
    """The index as it was saved; OSError or ValueError when the file is not one."""
    with np.load(path, allow_pickle=False) as stored:
        name, asked, unit, body, marked = (_postings(stored, field) for field in _FIELDS)
        families = [_family(row) for row in json.loads(stored["texts"].tobytes())]
        gone = frozenset(int(number) for number in stored["gone"])
        starts, meanings = stored["unit_starts"], stored["meanings"]
        return Index(families, name, asked, unit, body, marked, starts, meanings, gone)


def _postings(stored: Any, field: str) -> Postings:
    terms = stored[f"{field}.terms"].tobytes().decode().split("\n")
    return Postings(
        {term: row for row, term in enumerate(terms)},
        stored[f"{field}.starts"],
        stored[f"{field}.documents"],
        stored[f"{field}.weights"],
        int(stored[f"{field}.size"]),
        stored[f"{field}.idf"],
        float(stored[f"{field}.mean"]),
    )


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
