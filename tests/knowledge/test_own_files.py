from pathlib import Path

import pytest

from knowledge.importing import read
from knowledge.importing.own_files import read_own_file
from knowledge.records.content import Fee, FeeKind, Level, Submission, TimeLimit, Unit
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind

FILE = """
lĩnh vực: Chăn nuôi vịt
nguồn: Trại thử
ngày số liệu: 2026-07-18
thủ tục:
  - mã: 1.900001
    tên: Đăng ký nuôi vịt
    cấp: [xã, tỉnh]
    quyết định: {số: 1/QĐ-BV, ngày: 2026-01-02, cơ quan: Bộ Vịt}
    tên thường gọi: [nuôi vịt, xin nuôi vịt]
    toàn trình: có
    cách thức:
      - nộp: trực tiếp
        thời hạn: 7 ngày làm việc
        phí:
          - lệ phí: 20.000 đồng
          - phí: miễn phí
          - giá: xem bảng
            bảng: gia.pdf
    trường hợp:
      - tên: Vịt trời
        thời hạn: {số: "2,5", đơn vị: ngày, ghi chú: trời mưa thì lâu hơn}
    giấy tờ:
      - tên: Căn cước
        xuất trình: có
      - {tên: Ảnh vịt, trường hợp: Vịt trời, bản chính: 1, mẫu: [anh.docx]}
    các bước: [Nộp, Nhận]
  - mã: 1.900002
    tên: Đăng ký nuôi ngan
    loại: địa phương
    tỉnh: "38"
"""


def write(tmp_path: Path, text: str = FILE) -> Path:
    path = tmp_path / "vit.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_sector_file(tmp_path: Path):
    drafts, problems = read_own_file(write(tmp_path))
    assert problems == []
    duck, muscovy = drafts
    assert (duck.code, duck.sector, duck.owner) == ("1.900001", "Chăn nuôi vịt", "Bộ Vịt")
    assert duck.levels == (Level.COMMUNE, Level.PROVINCE)
    assert duck.content.everyday_names == ("nuôi vịt", "xin nuôi vịt")
    assert duck.content.full_online
    method = duck.content.methods[0]
    assert (method.submission, method.time_limit) == (
        Submission.IN_PERSON,
        TimeLimit(value=7, unit=Unit.WORKING_DAY),
    )
    assert method.fees == (
        Fee(kind=FeeKind.CHARGE, amount=20000),
        Fee(kind=FeeKind.FEE, free=True),
        Fee(kind=FeeKind.PRICE, table="gia.pdf"),
    )
    case = duck.content.cases[0]
    assert case.time_limit == TimeLimit(value=2.5, unit=Unit.DAY, text="trời mưa thì lâu hơn")
    shown, photo = duck.content.documents
    assert shown.shown_only
    assert (photo.originals, photo.copies) == (1, None)
    assert (muscovy.kind, muscovy.province, muscovy.levels) == (Kind.LOCAL, "38", ())


def test_the_format_is_known_by_its_content(tmp_path: Path):
    path = tmp_path / "no-suffix"
    path.write_text(FILE, "utf-8")
    assert len(list(read(path).drafts)) == 2


def test_a_local_procedure_takes_the_province_of_its_agency(tmp_path: Path):
    agency = 'quyết định: {số: "9", ngày: 2026-01-02, cơ quan: UBND Thành phố Huế}'
    drafts, _ = read_own_file(write(tmp_path, FILE.replace('tỉnh: "38"', agency)))
    assert drafts[1].province == "46"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("mã: 1.900001", "mã: 1.9", "không đúng dạng d.dddddd"),
        ("tên: Đăng ký nuôi vịt", "ten: Đăng ký", "khóa không có trong hướng dẫn: ten"),
        ("tên: Đăng ký nuôi vịt", "tên:", "thiếu «tên»"),
        ("cấp: [xã, tỉnh]", "cấp: [huyện]", "chỉ nhận bộ, tỉnh, xã, khác"),
        ("cấp: [xã, tỉnh]", "cấp: [[xã]]", "chỉ nhận bộ, tỉnh, xã, khác"),
        ("ngày: 2026-01-02", "ngày: 2/1/2026", "ghi như 2026-07-18"),
        ("ngày: 2026-01-02", "ngày: [2026]", "ghi như 2026-07-18"),
        ("thời hạn: 7 ngày làm việc", "thời hạn: 7", "ghi như «7 ngày làm việc»"),
        ("thời hạn: 7 ngày làm việc", "thời hạn: 0 ngày", "thời hạn phải lớn hơn 0"),
        ('số: "2,5"', "số: vài", "không phải là số"),
        ("lệ phí: 20.000 đồng", "lệ phí: vài đồng", "ghi như «20.000 đồng»"),
        ("lệ phí: 20.000 đồng", "lệ phí: 0 đồng", "phải lớn hơn 0"),
        ("lệ phí: 20.000 đồng", "tiền: 20.000 đồng", "«phí» có khóa lạ: tiền"),
        ("bản chính: 1", "bản chính: một", "số bản «một»"),
        ("trường hợp: Vịt trời", "trường hợp: Vịt đất", "trường hợp chưa khai báo"),
        ("- tên: Căn cước", "- Căn cước", "phải ghi thành"),
    ],
)
def test_a_fault_costs_its_procedure_and_names_its_line(
    tmp_path: Path, old: str, new: str, says: str
):
    text = FILE.replace(old, new)
    if new == "- Căn cước":
        text = text.replace("        xuất trình: có\n", "")
    drafts, problems = read_own_file(write(tmp_path, text))
    assert [draft.code for draft in drafts] == ["1.900002"]
    assert problems[0].source == "vit.yaml, dòng 6"
    assert says in problems[0].says


@pytest.mark.parametrize(
    ("new", "says"),
    [("tỉnh: Thanh Hóa", "mã hành chính hai chữ số"), ("mô tả: x", "phải ghi «tỉnh»")],
)
def test_a_local_procedure_must_name_its_province(tmp_path: Path, new: str, says: str):
    drafts, problems = read_own_file(write(tmp_path, FILE.replace('tỉnh: "38"', new)))
    assert [draft.code for draft in drafts] == ["1.900001"]
    assert says in problems[0].says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "thiếu danh sách"),
        ("thủ tục: vịt", "thiếu danh sách"),
        ("lĩnh vực: a\nthủ tục:\n - mã: b\n  tên: c", "dòng 4: không đọc được YAML"),
        ("lĩnh vực: a\nthủ tục: [vịt]", "khối «khóa: giá trị»"),
        ("thủ tục:\n - mã: 1.900001\n   tên: Vịt", "thiếu «lĩnh vực»"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(tmp_path: Path, text: str, says: str):
    drafts, problems = read_own_file(write(tmp_path, text))
    assert drafts == []
    assert says in str(problems[0])


def test_text_and_letters_are_taken_as_they_are(tmp_path: Path):
    """No value turns into a number, a date or a yes by itself."""
    drafts, _ = read_own_file(write(tmp_path, FILE.replace("Căn cước", "không")))
    assert isinstance(drafts[0], Draft)
    assert drafts[0].content.documents[0].name == "không"
