import pytest

from knowledge.importing.papers import Group, Paper, is_heading, is_only_shown, papers_of
from knowledge.importing.tidying import label_of, without_enumeration
from knowledge.provinces import plain
from knowledge.records.content import Document, Form


def paper(name: str, originals: int | None = 1, copies: int | None = 0, *forms: str) -> Paper:
    return Paper(name, originals, copies, tuple(Form(name=form) for form in forms))


def read(*groups: tuple[str, list[Paper]]):
    return papers_of(Group(label, tuple(papers)) for label, papers in groups)


def documents(*groups: tuple[str, list[Paper]]) -> list[Document]:
    return list(read(*groups).documents.values())


def simple(label: str) -> str:
    return plain(without_enumeration(label_of(label)))


@pytest.mark.parametrize(
    "label",
    [
        "* Giấy tờ phải nộp:",
        "Giấy tờ phải nộp",
        "Thành phần hồ sơ:",
        "a) Thành phần hồ sơ:",
        "- Thành phần hồ sơ bao gồm",
        "Thành phần, số lượng hồ sơ:",
        "01 bộ hồ sơ",
        "Số lượng hồ sơ: 01 bộ.",
        "Bao gồm",
        "1",
        "Các giấy tờ phải nộp (bản chính), mỗi loại 01 bản, gồm:",
        "b) Các thành phần hồ sơ gồm:",
        "Thành phần hồ sơ nộp",
    ],
)
def test_headings_are_not_cases(label: str):
    assert is_heading(simple(label))
    found = read((label, [paper("Tờ khai")]))
    assert found.cases == {}
    assert [one.case for one in found.documents.values()] == [None]


def test_the_number_of_sets_is_kept_as_a_remark():
    assert list(read(("Số lượng hồ sơ: 01 bộ.", [paper("Tờ khai")])).notes) == [
        "Số lượng hồ sơ: 01 bộ"
    ]


@pytest.mark.parametrize(
    "label",
    [
        "Trường hợp ủy quyền thực hiện thủ tục:",
        "a) Đối với vịt trời:",
        "Vịt đã có giấy",
        "Hồ sơ của người nuôi vịt",
        "Hồ sơ đề nghị cấp lại gồm:",
    ],
)
def test_other_labels_are_cases(label: str):
    found = read((label, [paper("Tờ khai")]))
    assert list(found.cases) == [label.rstrip(":")]
    assert [one.case for one in found.documents.values()] == [label.rstrip(":")]


@pytest.mark.parametrize(
    "label",
    [
        "* Giấy tờ phải xuất trình:",
        "Thành phần hồ sơ xuất trình",
        "Các giấy tờ phải xuất trình (bản chính), bao gồm:",
        "Người nuôi vịt phải xuất trình các giấy tờ sau:",
    ],
)
def test_papers_that_are_only_shown(label: str):
    assert is_only_shown(simple(label))
    found = read((label, [paper("Căn cước")]))
    assert found.cases == {}
    assert [one.shown_only for one in found.documents.values()] == [True]


@pytest.mark.parametrize(
    "label",
    [
        "Xuất trình hoặc gửi bản chính các giấy tờ sau",
        "Hồ sơ gồm bản sao và xuất trình bản chính để đối chiếu",
        "Giấy tờ phải xuất trình (nộp bản sao có đóng dấu)",
    ],
)
def test_papers_that_are_handed_in_all_the_same(label: str):
    assert not is_only_shown(simple(label))


def test_a_shown_group_may_be_a_case_as_well():
    found = read(("Giấy tờ phải xuất trình đối với vịt trời", [paper("Căn cước")]))
    document = next(iter(found.documents.values()))
    assert document.shown_only
    assert document.case == "Giấy tờ phải xuất trình đối với vịt trời"


def test_a_row_may_say_itself_that_it_is_only_shown():
    shown, handed_in = documents(
        ("", [paper("- Xuất trình căn cước"), paper("Xuất trình hoặc nộp hộ chiếu")])
    )
    assert shown.shown_only
    assert not handed_in.shown_only


@pytest.mark.parametrize("label", ["* Lưu ý:", "Lưu ý", "Ghi chú:", "*Lưu ý :"])
def test_rows_under_a_remark_are_remarks(label: str):
    found = read((label, [paper("+ Vịt phải khỏe."), paper("- Không mang vịt chết.")]))
    assert list(found.notes) == ["Vịt phải khỏe.", "Không mang vịt chết."]
    assert found.documents == {}


def test_a_long_remark_in_the_label_itself_is_kept():
    found = read(("Lưu ý về thành phần hồ sơ: vịt phải khỏe.", [paper("Mang lồng.")]))
    assert list(found.notes) == ["Lưu ý về thành phần hồ sơ: vịt phải khỏe", "Mang lồng."]


def test_a_label_without_papers_is_a_remark():
    found = read(("Trường hợp vịt chết thì thôi.", []))
    assert list(found.notes) == ["Trường hợp vịt chết thì thôi"]
    assert found.cases == {}


@pytest.mark.parametrize(
    "name",
    [
        "Lưu ý: vịt phải khỏe",
        "Trường hợp đã có dữ liệu vịt thì không phải nộp giấy này.",
        "Người nuôi vịt nộp các giấy tờ sau:",
    ],
)
def test_a_row_that_is_a_remark(name: str):
    found = read(("", [paper(name, 0, 0)]))
    assert list(found.notes) == [name]


def test_a_counted_row_is_a_paper_even_if_it_speaks_of_not_handing_in():
    name = "Giấy chứng nhận (không phải nộp nếu đã có dữ liệu)"
    assert [one.name for one in documents(("", [paper(name, 1, 0)]))] == [name]


def test_no_originals_and_no_copies_means_unknown():
    unknown, copies = documents(("", [paper("Tờ khai", 0, 0, "mau.docx"), paper("Ảnh", 0, 2)]))
    assert (unknown.originals, unknown.copies) == (None, None)
    assert (copies.originals, copies.copies) == (0, 2)


def test_a_row_repeated_in_its_group_is_dropped_but_not_in_another():
    found = documents(
        ("", [paper("- Tờ khai"), paper("Tờ khai"), paper("a) Tờ khai")]),
        ("Đối với vịt trời", [paper("Tờ khai")]),
    )
    assert [(one.name, one.case) for one in found] == [
        ("Tờ khai", None),
        ("Tờ khai", "Đối với vịt trời"),
    ]
