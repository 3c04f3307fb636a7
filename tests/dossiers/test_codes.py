"""Dossier codes: every form people type, what is asked about, what is explained, what is none."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.codes import find_codes
from nlp.dossier_codes import read_dossiers
from nlp.dossier_grammar import FaultKind
from nlp.personal_data import mask

CODES = [
    "000.17.22.H56-210531-0001",
    "000.00.53.H48-220921-0099",
    "H56.14-240823-0001",
    "H15.50.05.13-261008-0975",
    "H26.170-260302-1207",
    "G01.899.909-260916-890028",
    "G09.20-20260609-0092637",
    "H56-240823-001",
    "000.00.123.H56-210531-12345",
]


@pytest.mark.parametrize("code", CODES)
def test_every_real_form_is_found_in_running_text(code):
    for text in (code, f"mã hồ sơ: {code}.", f"({code})", f"hồ sơ {code}, tới đâu rồi?"):
        assert read_dossiers(text).codes == (code,), text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("h56.121 250702 0003", "H56.121-250702-0003"),
        ("H56.121–250702–0003", "H56.121-250702-0003"),
        ("H56.121-25O7O2-OOO3", "H56.121-250702-0003"),
        ("H56.121-25o7o2-ooo3 nha", "H56.121-250702-0003"),
        ("H56121-250702-0003", "H56.121-250702-0003"),
        ("H56,121/250702/0003", "H56.121-250702-0003"),
        ("H56.121.250702.0003", "H56.121-250702-0003"),
        ("H56.121-2507020003", "H56.121-250702-0003"),
        ("H561212507020003", "H56.121-250702-0003"),
        ("H56 121 25 07 02 0003", "H56.121-250702-0003"),
        ("H56.121 - 250702 - 000 3", "H56.121-250702-0003"),
        ("Ｈ５６．１４－２４０８２３－０００１", "H56.14-240823-0001"),
        ("H56\u200b.14\u00ad-240823-0001", "H56.14-240823-0001"),
        ("0000016H56-210815-0001", "000.00.16.H56-210815-0001"),
        ("000 00 16 h56 210815 0001", "000.00.16.H56-210815-0001"),
        ("G09.20_20260609_0092637", "G09.20-20260609-0092637"),
        ("Ảnh giấy hẹn\nSố: H56.14-240823-0001\nNgày 23/8/2024", "H56.14-240823-0001"),
    ],
)
def test_what_people_type_becomes_the_canonical_form(typed, code):
    assert read_dossiers(typed).codes == (code,)


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("H561203-250702-0003", {"H56.12.03-250702-0003", "H56.120.3-250702-0003"}),
        ("G09.20-20260609-009 2637", {"G09.20-20260609-009", "G09.20-20260609-0092637"}),
        ("H56.14-2408231-0001", {"H56.14-240823-10001"}),
    ],
)
def test_an_ambiguous_one_is_asked_about(typed, options):
    mention = read_dossiers(typed)
    assert mention.codes == ()
    assert set(mention.options) == options


@pytest.mark.parametrize(
    ("typed", "kind", "part"),
    [
        ("H56.121-251302-0003", FaultKind.MONTH, "13"),
        ("H56.121-250230-0003", FaultKind.DAY, "30/02"),
        ("H56.121-250702", FaultKind.NO_ORDINAL, "250702"),
        ("H56.121-25070-0003", FaultKind.DATE_LENGTH, "25070"),
        ("H56.14-240823-00001234", FaultKind.ORDINAL_LENGTH, "00001234"),
        ("000.00.16.H99-210815-0001", FaultKind.PROVINCE, "H99"),
        ("H56.14-0001", FaultKind.NO_DATE, "H56"),
    ],
)
def test_a_wrong_one_is_explained_by_its_part(typed, kind, part):
    fault = read_dossiers(typed).fault
    assert fault is not None
    assert (fault.kind, fault.part) == (kind, part)


@pytest.mark.parametrize(
    "text",
    ["1.000894", "1.000894.000.00.00.H56", "1000894", "H56 1.000894", "038099001234", "123456789",
     "0912345678", "0912 345 678", "+84912345678", "tỉnh H56", "hội nghị G20 2026", "63/2020/QH14",
     "ngày 12/10/2025", "vay 1000000 đồng", "CTUBNDT", "G12.98.D1", "H56.24(C)", ""],
)  # fmt: skip
def test_other_numbers_are_no_dossier_codes(text):
    assert read_dossiers(text).is_empty


def test_a_social_insurance_code_is_known_for_what_it_is():
    mention = read_dossiers("03706/2026/07906")
    assert mention.is_insurance
    assert mention.codes == ()


@pytest.mark.parametrize(
    ("text", "proof", "is_whole"),
    [
        ("1234", "1234", False),
        ("4 số cuối là 1234", "1234", False),
        ("H56.121-250702-0003 1234", "1234", False),
        ("H56.121-250702-0003, 4 số cuối 1234", "1234", False),
        ("h56.121 250702 0003, 4 số cuối 1234 xong chưa", "1234", False),
        ("H56121-250702-0003 4 so cuoi 1234", "1234", False),
        ("038099001234", "1234", True),
        ("0912345678", "5678", True),
        ("H56.121-250702-0003", None, False),
        ("1234 hay 5678", None, False),
        ("12/10/2025", None, False),
    ],
)
def test_four_digits_are_found_as_proof(text, proof, is_whole):
    mention = read_dossiers(text)
    assert (mention.proof, mention.is_whole_number) == (proof, is_whole)


def test_a_procedure_code_beside_a_dossier_code_is_kept():
    codes = find_codes("thủ tục 1.000894 hồ sơ H56.14-240823-0001")
    assert codes == (("1.000894",), ("H56.14-240823-0001",), "")


def _mutated(code: str, luck: random.Random) -> str:
    place = luck.randrange(len(code))
    sign = luck.choice("0123456789OIL.-_/ ,HG\u2013x")
    match luck.randrange(5):
        case 0:
            return code[:place] + code[place + 1 :]
        case 1:
            return code[:place] + sign + code[place:]
        case 2:
            return code[:place] + sign + code[place + 1 :]
        case 3:
            return code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
        case _:
            return _mutated(_mutated(code, luck), luck)


def _digits(text: str) -> str:
    return re.sub(r"[^\dGH]", "", text.upper().translate(str.maketrans("OIL", "011")))


def test_ten_thousand_mutated_codes_resolve_to_nothing_that_was_not_typed():
    luck = random.Random(5)
    found = 0
    for _ in range(10_000):
        typed = _mutated(luck.choice(CODES), luck)
        mention = read_dossiers(typed)
        find_codes(typed), mask(typed)
        for code in mention.codes:
            found += 1
            assert _digits(code) in _digits(typed), typed  # no digit dropped, none made up
    assert found > 1000


def test_a_lost_or_changed_separator_never_leads_to_another_dossier():
    luck = random.Random(7)
    for _ in range(10_000):
        code = luck.choice(CODES)
        places = [place for place, sign in enumerate(code) if sign in ".-"]
        typed = list(code)
        for place in luck.sample(places, luck.randint(1, len(places))):
            typed[place] = luck.choice(["", " ", ".", "-", "–", "/", "_", " - ", ","])
        mention = read_dossiers("".join(typed))
        assert mention.codes in ((), (code,)), "".join(typed)


@settings(deadline=None)
@given(st.text(alphabet="0123456789GHOIL.- /", max_size=60))
def test_anything_like_a_code_is_read_without_failing(text):
    for code in read_dossiers(text).codes:
        assert re.fullmatch(
            r"(\d{3}\.\d{2}\.\d{2,3}\.)?[GH]\d{2}(\.\d{1,3}){0,4}-\d{6,8}-\d{3,7}", code
        )


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_masked_in_any_shape(code):
    for typed in (
        code,
        code.lower(),
        code.replace(".", " "),
        code.replace("-", "–"),
        code.replace(".", ""),
    ):
        assert "[mã hồ sơ]" in mask(f"hồ sơ {typed} đâu rồi")
        assert code[-4:] not in mask(f"hồ sơ {typed} đâu rồi")
