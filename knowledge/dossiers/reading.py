"""One row of an export or message, under whatever column names, as facts without any person."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final

from knowledge.calendar import VIETNAM
from knowledge.dossiers.agencies import level_of
from knowledge.dossiers.facts import Facts
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.labels import state_of
from knowledge.dossiers.moments import moment_of
from knowledge.dossiers.scrubbing import scrubbed
from knowledge.provinces import plain
from knowledge.records.content import Submission
from knowledge.records.dossier import State

CODE: Final = re.compile(
    r"(?:\d{3}\.\d{2}\.\d{2,3}\.[GH]\d{2}|[GH]\d{2}(?:\.\d{1,3}){0,4})-(?:\d{8}|\d{6})-\d{3,7}"
)
# Our field: the names under which exports and the national interface know it.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("Mã hồ sơ", "Mã số hồ sơ", "Số hồ sơ"),
    "procedure_code": ("MaTTHC", "Mã TTHC", "Mã thủ tục"),
    "procedure_name": ("TenTTHC", "Tên thủ tục", "Tên TTHC", "Thủ tục hành chính", "Thủ tục"),
    "sector": ("TenLinhVuc", "Lĩnh vực", "Tên lĩnh vực"),
    "unit": ("DonViXuLy", "Đơn vị xử lý", "Đơn vị", "Đơn vị tiếp nhận", "Cơ quan xử lý"),
    "contact": ("Liên hệ đơn vị", "Điện thoại đơn vị"),
    "channel": ("KenhThucHien", "Kênh thực hiện", "Hình thức nộp", "Hình thức tiếp nhận"),
    "state": ("TrangThaiHoSo", "Trạng thái", "Trạng thái hồ sơ", "Tình trạng"),
    "sent": ("NgayNopHoSo", "Ngày nộp"),
    "received": ("NgayTiepNhan", "Ngày tiếp nhận", "Ngày nhận"),
    "due": ("NgayHenTra", "Ngày hẹn trả", "Hạn trả kết quả", "Ngày hẹn"),
    "finished": ("NgayKetThucXuLy", "Ngày kết thúc xử lý", "Ngày xử lý xong", "Ngày có kết quả"),
    "returned": ("NgayTra", "Ngày trả", "Ngày trả kết quả"),
    "refused": ("NgayTuChoi", "Ngày từ chối"),
    "changed": ("NgayCapNhat", "Ngày cập nhật", "Thời điểm cập nhật"),
    "supplement": ("NgayBoSung", "Ngày yêu cầu bổ sung"),
    "supplemented": ("NgayTiepNhanBoSung", "Ngày nhận bổ sung"),
    "supplement_by": ("ThoiHanBoSung", "Hạn bổ sung"),
    "supplements": ("SoLanBoSung", "Số lần bổ sung"),
    "reason": ("LyDo", "Lý do", "Nội dung xử lý", "Ghi chú"),
    "papers": ("NoiDungBoSung", "Nội dung bổ sung", "Giấy tờ cần bổ sung"),
    "amount": ("SoTienPhaiNop", "Số tiền phải nộp", "Phí, lệ phí"),
    "fetch_at": ("NoiTraKetQua", "Nơi trả kết quả", "Nơi nhận kết quả"),
    # The following are read to compare and to blot out, and are not kept.
    "owner": ("ChuHoSo", "Chủ hồ sơ", "Họ tên", "Họ và tên"),
    "submitter": ("NguoiNop", "Người nộp", "Người nộp hồ sơ"),
    "owner_id": ("SoDinhDanh", "Số định danh", "Số CCCD", "CMND/CCCD", "MaDoiTuong"),
    "phone": ("SoDienThoai", "Số điện thoại", "Điện thoại"),
    "address": ("DiaChi", "Địa chỉ"),
    "email": ("Email", "Thư điện tử"),
}
REQUIRED: Final = ("code", "state")
_PERSONAL: Final = ("owner", "submitter", "owner_id", "phone", "address", "email")
_NAMES: Final = ("owner", "submitter")
_TIMES: Final = (
    "sent", "received", "finished", "returned", "refused", "supplement", "supplemented"
)  # fmt: skip
_CHANNELS: Final = {
    "1": Submission.IN_PERSON,
    "2": Submission.ONLINE,
    "3": Submission.POST,
    "truc tiep": Submission.IN_PERSON,
    "truc tuyen": Submission.ONLINE,
    "buu chinh": Submission.POST,
    "buu chinh cong ich": Submission.POST,
    "qua buu chinh": Submission.POST,
}
UNKNOWN: Final = "(chưa rõ)"


class BadRow(Exception):
    """A row cannot be used; `field` and `says` tell staff why."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field
        self.says = says


