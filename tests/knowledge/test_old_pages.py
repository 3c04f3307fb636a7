"""Pages of the old portal, list pages, and JSON of other crawls: told by content, read or refused."""

import json
from pathlib import Path

import pytest

from knowledge.importing import Problem, read
from knowledge.records.content import Level, Submission
from knowledge.records.draft import Draft

WINDOW = """<html><body><div id="popupChitietTTHC"><div class="content">
<div class="row info-row"><div class="key">Mã thủ tục:</div><div>1.900001.000.00.00.H56</div></div>
<div class="row info-row"><div class="key">Số quyết định:</div><div>12/QĐ-V</div></div>
<div class="row info-row"><div class="key">Tên thủ tục:</div><div> Nuôi
   vịt </div></div>
<div class="row info-row"><div class="key">Cấp thực hiện:</div><div>Cấp Bộ, Cấp Xã</div></div>
<div class="row info-row"><div class="key">Lĩnh vực:</div><div>Vịt</div></div>
<div class="row info-row"><div class="key">Cách thức thực hiện:</div><div><table><tbody>
  <tr><td>Trực tiếp</td><td>7 Ngày làm việc</td><td>Phí : 20.000 Đồng (mỗi đàn) Lệ phí: 0 Đồng</td>
      <td></td></tr></tbody></table></div></div>
<div class="row info-row"><div class="key">Thành phần hồ sơ:</div><div><div class="key">Đàn lớn</div>
  <table><thead><tr><th>Tên giấy tờ</th><th>Mẫu đơn, tờ khai</th><th>Số lượng</th></tr></thead>
  <tbody><tr><td>Đơn</td><td>don.docx</td><td>Bản chính: 1<br>Bản sao: 2</td></tr></tbody></table>
</div></div>
<div class="row info-row"><div class="key">Từ khóa:</div><div>Không có thông tin</div></div>
</div></div></body></html>"""
SHORT = """<html><body><script>var procedure_code = '1.900002';</script>
<h1 class="main-title -none">Nuôi ngan</h1>
<h2 class="main-title-sub">Trình tự thực hiện</h2><br>
<div class="list-expand"><p>Bước 1: Nộp.</p><p>Bước 2: Nhận.</p></div>
<h2 class="main-title-sub">Thành phần hồ sơ</h2>
<div><div class="title">Đàn nhỏ</div><table><thead><tr><th>Loại giấy tờ</th><th>Bản chính</th>
<th>Bản sao</th><th>Mẫu đơn, tờ khai</th></tr></thead>
<tbody><tr><td>Đơn</td><td>1</td><td>0</td><td></td></tr></tbody></table></div></body></html>"""
LISTED = """<html><body><main><table><thead><tr><th>Mã số</th><th>Tên</th><th>Cơ quan ban hành</th>
<th>Cơ quan thực hiện</th><th>Lĩnh vực</th></tr></thead><tbody>
<tr><td> 1.900003 </td><td>Nuôi ngỗng</td><td>Bộ Vịt</td><td>Bộ Vịt</td><td>Ngỗng</td></tr>
</tbody></table></main></body></html>"""
WORD = {
    "thu_tuc_id": "1.900004",
    "metadata": {"mã_thủ_tục": "1.900004", "tên_thủ_tục": "Nuôi gà", "lĩnh_vực": "Gà",
                 "số_quyết_định": "Quyết định số 9/QĐ-V", "cấp_thực_hiện": "Cấp Tỉnh"},
    "content": {"trình_tự_thực_hiện": "Bước 1: Nộp", "yêu_cầu_điều_kiện_thực_hiện": "Có sân"},
    "tables": {
        "hinh_thuc_nop": [{"hinh_thuc": "Trực tuyến", "thoi_han_giai_quyet": "5 Ngày",
                           "phi_le_phi": "Phí : 0 Đồng", "mo_ta": ""}],
        "thanh_phan_ho_so": [{"ten_giay_to": "Đơn", "so_luong": "mau.doc",
                              "ghi_chu": "Bản chính: 1\nBản sao: 0"}],
        "can_cu_phap_ly": [{"so_ky_hieu": "5/L", "trich_yeu": "Luật Gà"}],
    },
}  # fmt: skip
GLUED = {
    "ma_thu_tuc": "1.900005", "ten_thu_tuc": "Nuôi chim", "cap_thuc_hien": "Cấp xã",
    "linh_vuc": "Chim", "so_quyet_dinh": "3/QĐ", "co_quan_thuc_hien": "UBND cấp xã",
    "cach_thuc_thuc_hien": "Hình thức nộpThời gianTrực tuyến7 Ngày", "raw_text": "",
    "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bf7-7704-7449-9e95-fe7ebb959aa2",
}  # fmt: skip


