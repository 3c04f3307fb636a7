"""`make train`: fits `nlp/data/sense.npz` and `nlp/data/ranker.json` over the catalogue in the database.

For people who change the matcher; the assistant never imports it.
"""

import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bot.app import build
from bot.config import Settings
from bot.entries import entries_of
from knowledge.catalogue import load_catalogue
from nlp.entries import Entry, families
from nlp.retrieval import Index, text_terms
from nlp.sense import shipped_sense
from nlp.training import ranker, sense

DATA = Path(str(files("nlp"))) / "data"


def main() -> None:
    """Fit the vectors, then the ranker that weighs what they say, then the vectors once more.

    The ranker learns on questions that neither the index nor the vectors know; only afterwards do
    these questions join the index, and the vectors are fitted again with them.
    """
    app = build(Settings())
    catalogue = load_catalogue(app.sessions, on=app.today())
    entries = list(entries_of(catalogue, with_training=False))
    if "--ranker-only" not in sys.argv:
        _fit_sense(entries)
    report = ranker.fit_and_save(
        Index.build(entries), list(labelled(DATA / "training.jsonl")), DATA / "ranker.json"
    )
    print(report)
    if "--ranker-only" not in sys.argv:
        _fit_sense(list(entries_of(catalogue)))


def _fit_sense(entries: list[Entry]) -> None:
    texts: list[list[str]] = []
    owners: list[int] = []
    for number, family in enumerate(families(entries)):
        for text in (family.name, *family.phrases):
            texts.append(text_terms(text.split()))
            owners.append(number)
    sense.save(sense.fit(texts, owners), DATA / "sense.npz")
    shipped_sense.cache_clear()


def labelled(path: Path) -> Iterator[ranker.Labelled]:
    """The questions of our second writers with the codes that answer them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield ranker.Labelled(row["question"], frozenset(row["accept_codes"]), row["behavior"])


if __name__ == "__main__":
    main()
