"""What one revision of a procedure says: its parts as frozen values, stored as one JSON document.

Unknown is `None` or an empty tuple, never 0 and never "". Names follow the project's glossary; the
Vietnamese term stands beside the field once.
"""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Value(BaseModel):
    """A part of a record: frozen, and strict about fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Level(StrEnum):
    """Cấp thực hiện."""

    MINISTRY = "ministry"  # cấp bộ
    PROVINCE = "province"  # cấp tỉnh
    COMMUNE = "commune"  # cấp xã
    OTHER = "other"  # cơ quan khác


class Unit(StrEnum):
    """The unit of a time limit. "Ngày làm việc" and "ngày" are counted differently."""

    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


class Submission(StrEnum):
    """Cách thức thực hiện."""

    IN_PERSON = "in_person"  # trực tiếp
    ONLINE = "online"  # trực tuyến
    POST = "post"  # bưu chính công ích


class FeeKind(StrEnum):
    """What is paid: phí for a service, lệ phí for an act of the state, giá for a priced good."""

    FEE = "fee"  # phí
    CHARGE = "charge"  # lệ phí
    PRICE = "price"  # giá
    UNSPECIFIED = "unspecified"  # the source does not say which


class TimeLimit(Value):
    """Thời hạn giải quyết: a number with its unit, or words where the source has only words."""

    value: float | None = None
    unit: Unit | None = None
    text: str | None = None  # a condition beside the number, or the whole limit in words

    @model_validator(mode="after")
    def _number_and_unit_go_together(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise ValueError("thời hạn phải có cả số và đơn vị, hoặc không có cả hai")
        if self.value is None and not self.text:
            raise ValueError("thời hạn trống: bỏ hẳn dòng thời hạn nếu chưa rõ")
        if self.value is not None and self.value <= 0:
            raise ValueError("thời hạn phải lớn hơn 0")
        return self


class Fee(Value):
    """Một khoản phí, lệ phí: an amount in đồng, or words, or "free" when the source says so."""

    kind: FeeKind = FeeKind.UNSPECIFIED
    amount: int | None = Field(default=None, gt=0)  # đồng; None: not a number in the source
    free: bool = False  # only where the source says "miễn phí" or "không thu" in words
    text: str | None = None  # who pays it, when, or where the table is
    table: str | None = None  # name of an attached fee table

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.free and self.amount is not None:
            raise ValueError("đã ghi miễn phí thì không có mức thu")
        if not (self.free or self.amount or self.text or self.table):
            raise ValueError("khoản phí trống: bỏ hẳn khoản này nếu chưa rõ mức thu")
        return self


class Method(Value):
    """One way to submit, with the time limit and the fees that hold for it."""

    submission: Submission
    time_limit: TimeLimit | None = None
    fees: tuple[Fee, ...] = ()
    note: str | None = None


class Case(Value):
    """Trường hợp: a circumstance with its own papers, time limit or service code (mã DVC)."""

    name: str = Field(min_length=1)
    service_codes: tuple[str, ...] = ()
    time_limit: TimeLimit | None = None


class Form(Value):
    """Biểu mẫu: a form's file name and the portal's id for the file, where known."""

    name: str = Field(min_length=1)
    file_id: str | None = None


class Document(Value):
    """Giấy tờ trong thành phần hồ sơ. `case` None means that everybody needs it."""

    name: str = Field(min_length=1)
    case: str | None = None
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    shown_only: bool = False  # xuất trình: shown at the desk, not handed in
    forms: tuple[Form, ...] = ()


class LegalBasis(Value):
    """Căn cứ pháp lý."""

    number: str | None = None
    name: str = Field(min_length=1)


class Content(Value):
    """All parts of a revision beside those that are columns."""

    applicants: tuple[str, ...] = ()  # đối tượng thực hiện
    executing: tuple[str, ...] = ()  # cơ quan thực hiện
    competent: tuple[str, ...] = ()  # cơ quan có thẩm quyền quyết định
    authorised: tuple[str, ...] = ()  # cơ quan được ủy quyền
    coordinating: tuple[str, ...] = ()  # cơ quan phối hợp
    receiving_address: str | None = None  # địa chỉ tiếp nhận
    methods: tuple[Method, ...] = ()
    cases: tuple[Case, ...] = ()
    documents: tuple[Document, ...] = ()
    document_notes: tuple[str, ...] = ()  # lưu ý về giấy tờ
    steps: tuple[str, ...] = ()  # trình tự thực hiện
    results: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()  # yêu cầu, điều kiện
    legal_bases: tuple[LegalBasis, ...] = ()
    keywords: tuple[str, ...] = ()
    everyday_names: tuple[str, ...] = ()  # tên thường gọi
    description: str | None = None
    full_online: bool = False  # dịch vụ công trực tuyến toàn trình
    non_territorial: bool = False  # phi địa giới hành chính
    vertical: bool = False  # ngành dọc

    @property
    def is_list_only(self) -> bool:
        """True when a list named the procedure and nothing more is known yet."""
        return not (self.methods or self.documents or self.steps or self.cases)

    @model_validator(mode="after")
    def _documents_name_known_cases(self) -> Self:
        known = {case.name for case in self.cases}
        for document in self.documents:
            if document.case is not None and document.case not in known:
                name = document.name[:60]
                raise ValueError(
                    f"giấy tờ «{name}» thuộc trường hợp chưa khai báo: «{document.case}»"
                )
        return self
