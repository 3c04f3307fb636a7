import json

import pytest

from knowledge.links import LinkEra, classify, deep_link
from knowledge.records.kinds import Kind

UUID = "019d0000-0000-7000-8000-000000000001"


def test_the_page_is_addressed_by_its_id():
    page = f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{UUID}"
    assert deep_link(UUID, "1.900001", Kind.CENTRAL) == page


@pytest.mark.parametrize(("kind", "word"), [(Kind.CENTRAL, "STANDARD"), (Kind.LOCAL, "SPECIFIC")])
def test_without_an_id_the_search_by_code_is_linked(kind: Kind, word: str):
    link = deep_link(None, "1.900001", kind)
    assert "keyword=1.900001" in link
    assert link.count(word) == 2
    assert classify(link) is LinkEra.CURRENT


@pytest.mark.parametrize(
    ("url", "era"),
    [
        (f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{UUID}", LinkEra.CURRENT),
        (f"https://dichvucong.gov.vn/nop-ho-so?formalityId={UUID}", LinkEra.CURRENT),
        ("https://dichvucong.gov.vn/tra-cuu-ho-so", LinkEra.CURRENT),
        ("dichvucong.gov.vn", LinkEra.CURRENT),
        ("https://lienthong.dichvucong.gov.vn/#/ke-khai/2.000986", LinkEra.CURRENT),
        ("https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1.900001", LinkEra.DEAD),
        ("https://dichvucong.gov.vn/p/home/dvc-trang-chu.html", LinkEra.DEAD),
        ("http://www.dichvucong.gov.vn/p/home/dvc-x.html?ma_thu_tuc=1", LinkEra.DEAD),
        ("https://thutuc.dichvucong.gov.vn/p/home/x.html", LinkEra.DEAD),
        ("https://vpcp.dichvucong.gov.vn/p/home/x.html", LinkEra.OLD),
        ("https://csdl.dichvucong.gov.vn/web/jsp/download_file.jsp?ma=1", LinkEra.OLD),
        ("https://dichvucong.thanhhoa.gov.vn/portaldvc/tra-cuu", LinkEra.OLD),
        ("https://dichvucong.yenbai.gov.vn/", LinkEra.OLD),
        ("https://dichvucong.bocongan.gov.vn/bothutuc/tthc?matt=1", LinkEra.FOREIGN),
        ("https://example.org/thu-tuc-hanh-chinh/", LinkEra.FOREIGN),
        ("https://dichvucong.gov.vn.example.org/tra-cuu-ho-so", LinkEra.FOREIGN),
        ("", LinkEra.FOREIGN),
        ("https://[bad", LinkEra.FOREIGN),
    ],
)
def test_era(url: str, era: LinkEra):
    assert classify(url) is era


def test_eras_of_the_collected_forms(shared):
    rows = json.loads((shared / "api-samples" / "url-eras.json").read_text("utf-8"))
    for row in rows:
        form = row["form"].replace("{formalityId UUID}", UUID).replace("{UUID}", UUID)
        era = classify(form)
        if row["status"].startswith("dead"):
            assert era is LinkEra.DEAD, form
        elif row["status"].startswith("current"):
            assert era is LinkEra.CURRENT, form
        else:
            assert era is LinkEra.OLD, form
