"""`make train`: fits `nlp/data/marks.tsv.gz`, `sense.npz`, `ranker.json` and `doubts.json` over the catalogue in the database.

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
from nlp.questions import WRITERS
from nlp.retrieval import Index, text_terms
from nlp.sense import shipped_sense
from nlp.training import doubts, marks, ranker, sense

DATA = Path(str(files("nlp"))) / "data"


def main() -> None:
    """Fit the vectors, then the ranker that weighs what they say, then the vectors once more.

    The ranker learns on the questions of one second writer while the index knows those of the
    other, as it will know questions by such people later on; the vectors know none of both. Only
    afterwards do all of them join the index, and the vectors are fitted again with them.
    """
    app = build(Settings())
    catalogue = load_catalogue(app.sessions, on=app.today())
    grouped = families(entries_of(catalogue))
    texts = (text for family in grouped for text in (family.name, *family.phrases))
    marks.save(marks.count(texts), DATA / "marks.tsv.gz")
    if "--marks-only" in sys.argv:
        return
    _fit_sense(list(entries_of(catalogue, writers=())))
    lessons = [
        (
            Index.build(entries_of(catalogue, writers=(other,))),
            list(labelled(DATA / "training.jsonl", writer)),
        )
        for writer, other in (WRITERS, WRITERS[::-1])
    ]
    weights, report = ranker.fit_and_save(lessons, DATA / "ranker.json")
    doubts.fit_and_save(lessons, weights, DATA / "doubts.json")
    print(report)
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


def labelled(path: Path, writer: int) -> Iterator[ranker.Labelled]:
    """The questions of one of our second writers with the codes that answer them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["writer"] == writer:
            yield ranker.Labelled(row["question"], frozenset(row["accept_codes"]), row["behavior"])


if __name__ == "__main__":
    main()
