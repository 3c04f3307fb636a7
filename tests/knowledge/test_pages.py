from pathlib import Path

import pytest

from knowledge.importing import Draft, read
from knowledge.importing.fees import ZERO_WITHOUT_WORDS
from knowledge.records.content import Fee, LegalBasis, Level, Submission, TimeLimit, Unit
from tests.knowledge.making import PORTAL_ID

HEAD = f"""<!doctype html><html><head>
<link rel="canonical" href="https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{PORTAL_ID.format(1)}">
</head><body><div>Mã thủ tục</div><main>"""


def fact(label: str, value: str) -> str:
    return f"<div><div>{label}</div><div>{value}</div></div>"


def section(title: str, body: str) -> str:
    return f"<div><h4>{title}</h4>{body}</div>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<td><div>{cell}</div></td>" for cell in row) for row in rows)
    return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody></table>"


PAGE = "".join(
    [
        HEAD,
        fact("Tên thủ tục", "Đăng ký nuôi vịt"),
        fact("Mã thủ tục", "1.900001"),
        fact("Số quyết định", "1/QĐ-BV"),
        fact("Cấp thực hiện", "Cấp tỉnh, Cấp xã"),
        fact("Lĩnh vực", "Chăn nuôi vịt"),
        fact("Đối tượng thực hiện", "Công dân Việt Nam, Tổ chức (không gồm hội, nhóm)"),
        fact("Cơ quan có thẩm quyền", "Chủ tịch xã"),
        fact("Địa chỉ tiếp nhận HS", ""),
        section(
            "Trình Tự Thực Hiện", "<ul><li><p></p><p>Bước 1: Nộp.\nBước 2: Nhận.</p></li></ul>"
        ),
        section(
            "Cách Thức Thực Hiện",
            table(
                ("Trực tuyến", "1", "<span>Miễn phí</span>", ""),
                (
                    "Trực tiếp",
                    "7 Ngày làm việc",
                    "<span>20.000 Việt Nam Đồng</span><br><span>(một con)</span>",
                    "Tại chuồng",
                ),
                (
                    "Dịch vụ bưu chính",
                    "Trong ngày",
                    "<span>Miễn phí</span><br><span>(Theo nghị quyết)</span>",
                    "",
                ),
            ),
        ),
        section(
            "Thành phần hồ sơ",
            "<h5>* Giấy tờ phải nộp:</h5>"
            + table(("<span>- Tờ khai</span>", "mau.docx", "1 bản chính,<br>2 bản sao"))
            + "<h5>Vịt trời</h5>"
            + table(("Ảnh vịt", "", "0 bản chính")),
        ),
        section("Căn cứ pháp lý", table(("Luật Vịt", "1/2026/QH16"))),
        section("Cơ quan thực hiện", "<div>Ủy ban nhân dân cấp xã</div>"),
        section("Yêu cầu, điều kiện thực hiện", "<div>Không có thông tin</div>"),
        section("Kết quả xử lý", "<div><div>Giấy nuôi vịt</div><div>Mã: KQ1</div></div>"),
        section("Từ khóa", "<div>vịt, ngan</div>"),
        "</main></body></html>",
    ]
)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    path = tmp_path / "page"
    path.write_text(PAGE, "utf-8")
    reading = read(path)
    drafts = list(reading.drafts)
    assert reading.problems == []
    assert len(drafts) == 1
    return drafts[0]


def test_facts_of_a_saved_page(draft: Draft):
    assert (draft.code, draft.name, draft.sector) == (
        "1.900001",
        "Đăng ký nuôi vịt",
        "Chăn nuôi vịt",
    )
    assert draft.levels == (Level.PROVINCE, Level.COMMUNE)
    assert draft.portal_id == PORTAL_ID.format(1)
    assert draft.decision_number == "1/QĐ-BV"
    assert draft.content.applicants == ("Công dân Việt Nam", "Tổ chức (không gồm hội, nhóm)")
    assert draft.content.executing == ("Ủy ban nhân dân cấp xã",)
    assert draft.content.competent == ("Chủ tịch xã",)
    assert draft.content.receiving_address is None
    assert draft.content.requirements == ()
    assert draft.content.results == ("Giấy nuôi vịt",)
    assert draft.content.keywords == ("vịt", "ngan")
    assert draft.content.steps == ("Bước 1: Nộp.", "Bước 2: Nhận.")
    assert draft.content.legal_bases == (LegalBasis(number="1/2026/QH16", name="Luật Vịt"),)


def test_methods_of_a_saved_page(draft: Draft):
    online, at_the_desk, by_post = draft.content.methods
    assert (online.submission, online.time_limit) == (Submission.ONLINE, None)
    assert online.fees == (Fee(text=ZERO_WITHOUT_WORDS),)
    assert at_the_desk.time_limit == TimeLimit(value=7, unit=Unit.WORKING_DAY)
    assert at_the_desk.fees == (Fee(amount=20000, text="một con"),)
    assert at_the_desk.note == "Tại chuồng"
    assert by_post.time_limit == TimeLimit(text="Trong ngày")
    assert by_post.fees == (Fee(text="Theo nghị quyết"),)


def test_papers_of_a_saved_page(draft: Draft):
    form, photo = draft.content.documents
    assert (form.name, form.case, form.originals, form.copies) == ("Tờ khai", None, 1, 2)
    assert [one.name for one in form.forms] == ["mau.docx"]
    assert (photo.name, photo.case, photo.originals, photo.copies) == (
        "Ảnh vịt",
        "Vịt trời",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.900001", "1.0133611", "không đúng dạng"),
        ("Chăn nuôi vịt", "", "lĩnh vực: đang để trống"),
        ("<main>", "<div>", "không phải trang chi tiết"),
    ],
)
def test_a_page_that_cannot_be_a_record(tmp_path: Path, old: str, new: str, says: str):
    path = tmp_path / "page"
    path.write_text(PAGE.replace(old, new), "utf-8")
    reading = read(path)
    assert list(reading.drafts) == []
    assert says in reading.problems[0].says


def test_real_pages(shared):
    reading = read(shared / "portal-samples" / "new-portal-2026" / "html")
    everything = list(reading.drafts)
    drafts = {draft.code: draft for draft in everything if not draft.content.is_list_only}
    assert set(drafts) == {"1.001193", "1.004222", "1.013225"}
    assert len(everything) == 3 + 10  # the page of the list names ten
    assert reading.problems == []
    for draft in drafts.values():
        assert draft.content.documents
        assert draft.content.methods
        assert draft.content.steps
        assert draft.portal_id
