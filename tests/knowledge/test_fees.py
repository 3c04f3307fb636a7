import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.fees import ZERO_WITHOUT_WORDS, fee_of, says_free
from knowledge.records.content import Fee, FeeKind

KIND = FeeKind.CHARGE


def read(amount, text=None, *, currency=None, table=None):
    return fee_of(KIND, amount, currency=currency, text=text, table=table)


@pytest.mark.parametrize(
    ("amount", "text", "table", "fee"),
    [
        # a 0 beside words is a placeholder: the words count
        (
            0,
            "Theo nghị quyết của hội đồng",
            None,
            Fee(kind=KIND, text="Theo nghị quyết của hội đồng"),
        ),
        (0, "135.000 đồng/lần", None, Fee(kind=KIND, text="135.000 đồng/lần")),
        # a 0 alone is what the portal says, not what is free
        (0, None, None, Fee(kind=KIND, text=ZERO_WITHOUT_WORDS)),
        (0, "Đồng", None, Fee(kind=KIND, text=ZERO_WITHOUT_WORDS)),
        # free only where the words say so
        (0, "Miễn phí", None, Fee(kind=KIND, free=True, text="Miễn phí")),
        (0, "Không thu lệ phí.", None, Fee(kind=KIND, free=True, text="Không thu lệ phí.")),
        (0, "Không có lệ phí", None, Fee(kind=KIND, free=True, text="Không có lệ phí")),
        (0, "Không có", None, Fee(kind=KIND, text="Không có")),
        (0, "(Theo nghị quyết)", None, Fee(kind=KIND, text="Theo nghị quyết")),
        (0, "(một) hoặc (hai)", None, Fee(kind=KIND, text="(một) hoặc (hai)")),
        # an attached table
        (None, None, "bieu-phi.pdf", Fee(kind=KIND, table="bieu-phi.pdf")),
        (0, None, "bieu-phi.pdf", Fee(kind=KIND, table="bieu-phi.pdf")),
        (None, "Xem biểu", "bieu-phi.pdf", Fee(kind=KIND, text="Xem biểu", table="bieu-phi.pdf")),
        # plain amounts
        (20000, None, None, Fee(kind=KIND, amount=20000)),
        (20000.0, "một lần", None, Fee(kind=KIND, amount=20000, text="một lần")),
        # nothing at all is unknown, not free
        (None, None, None, None),
        (None, "Miễn phí", None, Fee(kind=KIND, text="Miễn phí")),
    ],
)
def test_fee(amount, text, table, fee):
    assert read(amount, text, table=table) == fee


def test_foreign_money_never_becomes_dong():
    assert read(150, "Nuôi vịt", currency="USD") == Fee(kind=KIND, text="150 USD. Nuôi vịt")
    assert read(10, "/con", currency="USD") == Fee(kind=KIND, text="10 USD/con")
    assert read(150, currency="USD") == Fee(kind=KIND, text="150 USD")
    assert read(150, currency="Việt Nam Đồng") == Fee(kind=KIND, amount=150)


@pytest.mark.parametrize(
    "text",
    [
        "Miễn phí",
        "miễn lệ phí",
        "- Miễn lệ phí (Thông tư số 1/2026/TT-BTC).",
        "Không thu phí, lệ phí",
        "Không thu",
        "Không mất phí",
        "Không phải nộp lệ phí",
    ],
)
def test_words_that_say_free(text: str):
    assert says_free(text)


@pytest.mark.parametrize(
    "text",
    [
        "Miễn lệ phí cho người thuộc hộ nghèo",
        "Miễn lệ phí đối với trường hợp nộp qua mạng",
        "Miễn lệ phí. Phí cấp bản sao theo quy định",
        "Mức lệ phí do tỉnh quyết định. Miễn lệ phí cho người khuyết tật",
        "Miễn phí từ ngày 1/4/2026 đến 30/6/2026; sau đó 50.000 đồng",
        "250.000 đ/lần (miễn phí năm đầu)",
        "Không thu lệ phí, trừ khi cấp lại",
        "Theo Thông tư quy định mức thu, miễn một số khoản phí, lệ phí",
        "Không",
        "Không quy định",
        "0",
    ],
)
def test_words_that_do_not_say_free(text: str):
    assert not says_free(text)


@given(st.text(), st.integers(1, 10**9), st.text())
def test_an_amount_in_the_words_is_never_free(before: str, amount: int, after: str):
    assert not says_free(f"{before} miễn phí {amount} đồng {after}")


@given(
    st.none() | st.floats(0, 1e12, allow_nan=False),
    st.none() | st.text("vịt miễnphí", min_size=1).map(str.strip).filter(bool),
    st.none() | st.text("vịt", min_size=1),
    st.none() | st.sampled_from(["USD", "Việt Nam Đồng", ""]),
)
def test_no_fee_is_made_up(amount, text, table, currency):
    fee = read(amount, text, table=table, currency=currency)
    if fee is None:
        assert not (amount or text or table)
    elif fee.amount is not None:
        assert fee.amount == amount
