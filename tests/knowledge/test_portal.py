from datetime import date

import pytest

from knowledge.importing.fees import ZERO_WITHOUT_WORDS
from knowledge.importing.portal import draft_of_detail
from knowledge.importing.rows import Row
from knowledge.records.content import (
    Case,
    Fee,
    FeeKind,
    LegalBasis,
    Level,
    Method,
    Submission,
    TimeLimit,
    Unit,
)
from knowledge.records.draft import Draft
from knowledge.records.kinds import Kind
from tests.knowledge.making import PORTAL_ID, fee, group, local_record, method, paper, record


def read(**facts: object) -> Draft:
    return draft_of_detail(Row(record(**facts)))


def test_the_plain_facts():
    draft = read()
    assert draft.code == "1.900001"
    assert draft.name == "Thủ tục đăng ký nuôi vịt"  # "Thủ tục" is part of the name
    assert draft.levels == (Level.COMMUNE,)
    assert draft.sector == "Chăn nuôi vịt"
    assert (draft.kind, draft.province, draft.owner) == (Kind.CENTRAL, None, "Bộ Vịt")
    assert draft.portal_id == PORTAL_ID.format(1)
    assert draft.source == "Cổng Dịch vụ công Quốc gia"
    assert draft.source_date == date(2026, 7, 1)
    assert draft.content.applicants == ("Công dân Việt Nam",)
    assert draft.content.executing == ("Ủy ban nhân dân cấp xã",)
    assert draft.content.results == ("Giấy nuôi vịt",)
    assert draft.content.legal_bases == (LegalBasis(number="1/2026/QH16", name="Luật Vịt"),)


def test_the_decision_is_that_of_the_proposal_where_the_record_has_none():
    draft = read()
    assert draft.decision_number == "1/QĐ-BV"
    assert draft.decision_date == date(2026, 1, 2)  # midnight in Vietnam, not in Greenwich
    assert read(decisionNo="7/QĐ-BV").decision_number == "7/QĐ-BV"


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"type": "STANDARD"}, Kind.CENTRAL),
        ({"type": "SPECIFIC"}, Kind.LOCAL),
        ({"type": "STANDARD_INTERNAL"}, Kind.INTERNAL),
        ({"type": "STANDARD", "isInternal": True}, Kind.INTERNAL),
    ],
)
def test_kinds(facts: dict[str, object], kind: Kind):
    assert read(**facts).kind is kind


def test_a_local_record_belongs_to_the_province_that_publishes_it():
    thanh_hoa = draft_of_detail(Row(local_record("1.900001", "H56", "UBND tỉnh Thanh Hóa")))
    assert (thanh_hoa.kind, thanh_hoa.province) == (Kind.LOCAL, "38")
    by_name = draft_of_detail(Row(local_record("1.900001", "", "Sở Vịt - tỉnh Quảng Ngãi")))
    assert by_name.province == "51"


def test_a_central_record_belongs_to_no_province():
    assert read(departmentPromulgateCode="H56").province is None


def test_fees_keep_what_the_source_says():
    rows = [
        fee(0, "Theo nghị quyết"),
        fee(0, ""),
        fee(0, "Miễn phí", type="SERVICE_FEE"),
        fee(None, "", attachment={"fileId": "x", "fileName": "bieu-phi.pdf"}),
        fee(5, "", currencyName="USD", type="PRICE_LEVEL"),
        fee(20000, "một con"),
        fee(20000, "một con"),
        fee(None, ""),
    ]
    draft = read(executionMethods=[method(fees=rows)])
    assert draft.content.methods[0].fees == (
        Fee(kind=FeeKind.FEE, text="Theo nghị quyết"),
        Fee(kind=FeeKind.FEE, text=ZERO_WITHOUT_WORDS),
        Fee(kind=FeeKind.CHARGE, free=True, text="Miễn phí"),
        Fee(kind=FeeKind.FEE, table="bieu-phi.pdf"),
        Fee(kind=FeeKind.PRICE, text="5 USD"),
        Fee(kind=FeeKind.FEE, amount=20000, text="một con"),
    )


def test_methods_with_and_without_a_unit():
    rows = [
        method("ONLINE", processingTime=1, processingTimeUnit="OTHER"),
        method("POSTAL", processingTime="Không quá 3 tuần", processingTimeUnit="OTHER"),
        method("DIRECT", processingTime=2, processingTimeUnit="MONTH", description="tại chuồng"),
        method("PIGEON"),
    ]
    assert read(executionMethods=rows).content.methods == (
        Method(submission=Submission.ONLINE),
        Method(submission=Submission.POST, time_limit=TimeLimit(text="Không quá 3 tuần")),
        Method(
            submission=Submission.IN_PERSON,
            time_limit=TimeLimit(value=2, unit=Unit.MONTH),
            note="tại chuồng",
        ),
    )


