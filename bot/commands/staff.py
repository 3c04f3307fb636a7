"""`motcua staff add | list | role | password | dismiss`: who may do what."""

from datetime import date, datetime
from typing import Annotated

import typer

from bot.commands.house import NOBODY, AsJson, By, actor, open_house, print_json, say, screen, table
from knowledge.records.staff import Duty, Role
from knowledge.staffing import (
    DUTY_NAMES,
    Scope,
    add_staff,
    dismiss,
    everyone,
    grant,
    set_password,
)

app = typer.Typer(help="Cán bộ và vai trò.", no_args_is_help=True)
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"])]


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="tên đăng nhập")],
    name: Annotated[str, typer.Option(help="họ và tên")],
    password: Annotated[
        bool, typer.Option("--password", help="hỏi mật khẩu cho trang quản trị")
    ] = False,
    by: By = NOBODY,
) -> None:
    """Thêm cán bộ. Ví dụ: motcua staff add lan --name "Lê Thị Lan" --password"""
    secret = _ask_password() if password else None
    with open_house().sessions.begin() as session:
        add_staff(session, actor(by), login, name, password=secret)
    say(f"Đã thêm {name} ({login}). Giao vai trò: motcua staff role {login} editor --unit «đơn vị»")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Danh sách cán bộ. Ví dụ: motcua staff list"""
    parts = open_house()
    with parts.sessions() as session:
        rows = [
            {
                "login": one.login,
                "name": one.name,
                "active": one.is_active,
                "web": one.password is not None,
                "roles": [role_in_words(role, parts.today()) for role in one.roles],
            }
            for one in everyone(session)
        ]
    if as_json:
        print_json(rows)
        return
    shown = table("Cán bộ", "Tên đăng nhập", "Họ tên", "Đang làm", "Vai trò")
    for row in rows:
        roles = "\n".join(str(role) for role in row["roles"])  # type: ignore[attr-defined]
        shown.add_row(str(row["login"]), str(row["name"]), "có" if row["active"] else "nghỉ", roles)
    screen.print(shown)


@app.command()
def role(
    login: Annotated[str, typer.Argument(help="tên đăng nhập")],
    duty: Annotated[Duty, typer.Argument(help="vai trò")],
    unit: Annotated[str | None, typer.Option(help="đơn vị; bỏ trống là toàn hệ thống")] = None,
    sector: Annotated[list[str] | None, typer.Option(help="lĩnh vực đơn vị phụ trách")] = None,
    since: Day = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="ngày cuối của ủy quyền"),
    ] = None,
    by: By = NOBODY,
) -> None:
    """Giao vai trò. Ví dụ: motcua staff role lan editor --unit "Sở Tư pháp" --sector "Hộ tịch" """
    parts = open_house()
    scope = Scope(unit, tuple(sector or ()))
    with parts.sessions.begin() as session:
        first = since.date() if since else parts.today()
        last = until.date() if until else None
        made = grant(session, actor(by), login, duty, scope, since=first, until=last)
        say(f"Đã giao cho {login}: {role_in_words(made, parts.today())}.")


@app.command()
def password(login: str, by: By = NOBODY) -> None:
    """Đặt mật khẩu mới. Ví dụ: motcua staff password lan"""
    secret = _ask_password()
    with open_house().sessions.begin() as session:
        set_password(session, actor(by), login, secret)
    say(f"Đã đặt mật khẩu mới cho {login}.")


@app.command("dismiss")
def dismiss_(login: str, by: By = NOBODY) -> None:
    """Cho thôi quyền một cán bộ; lịch sử vẫn giữ. Ví dụ: motcua staff dismiss lan"""
    with open_house().sessions.begin() as session:
        dismiss(session, actor(by), login)
    say(f"{login} không còn quyền gì; lịch sử vẫn giữ.")


def role_in_words(role: Role, on: date) -> str:
    """The role as a line for staff."""
    where = f" của {role.unit}" if role.unit else " (toàn hệ thống)"
    sectors = f", lĩnh vực {', '.join(role.sectors)}" if role.sectors else ""
    until = f", đến hết {role.until:%d/%m/%Y}" if role.until else ""
    over = " – đã hết hạn" if role.until and role.until < on else ""
    return f"{DUTY_NAMES[role.duty]}{where}{sectors}{until}{over}"


def _ask_password() -> str:
    return str(typer.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại"))
