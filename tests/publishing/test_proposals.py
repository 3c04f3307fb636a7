from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.builtin_catalogue import seed
from knowledge.catalogue import load_catalogue
from knowledge.decisions import Item, Paper, carry_out
from knowledge.history import Refused
from knowledge.importing import import_paths
from knowledge.importing.proposing import ProposalReport, propose_paths
from knowledge.proposals import accept, open_proposals, reject
from knowledge.records.kinds import Action
from knowledge.records.procedure import Revision
from knowledge.records.proposal import Change, ImportRun, Proposal, Seen, Verdict
from knowledge.workflow import approve, next_wording, submit, write
from tests.knowledge.conftest import TODAY, House
from tests.knowledge.making import NOW, PORTAL_ID, group, json_lines, paper, record
from tests.publishing.conftest import HOA, LAN, MINH, hire
from tests.publishing.scenario import Copy, changed_copy, kill_in_the_middle, play

TOMORROW = TODAY + timedelta(days=1)


def bring(house: House, path: Path, **facts: object) -> ProposalReport:
    return propose_paths(house, [path], today=TODAY, now=NOW, **facts)  # type: ignore[arg-type]


def codes(count: int) -> list[str]:
    return [f"1.9{number:05}" for number in range(count)]


def correct(session: Session, code: str, **facts: object) -> None:
    """A correction of staff, through the whole way to a decision in force today."""
    known = next_wording(session, code)
    assert known is not None
    inside = {key: facts.pop(key) for key in list(facts) if key in type(known.content).model_fields}
    content = known.content.model_copy(update=inside)
    revision = write(session, LAN, known.model_copy(update=facts | {"content": content}))
    submit(session, LAN, revision)
    approve(session, MINH, revision)
    number = f"{revision.id}/QĐ"
    items = (Item(code, Action.AMENDED),)
    carry_out(session, HOA, Paper(number, TODAY, "UBND", TODAY, items))


def accept_all(house: House, **facts: object) -> None:
    with house.begin() as session:
        for one in open_proposals(session):
            accept(session, MINH, one, on=TOMORROW, **facts)  # type: ignore[arg-type]


def test_nothing_changes_until_staff_accept(staffed: House, tmp_path: Path):
    path = json_lines(tmp_path / "a", *(record(code) for code in codes(3)))
    report = bring(staffed, path)
    assert (report.new, report.changed, report.gone, report.unchanged) == (3, 0, 0, 0)
    assert load_catalogue(staffed, on=TOMORROW).listings == {}
    with staffed.begin() as session:
        first, second, third = open_proposals(session)
        with pytest.raises(Refused, match="không có vai trò kiểm soát"):
            accept(session, LAN, first, on=TODAY)
        accept(session, MINH, first, on=TODAY)
        reject(session, MINH, second, reason="chưa cần")
        with pytest.raises(Refused, match="đã có người quyết: minh"):
            accept(session, MINH, second, on=TODAY)
    assert list(load_catalogue(staffed, on=TODAY).listings) == ["1.900000"]
    again = bring(staffed, path)
    # The first is known, the second was refused, the third is proposed anew.
    assert (again.new, again.unchanged) == (2, 1) or (again.new, again.unchanged) == (1, 2)
    with staffed() as session:
        assert session.get_one(Proposal, third.id).verdict is Verdict.OVERTAKEN


def test_changes_are_told_field_by_field(staffed: House, tmp_path: Path):
    import_paths(staffed, [json_lines(tmp_path / "a", record())], publish=True, today=TODAY)
    changed = record(
        name="Đăng ký nuôi ngan",
        executionCases=[group("", paper("- Tờ khai nuôi ngan", 2))],
        id=PORTAL_ID.format(2),
    )
    bring(staffed, json_lines(tmp_path / "b", changed))
    with staffed() as session:
        (one,) = open_proposals(session)
        assert one.change is Change.CHANGED
        assert one.differences["fields"] == [
            "tên thủ tục: «Thủ tục đăng ký nuôi vịt» → «Đăng ký nuôi ngan»",
            f"mã trang trên Cổng (đường dẫn): «{PORTAL_ID.format(1)}» → «{PORTAL_ID.format(2)}»",
            "thành phần hồ sơ: «Tờ khai nuôi vịt (1 bản chính)»"
            " → «Tờ khai nuôi ngan (2 bản chính)»",
        ]


def test_corrections_survive_and_conflicts_are_shown(staffed: House, tmp_path: Path):
    old = json_lines(tmp_path / "a", record())
    import_paths(staffed, [old], publish=True, today=TODAY)
    with staffed.begin() as session:
        correct(session, "1.900001", name="Tên dễ hiểu", everyday_names=("nuôi vịt",))
    unchanged = bring(staffed, old)
    assert (unchanged.changed, unchanged.unchanged) == (0, 1)
    moved = record(
        name="Tên mới của nguồn", executionSteps=[{"name": "", "description": "Nộp qua mạng."}]
    )
    report = bring(staffed, json_lines(tmp_path / "b", moved))
    assert (report.changed, report.conflicts) == (1, 1)
    with staffed() as session:
        (one,) = open_proposals(session)
        assert one.differences["conflicts"] == ["tên thủ tục: «Tên dễ hiểu» → «Tên mới của nguồn»"]
        assert one.differences["kept"] == ["decision_number", "decision_date", "name"]
    accept_all(staffed)
    now = load_catalogue(staffed, on=TOMORROW).revision("1.900001")
    assert (now.name, now.content.steps) == ("Tên dễ hiểu", ("Nộp qua mạng.",))
    assert now.content.everyday_names == ("nuôi vịt",)
    again = bring(staffed, json_lines(tmp_path / "c", moved | {"updatedAt": 1792838800000}))
    assert (again.changed, again.unchanged, again.conflicts) == (0, 1, 0)