def test_a_time_limit_that_only_the_cases_have():
    draft = read(
        executionMethods=[method(processingTime=1, processingTimeUnit="OTHER")],
        cases=[
            {
                "code": "1.900001.01",
                "name": "Vịt nhà",
                "processingDay": {"qty": 1, "type": "WORKING_DAY"},
            },
            {
                "code": "1.900001.02",
                "name": "Vịt nhà",
                "processingDay": {"qty": 1, "type": "WORKING_DAY"},
            },
            {"code": "1.900001.03", "name": "Vịt trời", "processingDay": {"qty": 5, "type": "DAY"}},
            {"code": "1.900001.04", "name": "Ngan", "processingDay": {"qty": 1, "type": "OTHER"}},
            {"code": "1.900001.05", "name": "Ngỗng", "processingDay": None},
        ],
    )
    assert draft.content.methods[0].time_limit is None
    day = TimeLimit(value=1, unit=Unit.WORKING_DAY)
    assert draft.content.cases == (
        Case(name="Vịt nhà", service_codes=("1.900001.01", "1.900001.02"), time_limit=day),
        Case(
            name="Vịt trời",
            service_codes=("1.900001.03",),
            time_limit=TimeLimit(value=5, unit=Unit.DAY),
        ),
        Case(name="Ngan", service_codes=("1.900001.04",)),
        Case(name="Ngỗng", service_codes=("1.900001.05",)),
    )


def test_labels_of_papers_become_cases_beside_those_of_the_record():
    draft = read(
        cases=[{"code": "1.900001.01", "name": "Vịt trời", "processingDay": None}],
        executionCases=[
            group("* Giấy tờ phải nộp:", paper("- Tờ khai")),
            group(
                "Vịt trời:", paper("Ảnh vịt", attachments=[{"id": "f1", "fileName": "anh.docx"}])
            ),
            group("Đối với ngan:", paper("Ảnh ngan")),
        ],
    )
    assert [case.name for case in draft.content.cases] == ["Vịt trời", "Đối với ngan"]
    assert [(one.name, one.case) for one in draft.content.documents] == [
        ("Tờ khai", None),
        ("Ảnh vịt", "Vịt trời"),
        ("Ảnh ngan", "Đối với ngan"),
    ]
    form = draft.content.documents[1].forms[0]
    assert (form.name, form.file_id) == ("anh.docx", "f1")


def test_agencies_of_both_lists_count_each_once():
    draft = read(
        departmentsExecuting=[{"name": "Ủy ban\u00a0nhân dân  cấp xã."}],
        unitGroupsExecuting=[{"name": "Ủy ban nhân dân cấp xã"}, {"name": "Sở Vịt"}],
        departmentsAuthority=[],
        delegatedAgencies="Chủ tịch xã",
    )
    assert draft.content.executing == ("Ủy ban nhân dân cấp xã", "Sở Vịt")
    assert draft.content.competent == ("Chủ tịch xã",)


def test_the_order_of_the_portals_answers_does_not_matter():
    laws = [{"id": f"l{n}", "name": f"Luật {n}", "code": f"{n}/QH"} for n in range(4)]
    agencies = [{"id": f"a{n}", "name": f"Sở {n}"} for n in range(4)]
    ids = {
        "legalBasisIds": ["l2", "l0", "l1"],
        "departmentExecutingIds": ["a3", "a2", "a1", "a0"],
    }
    drafts = [
        read(legalBasisesDetails=law, departmentsExecuting=agency, **ids)
        for law, agency in ((laws, agencies), (laws[2::-1] + laws[3:], agencies[::-1]))
    ]
    assert drafts[0].fingerprint == drafts[1].fingerprint
    names = [basis.name for basis in drafts[0].content.legal_bases]
    assert names == ["Luật 2", "Luật 0", "Luật 1", "Luật 3"]
    assert drafts[0].content.executing == ("Sở 3", "Sở 2", "Sở 1", "Sở 0")


def test_nothing_known_stays_nothing():
    draft = read(requirementsAndConditions="Không có thông tin\n", keywords="Không có thông tin")
    assert draft.content.requirements == ()
    assert draft.content.keywords == ()
    assert draft.content.receiving_address is None


def test_keywords_are_split_and_paths_dropped():
    draft = read(keywords="vịt, nuôi vịt; CSDL Quốc gia»Bộ Vịt\nvịt")
    assert draft.content.keywords == ("vịt", "nuôi vịt")


def test_switches():
    content = read(isFullProcess=True, isNonTerritorial=True, isVertical=True).content
    assert (content.full_online, content.non_territorial, content.vertical) == (True, True, True)


def test_letters_are_composed_and_invisible_ones_dropped():
    import unicodedata

    name = unicodedata.normalize("NFD", "Đăng ký\u200b nuôi\u00a0 vịt\x00")
    assert read(name=name).name == "Đăng ký nuôi vịt"
