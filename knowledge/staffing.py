"""Staff and their roles: who may do what, for which unit, until when."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.history import COMMAND_LINE, Actor, Refused, remember
from knowledge.records.staff import Duty, Role, Staff

DUTY_NAMES: Final = {
    Duty.EDITOR: "biên tập",
    Duty.APPROVER: "kiểm soát thủ tục (duyệt)",
    Duty.PUBLISHER: "công bố",
    Duty.ADMIN: "quản trị",
}
SHORTEST_PASSWORD: Final = 10

_HASHER: Final = PasswordHasher()
_NOBODY: Final = _HASHER.hash("không ai dùng mật khẩu này")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose procedures: of a unit with its sectors, or of the whole house."""

    unit: str | None = None
    sectors: tuple[str, ...] = ()


WHOLE_HOUSE: Final = Scope()


def add_staff(
    session: Session, actor: Actor, login: str, name: str, *, password: str | None = None
) -> Staff:
    """A new member of staff; without a password only the command line serves them."""
    reasons = lacks(session, actor, Duty.ADMIN)
    if not login.strip() or login != login.strip() or " " in login:
        reasons.append("tên đăng nhập không được trống, không có dấu cách")
    if login == COMMAND_LINE or find_staff(session, login) is not None:
        reasons.append(f"tên đăng nhập «{login}» đã có: chọn tên khác")
    if password is not None:
        reasons += _weaknesses(password)
    if reasons:
        raise Refused(reasons)
    staff = Staff(login=login, name=name, created_at=actor.now, password=_hashed(password))
    session.add(staff)
    remember(session, actor, "add_staff", f"staff:{login}", name=name)
    session.flush()
    return staff


def set_password(session: Session, actor: Actor, login: str, password: str) -> None:
    """A new password; the old one stops working at once."""
    staff = find_staff(session, login)
    reasons = [] if actor.login == login else lacks(session, actor, Duty.ADMIN)
    reasons += _weaknesses(password)
    if staff is None:
        reasons.append(f"không có cán bộ «{login}»: xem «motcua staff list»")
    if reasons or staff is None:
        raise Refused(reasons)
    staff.password = _hashed(password)
    remember(session, actor, "set_password", f"staff:{login}")


def grant(
    session: Session,
    actor: Actor,
    login: str,
    duty: Duty,
    scope: Scope = WHOLE_HOUSE,
    *,
    since: date,
    until: date | None = None,
) -> Role:
    """Give a role, with the last day of a delegation where it has one."""
    staff = find_staff(session, login)
    reasons = lacks(session, actor, Duty.ADMIN)
    if staff is None:
        reasons.append(f"không có cán bộ «{login}»: thêm bằng «motcua staff add» trước")
    if until and until < since:
        reasons.append(f"ngày hết ủy quyền {until:%d/%m/%Y} sớm hơn ngày bắt đầu {since:%d/%m/%Y}")
    if scope.sectors and scope.unit is None:
        reasons.append("đã ghi lĩnh vực thì phải ghi đơn vị phụ trách lĩnh vực đó")
    if reasons or staff is None:
        raise Refused(reasons)
    role = Role(
        duty=duty,
        unit=scope.unit,
        sectors=scope.sectors,
        since=since,
        until=until,
        granted_by=actor.login,
    )
    staff.roles.append(role)
    facts = {"duty": duty.value, "unit": scope.unit, "until": until.isoformat() if until else None}
    remember(session, actor, "grant", f"staff:{login}", **facts)
    session.flush()
    return role


def dismiss(session: Session, actor: Actor, login: str) -> None:
    """Staff who left: nothing may be done any more under the login; their history stays."""
    staff = find_staff(session, login)
    reasons = lacks(session, actor, Duty.ADMIN)
    if staff is None:
        reasons.append(f"không có cán bộ «{login}»: xem «motcua staff list»")
    if reasons or staff is None:
        raise Refused(reasons)
    staff.is_active = False
    remember(session, actor, "dismiss", f"staff:{login}")


def find_staff(session: Session, login: str) -> Staff | None:
    """The member of staff with the login."""
    return session.scalars(select(Staff).where(Staff.login == login)).one_or_none()


def everyone(session: Session) -> list[Staff]:
    """All staff by login."""
    return list(session.scalars(select(Staff).order_by(Staff.login)))


def signed_in(session: Session, login: str, password: str) -> Staff | None:
    """The member of staff, if the password is right; as slow for a login that does not exist."""
    staff = find_staff(session, login)
    known = staff.password if staff and staff.is_active and staff.password else _NOBODY
    try:
        _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return None
    return staff if known is not _NOBODY else None


def lacks(session: Session, actor: Actor, duty: Duty, scope: Scope | None = None) -> list[str]:
    """Why the actor may not do it, or nothing. `scope` is the owner and sector of a procedure."""
    if actor.login == COMMAND_LINE and duty is Duty.ADMIN:
        return []  # whoever may open the database may name the first staff
    staff = find_staff(session, actor.login)
    if staff is None or not staff.is_active:
        return [f"không có cán bộ «{actor.login}» đang làm việc: xem «motcua staff list»"]
    on = actor.day
    roles = [role for role in staff.roles if role.duty is duty]
    if not roles:
        return [f"«{actor.login}» không có vai trò {DUTY_NAMES[duty]}"]
    alive = [
        role for role in roles if role.since <= on and (role.until is None or role.until >= on)
    ]
    if not alive:
        last = max(role.until or role.since for role in roles)
        return [f"vai trò {DUTY_NAMES[duty]} của «{actor.login}» đã hết hạn ngày {last:%d/%m/%Y}"]
    if scope is None or any(covers(role, scope) for role in alive):
        return []
    units = ", ".join(sorted({role.unit or "" for role in alive}))
    return [f"«{actor.login}» chỉ {DUTY_NAMES[duty]} thủ tục của {units}"]


def lacks_any(
    session: Session, actor: Actor, duties: tuple[Duty, ...], scope: Scope | None = None
) -> list[str]:
    """Why the actor may not do what any one of the duties allows, or nothing."""
    found = [lacks(session, actor, duty, scope) for duty in duties]
    if any(not reasons for reasons in found):
        return []
    return list(dict.fromkeys(reason for reasons in found for reason in reasons))


def covers(role: Role, scope: Scope) -> bool:
    """Whether the role's unit looks after the procedures of that owner and sector."""
    if role.unit is None:
        return True
    return role.unit == scope.unit or any(sector in role.sectors for sector in scope.sectors)


def _weaknesses(password: str) -> list[str]:
    if len(password) < SHORTEST_PASSWORD:
        return [f"mật khẩu phải dài ít nhất {SHORTEST_PASSWORD} ký tự"]
    return []


def _hashed(password: str | None) -> str | None:
    return _HASHER.hash(password) if password is not None else None
