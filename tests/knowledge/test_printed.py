"""A print of the portal held against the record; the text is what a PDF reader gives."""

from pathlib import Path

import pytest

from knowledge.checks.printed import Unlike, compare
from knowledge.importing import read
from knowledge.importing.printed import NotPrinted, parts_of, read_print
from knowledge.records.content import (
    Content,
    Document,
    Fee,
    LegalBasis,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)
from knowledge.records.draft import Draft

PRINT = """CHI TIẾT THỦ TỤC HÀNH CHÍNH
Tên thủ tục Thủ tục đăng ký nuôi
vịt đẻ trứng
Mã thủ tục 1.900001
Số quyết định 1/QĐ-V
Cấp thực hiện Xã, Cơ quan khác
Lĩnh vực Chăn nuôi
Đối tượng thực hiện Công dân Việt Nam
Cơ quan có thẩm quyền
TRÌNH TỰ THỰC HIỆN
Bước 1: Nộp tại phường.
THÀNH PHẦN HỒ SƠ
Tên giấy tờ Mẫu đơn, tờ khai Số lượng
Tờ khai đăng ký nuôi vịt có xác nhận của tr
1 bản chính
ưởng thôn
CÁCH THỨC THỰC HIỆN
Trực tuyến 5 ngày làm việc 20.000 VNĐ
Trực tiếp 1 ngày Miễn phí
CĂN CỨ PHÁP LÝ
Luật Chăn nuôi 32/2018/QH14
CƠ QUAN THỰC HIỆN
Ủy ban nhân dân cấp xã
KẾT QUẢ XỬ LÝ
Giấy xác nhận
Mã: KQ.1
TỪ KHÓA
"""
FIVE = TimeLimit(value=5, unit=Unit.WORKING_DAY)
RECORD = Draft(
    code="1.900001", name="Thủ tục đăng ký nuôi vịt đẻ trứng", levels=(Level.COMMUNE, Level.OTHER),
    sector="Chăn nuôi", decision_number="1/QĐ-V", source="thử",
    content=Content(
        applicants=("Công dân Việt Nam",), executing=("Ủy ban nhân dân cấp xã",),
        methods=(
            Method(submission=Submission.ONLINE, time_limit=FIVE, fees=(Fee(amount=20000),)),
            Method(submission=Submission.IN_PERSON),
        ),
        documents=(Document(name="Tờ khai đăng ký nuôi vịt có xác nhận của trưởng thôn"),),
        steps=("Bước 1: Nộp tại phường.",), results=("Giấy xác nhận",),
        legal_bases=(LegalBasis(number="32/2018/QH14", name="Luật Chăn nuôi"),),
    ),
)  # fmt: skip


def real(found: list[Unlike]) -> list[tuple[str, str]]:
    return [(one.part, one.says) for one in found if not one.is_fault_of_print]


def changed(**facts: object) -> Draft:
    inside = {key: facts.pop(key) for key in list(facts) if key in Content.model_fields}
    return RECORD.model_copy(update=facts | {"content": RECORD.content.model_copy(update=inside)})


def test_what_is_the_same_is_not_told_and_known_faults_are_told_apart():
    found = compare(parts_of(PRINT), RECORD)
    assert real(found) == []
    assert [one.part for one in found] == ["thời hạn", "phí, lệ phí"]


@pytest.mark.parametrize(
    ("facts", "part", "says"),
    [
        ({"name": "Đăng ký nuôi ngan"}, "tên thủ tục", "hồ sơ ghi «Đăng ký nuôi ngan»"),
        ({"levels": (Level.COMMUNE,)}, "cấp thực hiện", "chỉ bản in ghi cơ quan khác"),
        ({"applicants": ("Hợp tác xã",)}, "đối tượng thực hiện", "bản in không có: «Hợp tác xã»"),
        ({"executing": ()}, "cơ quan thực hiện", "hồ sơ để trống, bản in ghi"),
        ({"documents": (Document(name="Giấy bán vịt"),)}, "thành phần hồ sơ", "không có: «Giấy"),
        ({"legal_bases": (LegalBasis(number="9/2020", name="X"),)}, "căn cứ pháp lý", "9/2020"),
        ({"methods": (Method(submission=Submission.POST),)}, "cách thức thực hiện", "qua bưu điện"),
    ],
)  # fmt: skip
def test_each_difference_is_told_in_words(facts: dict[str, object], part: str, says: str):
    ((where, told),) = real(compare(parts_of(PRINT), changed(**facts)))
    assert where == part
    assert says in told


def test_another_amount_and_limit_are_told():
    method = Method(
        submission=Submission.ONLINE,
        time_limit=TimeLimit(value=7, unit=Unit.DAY),
        fees=(Fee(amount=8000),),
    )
    told = real(compare(parts_of(PRINT), changed(methods=(method,))))
    assert [part for part, _ in told] == ["thời hạn", "phí, lệ phí"]


def test_other_files_are_refused(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(NotPrinted, match="không đọc được"):
        read_print(path)
    with pytest.raises(NotPrinted, match="không phải bản in"):
        parts_of("Hóa đơn tiền điện")
    reading = read(path)
    assert list(reading.drafts) == []
    assert "motcua compare" in reading.problems[0].says


def test_prints_of_the_portal_agree_with_its_own_records(shared: Path):
    samples = shared / "portal-samples" / "new-portal-2026"
    for code, differences in (("1.004222", []), ("1.001193", ["cơ quan thực hiện"])):
        printed = read_print(samples / "pdf" / f"chi-tiet-thu-tuc-{code}.pdf")
        assert printed.code == code
        record = next(read(samples / "api" / f"get-formality-by-citizen.{code}.json").drafts)
        assert [part for part, _ in real(compare(printed, record))] == differences
