import json
from pathlib import Path

from knowledge.catalogue import load_catalogue, standing_of
from knowledge.importing import import_paths, read
from knowledge.importing.store import Orders, store
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import draft

ROWS = [
    {"TTHC_MA": "1.900001", "TYPE": "1", "NAME": "Nuôi vịt", "ISNGANHDOC": "0", "WEIGHT": "74"},
    {"PROCEDURE_CODE": "1.900002.000.00.00.H56", "PROCEDURE_NAME": "Nuôi ngan", "FIELD_NAME": "Vịt",
     "PUBLISHED_AGENCY": "UBND tỉnh Thanh Hóa"},
]  # fmt: skip


def test_old_rows_are_known_as_withdrawn_only_when_asked_for(any_house: House, tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(ROWS), "utf-8")
    store(any_house, [draft()], Orders(publish=True, today=TODAY))
    assert len(import_paths(any_house, [path], publish=True, today=TODAY).problems) == 2
    with any_house() as session:
        before = standing_of(session, TODAY)
    report = import_paths(any_house, [path], publish=True, today=TODAY, legacy=True)
    assert (report.created, report.unchanged, report.problems) == (1, 1, ())
    catalogue = load_catalogue(any_house, on=TODAY)
    assert list(catalogue.listings) == ["1.900001"]
    withdrawn = catalogue.withdrawn("1.900002")
    assert withdrawn is not None
    assert withdrawn.name == "Nuôi ngan"
    with any_house() as session:
        # A running server compares this: it notices an import of former procedures alone.
        assert standing_of(session, TODAY) != before
    assert [one.province for one in read(path, legacy=True).drafts] == [None, "38"]