def test_the_source_may_be_preferred(staffed: House, tmp_path: Path):
    import_paths(staffed, [json_lines(tmp_path / "a", record())], publish=True, today=TODAY)
    with staffed.begin() as session:
        correct(session, "1.900001", name="Tên dễ hiểu")
    bring(staffed, json_lines(tmp_path / "b", record(name="Tên mới của nguồn")))
    accept_all(staffed, take_source=True)
    assert load_catalogue(staffed, on=TOMORROW).listings["1.900001"].name == "Tên mới của nguồn"


def test_publishing_at_once_keeps_corrections_too(staffed: House, tmp_path: Path):
    import_paths(staffed, [json_lines(tmp_path / "a", record())], publish=True, today=TODAY)
    with staffed.begin() as session:
        correct(session, "1.900001", name="Tên dễ hiểu", portal_id=PORTAL_ID.format(7))
    moved = json_lines(tmp_path / "b", record(name="Khác", resultsDetails=[{"name": "Thẻ"}]))
    for expected in ((1, 0), (0, 1)):
        report = import_paths(staffed, [moved], publish=True, today=TOMORROW)
        assert (report.changed, report.unchanged) == expected
        told = [problem.says for problem in report.problems]
        assert len(told) == expected[0]
        assert all("giữ bản đã sửa" in says and "Khác" in says for says in told)
    now = load_catalogue(staffed, on=TOMORROW).revision("1.900001")
    assert (now.name, now.portal_id) == ("Tên dễ hiểu", PORTAL_ID.format(7))
    assert now.content.results == ("Thẻ",)


def test_what_a_whole_catalogue_lacks_is_proposed_as_gone(staffed: House, tmp_path: Path):
    whole = json_lines(tmp_path / "a", *(record(code) for code in codes(40)))
    import_paths(staffed, [whole], publish=True, today=TODAY)
    part = json_lines(tmp_path / "b", *(record(code) for code in codes(20)))
    assert (bring(staffed, part).gone, bring(staffed, part, whole=True).gone) == (0, 20)
    most = json_lines(tmp_path / "c", *(record(code) for code in codes(38)))
    report = bring(staffed, most)
    assert (report.is_whole, report.gone) == (True, 2)
    accept_all(staffed)
    catalogue = load_catalogue(staffed, on=TOMORROW)
    assert len(catalogue.listings) == 38
    assert catalogue.withdrawn("1.900039").on == TOMORROW
    assert len(load_catalogue(staffed, on=TODAY).listings) == 40


def test_a_draft_older_than_an_import_is_not_published_over_it(staffed: House, tmp_path: Path):
    import_paths(staffed, [json_lines(tmp_path / "a", record())], publish=True, today=TODAY)
    with staffed.begin() as session:
        revision = write(session, LAN, next_wording(session, "1.900001"))
        submit(session, LAN, revision)
        approve(session, MINH, revision)
    path = json_lines(tmp_path / "b", record(name="Mới hơn"))
    import_paths(staffed, [path], publish=True, today=TODAY)
    assert load_catalogue(staffed, on=TODAY).listings["1.900001"].name == "Mới hơn"
    decision = Paper("1/QĐ", TODAY, "UBND", TODAY, (Item("1.900001", Action.AMENDED),))
    with staffed.begin() as session, pytest.raises(Refused, match="đã có bản mới hơn"):
        carry_out(session, HOA, decision)


def test_better_everyday_names_of_a_release_reach_portal_records(staffed: House, tmp_path: Path):
    folder = tmp_path / "builtin"
    folder.mkdir()

    def release(names: str) -> None:
        head = "lĩnh vực: Vịt\nthủ tục:\n  - mã: 1.900001\n    tên: Vịt\n"
        text = f"{head}    tên thường gọi: [{names}]\n"
        (folder / "vit.yaml").write_text(text, "utf-8")
        seed(staffed, today=TODAY, folder=folder)

    def names() -> tuple[str, ...]:
        return load_catalogue(staffed, on=TODAY).listings["1.900001"].everyday_names

    release("nuôi vịt")
    import_paths(staffed, [json_lines(tmp_path / "a", record())], publish=True, today=TODAY)
    for better in ("nuôi vịt, vịt đẻ", "vịt, vịt đẻ", "vịt cỏ"):
        release(better)
        assert names() == tuple(better.split(", "))
    with staffed.begin() as session:
        correct(session, "1.900001", everyday_names=("lời của cán bộ",), name="Tên dễ hiểu")
    release("vịt bầu")
    assert names() == ("lời của cán bộ",)


def test_a_killed_import_goes_on_where_it_was(house: House, tmp_path: Path):
    path = json_lines(tmp_path / "a", *(record(code) for code in codes(700)), record("bad"))
    whole = Copy(path, (), (), (), (), ())
    kill_in_the_middle(f"sqlite:///{tmp_path / 'house.db'}", whole, TODAY, after=300)
    report = bring(house, path)
    assert (report.resumed_at, report.new, len(report.problems)) == (300, 700, 1)
    with house() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 700
        assert session.scalar(select(func.count()).select_from(Seen)) == 700
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
        assert session.scalar(select(func.count()).select_from(Revision)) == 0


def test_july_then_a_changed_copy(house: House, tmp_path: Path):
    """The whole scenario on 700 procedures; `make bench` plays it on the national catalogue."""
    hire(house)
    rows = [record(code) for code in codes(700)]
    import_paths(house, [json_lines(tmp_path / "july", *rows)], publish=True, today=TODAY)
    changed = changed_copy(rows, tmp_path / "copy", start=100)
    play(house, f"sqlite:///{tmp_path / 'house.db'}", changed, today=TODAY, total=len(rows))