@dataclass(frozen=True)
class Reader:
    """Reads rows of one origin."""

    keys: Keys
    labels: Mapping[str, Any]
    is_national: bool = False  # its numbers of states are the national ones

    def read(self, row: Mapping[str, Any], as_of: datetime) -> Facts:
        """The facts of a row whose keys are our fields; BadRow if it cannot be used."""
        code = _code(row)
        state = state_of(_text(row, "state") or "", self.labels, is_national=self.is_national)
        if state is None:
            raise BadRow("state", "không biết trạng thái này; khai trong bảng nhãn của nguồn")
        times = {name: _time(row, name) for name in (*_TIMES, "due", "changed", "supplement_by")}
        unit = (_text(row, "unit") or UNKNOWN)[:300]
        return Facts(
            code=code,
            state=state,
            procedure_code=(_text(row, "procedure_code") or "")[:40],
            procedure_name=(_text(row, "procedure_name") or UNKNOWN)[:500],
            sector=(_text(row, "sector") or UNKNOWN)[:200],
            unit=unit,
            level=_level(code.partition("-")[0], unit),
            changed_at=times["changed"] or as_of,
            contact=_contact(row),
            channel=_channel(_text(row, "channel") or ""),
            amount=_amount(row),
            supplements=_count(row, times["supplement"]),
            **_days(times, state),
            **_private(row),
            **self._proofs(code, row),
        )

    def _proofs(self, code: str, row: Mapping[str, Any]) -> dict[str, Any]:
        pairs = (("id_proof", "owner_id", 9), ("phone_proof", "phone", 9))
        proofs: dict[str, str | None] = {}
        for name, field, least in pairs:
            digits = re.sub(r"\D", "", _text(row, field) or "")
            proofs[name] = self.keys.proof(code, digits[-4:]) if len(digits) >= least else None
        return proofs


def latest_event(row: Mapping[str, Any]) -> datetime | None:
    """When the last thing happened that a row tells of."""
    known = [moment for name in _TIMES if (moment := _time(row, name))]
    return max(known, default=None)


@cache
def field_of(header: str) -> str | None:
    """Our field for a column name, whatever its spelling."""
    return _names().get(squeezed(header))


def squeezed(header: str) -> str:
    """A column name without spaces, signs, case and tones."""
    return re.sub(r"[^a-z0-9]", "", plain(header))


@cache
def _names() -> dict[str, str]:
    return {squeezed(name): field for field, names in FIELDS.items() for name in (field, *names)}


_level = lru_cache(maxsize=10_000)(level_of)


@lru_cache(maxsize=1_000)
def _channel(words: str) -> Submission | None:
    return _CHANNELS.get(plain(words))


def _code(row: Mapping[str, Any]) -> str:
    code = re.sub(r"\s", "", _text(row, "code") or "").upper()
    if not CODE.fullmatch(code):
        raise BadRow("code", "thiếu mã hồ sơ" if not code else "mã hồ sơ không đúng dạng")
    return code


def _text(row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is None or value == "":
        return None
    if type(value) is str and value.isprintable() and "  " not in value:
        return value.strip() or None  # most cells are clean
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # Excel keeps whole numbers as fractions
    return " ".join(str(value).replace("\x00", "").split()) or None


def _time(row: Mapping[str, Any], field: str) -> datetime | None:
    value = row.get(field)
    if value in (None, ""):
        return None
    try:
        return moment_of(value)
    except ValueError:
        raise BadRow(field, "ngày giờ không đọc được") from None


def _days(times: Mapping[str, datetime | None], state: State) -> dict[str, Any]:
    finished = times["finished"]
    if finished is None and state in (State.DONE, State.HANDED_OVER):
        finished = times["returned"]
    if finished is None and state is State.REFUSED:
        finished = times["refused"]
    return {
        "received_on": _day(times["received"] or times["sent"]),
        "due_on": _day(times["due"]),
        "finished_on": _day(finished),
        "returned_on": _day(times["returned"]),
        "supplement_on": _day(times["supplement"]),
        "supplement_by": _day(times["supplement_by"]),
    }


@lru_cache(maxsize=50_000)
def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(VIETNAM).date() if moment else None


def _private(row: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for field in _PERSONAL if (name := _text(row, field))]
    people = [name.split() for field in _NAMES if (name := _text(row, field))]
    names += [" ".join(parts[-2:]) for parts in people if len(parts) > 2]  # "anh Vịt Trời"
    fields: Iterable[str] = ("reason", "papers", "fetch_at")
    return {field: scrubbed(_text(row, field), names) for field in fields}


def _contact(row: Mapping[str, Any]) -> str | None:
    """The unit's contact as it is, unless a mistaken column holds something of the owner's."""
    contact = _text(row, "contact")
    if contact is None:
        return None
    digits = re.sub(r"\D", "", contact)
    for field in _PERSONAL:
        own = _text(row, field) or ""
        number = re.sub(r"\D", "", own)[-9:]
        if (plain(own) and plain(own) in plain(contact)) or (len(number) == 9 and number in digits):
            return None
    return contact


def _amount(row: Mapping[str, Any]) -> int | None:
    text = re.sub(r"[.,\s](?=\d{3}\b)|\s|đồng|đ|VNĐ|vnd", "", _text(row, "amount") or "")
    return int(float(text)) or None if re.fullmatch(r"\d{1,15}(?:\.\d+)?", text) else None


def _count(row: Mapping[str, Any], supplement: datetime | None) -> int:
    text = _text(row, "supplements") or ""
    return min(int(text), 99) if text.isdigit() else int(supplement is not None)
