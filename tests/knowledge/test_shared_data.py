"""The portal's whole catalogue of 18/7/2026, where the folder ../shared is at hand."""

from pathlib import Path

import pytest

from knowledge.catalogue import edition_of, load_catalogue
from knowledge.importing import import_paths, read
from knowledge.records.content import Fee
from tests.knowledge.conftest import TODAY, House


@pytest.fixture(scope="session")
def crawl(shared: Path) -> Path:
    found = next((shared / "raw").glob("qtungnui07*/raw_procedures.jsonl.gz"), None)
    if found is None:
        pytest.skip("the raw crawl is not in the shared folder")
    return found


def test_the_whole_portal(house: House, crawl: Path):
    """Nothing lost, nothing made up; how long it takes and what it weighs is for the benchmark."""
    report = import_paths(house, [crawl], publish=True, today=TODAY)
    assert (report.created, report.changed, report.published) == (5662, 0, 5662)
    assert sorted(problem.record for problem in report.problems) == [
        "1.0133611",
        "1.014325",
        "1.014955-Xoa",
        "2.009182739",
    ]
    catalogue = load_catalogue(house, on=TODAY)
    assert len(catalogue.listings) == 5662 - 192
    with house() as session:
        assert edition_of(session, TODAY) == catalogue.edition
    assert [one.province for one in catalogue.by_code("1.014325")] == ["08"]
    assert sum(one.province == "38" for one in catalogue.listings.values()) == 72


def test_all_forms_of_one_record_say_the_same(shared: Path):
    samples = shared / "portal-samples" / "new-portal-2026"
    by_answer, by_wrapper, by_page = (
        next(read(path).drafts)
        for path in (
            samples / "api" / "get-formality-by-citizen.1.001193.json",
            samples / "api" / "saved-wrapper.1.001193.json",
            samples / "html" / "detail-khai-sinh.html",
        )
    )
    assert by_answer.fingerprint == by_wrapper.fingerprint
    assert by_page.portal_id == by_answer.portal_id
    assert set(by_page.content.legal_bases) == set(by_answer.content.legal_bases)
    assert {one.name for one in by_page.content.documents} == {
        one.name for one in by_answer.content.documents
    }


def test_normalised_records_agree_with_the_raw_ones(shared: Path, crawl: Path):
    """The same catalogue in two formats: codes, kinds, names and levels are the same."""

    def facts(path: Path) -> dict[tuple[str, str | None], tuple[object, ...]]:
        found = {}
        for one in read(path).drafts:
            assert not any(
                _free_beside_a_number(fee) for m in one.content.methods for fee in m.fees
            )
            if not one.content.is_list_only:
                found[one.code, one.province] = (one.name, one.kind, one.levels, one.sector)
        return found

    raw, plain = facts(crawl), facts(shared / "procedures" / "procedures.jsonl")
    assert plain.keys() - raw.keys() == set()
    assert {key: (plain[key], raw[key]) for key in plain if plain[key] != raw[key]} == {}
    # The normalised file has one record a code, and one code is used twice.
    assert [code for code, _ in raw.keys() - plain.keys()] == ["1.014325"]


def _free_beside_a_number(fee: Fee) -> bool:
    words = (fee.text or "").split("(")[0]
    return fee.free and any(letter.isdigit() for letter in words)


def test_former_records_are_refused_or_kept_as_withdrawn(shared: Path, house: House):
    path = shared / "procedures" / "procedures_legacy.jsonl"
    refused = import_paths(house, [path], publish=True, today=TODAY)
    # One of the 106 is in force: it only shares its code with another province's procedure.
    assert (refused.created, len(refused.problems)) == (1, 105)
    kept = import_paths(house, [path], publish=True, today=TODAY, legacy=True)
    assert (kept.created, kept.unchanged) == (105 - len(kept.problems), 1)
    catalogue = load_catalogue(house, on=TODAY)
    assert len(catalogue.listings) <= 1
    assert catalogue.withdrawn("1.001666") is not None


def test_lists_in_excel(shared: Path):
    reading = read(shared / "portal-samples" / "new-portal-2026" / "excel")
    drafts = list(reading.drafts)
    assert reading.problems == []
    assert len(drafts) == 339 + 271 + 3
    assert all(one.content.is_list_only for one in drafts)