def drafts(tmp_path: Path, text: str, *, legacy: bool = True) -> tuple[list[Draft], list[Problem]]:
    path = tmp_path / "tệp không đuôi"
    path.write_text(text, "utf-8")
    reading = read(path, legacy=legacy)
    return list(reading.drafts), reading.problems


def test_the_full_page_is_a_former_procedure(tmp_path: Path):
    (one,), problems = drafts(tmp_path, WINDOW)
    assert problems == []
    assert (one.code, one.name, one.sector) == ("1.900001", "Nuôi vịt", "Vịt")
    assert (one.decision_number, one.is_current) == ("12/QĐ-V", False)
    assert one.levels == (Level.MINISTRY, Level.COMMUNE)
    (method,) = one.content.methods
    assert method.submission is Submission.IN_PERSON
    assert (method.fees[0].amount, method.fees[0].text) == (20000, "mỗi đàn")
    assert not method.fees[1].free
    (document,) = one.content.documents
    assert (document.name, document.case) == ("Đơn", "Đàn lớn")
    assert (document.originals, document.copies, document.forms[0].name) == (1, 2, "don.docx")
    assert one.content.keywords == ()


def test_the_short_page_keeps_its_code_in_a_script(tmp_path: Path):
    (one,), problems = drafts(tmp_path, SHORT)
    assert (one.code, one.name, problems) == ("1.900002", "Nuôi ngan", [])
    assert one.content.steps == ("Bước 1: Nộp.", "Bước 2: Nhận.")
    assert [(d.name, d.case, d.originals) for d in one.content.documents] == [("Đơn", "Đàn nhỏ", 1)]


@pytest.mark.parametrize("page", [WINDOW, SHORT])
def test_former_procedures_come_only_when_asked_for(tmp_path: Path, page: str):
    found, problems = drafts(tmp_path, page, legacy=False)
    assert found == []
    assert "không còn hiện hành" in problems[0].says


def test_a_saved_list_page_names_procedures(tmp_path: Path):
    (one,), problems = drafts(tmp_path, LISTED, legacy=False)
    assert (one.code, one.name, one.owner, problems) == ("1.900003", "Nuôi ngỗng", "Bộ Vịt", [])
    assert one.content.is_list_only


def test_a_challenge_page_is_not_taken_for_a_page(tmp_path: Path):
    page = "<html><head><script src='/TSPD/1'></script></head><body></body></html>"
    found, problems = drafts(tmp_path, page)
    assert found == []
    assert "chặn chương trình tự động" in problems[0].says


def test_word_exports_and_glued_texts(tmp_path: Path):
    found, problems = drafts(tmp_path, json.dumps([WORD, GLUED]))
    word, glued = found
    assert problems == []
    assert (word.code, word.decision_number, word.is_current) == ("1.900004", "9/QĐ-V", False)
    assert word.content.requirements == ("Có sân",)
    assert word.content.documents[0].forms[0].name == "mau.doc"
    assert word.content.legal_bases[0].number == "5/L"
    assert not word.content.methods[0].fees[0].free
    assert (glued.name, glued.is_current, glued.content.is_list_only) == ("Nuôi chim", True, True)
    assert glued.portal_id == "019d2bf7-7704-7449-9e95-fe7ebb959aa2"


def test_other_answers_of_the_portal_are_named(tmp_path: Path):
    rows = [{"ID": "1", "FIELD_NAME": "Vịt"}, {"ID": "2", "PROCEDURE_NAME": "Nuôi vịt"}]
    found, problems = drafts(tmp_path, json.dumps(rows))
    assert found == []
    assert [problem.says.split(" ", 2)[2] for problem in problems] == [
        "là danh sách lĩnh vực, không có thủ tục",
        "là danh sách tên không kèm mã thủ tục, nên không nhập được",
    ]


def test_every_sample_of_the_portal_is_recognised(shared: Path):
    """Each file gives procedures, or says in its own words why it cannot."""
    samples = shared / "portal-samples"
    silent = []
    for path in sorted(samples.rglob("*")):
        if path.suffix not in (".json", ".jsonl", ".html", ".xlsx", ".pdf"):
            continue
        reading = read(path, legacy=True)
        count = sum(1 for _ in reading.drafts)
        told = " ".join(problem.says for problem in reading.problems)
        is_empty = path.read_text("utf-8").strip() == "[]" if path.suffix == ".json" else False
        if not (count or is_empty or "danh sách" in told or "đối chiếu" in told):
            silent.append((path.name, told))
    assert silent == []
