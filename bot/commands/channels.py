"""`motcua doctor` and `motcua channels …`: what is set up, what is not, and what went astray."""

from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bot.app import build
from bot.channels.findings import Finding
from bot.commands.house import settings as read_settings
from bot.delivery_ledger import utc_now
from bot.delivery_letters import dead_letters, drop, send_again
from knowledge.calendar import VIETNAM

app = typer.Typer(help="Các kênh trò chuyện.", no_args_is_help=True)


def doctor() -> None:
    """Kiểm tra cài đặt và nói việc cần làm. Ví dụ: motcua doctor"""
    from bot.channels import doctor as channels_doctor  # noqa: PLC0415 (slow imports)
    from bot.commands import run  # noqa: PLC0415

    settings = read_settings()
    for name, value, meaning in run.settings_lines(settings):
        print(f"{name} = {value}\n    {meaning}")
    parts = build(settings)
    shelf = parts.shelves()
    print(f"\nCơ sở dữ liệu: được; {len(shelf.catalogue.listings)} thủ tục đang có hiệu lực.")
    findings = channels_doctor.examine(settings, parts.sessions)
    _tell_findings(findings)
    free = run.port_is_free(settings)
    print(
        f"Cổng {settings.port}: {'trống' if free else 'đang có chương trình dùng (có thể là chính Một Cửa)'}."
    )
    _fail_if_bad(findings)


@app.command("set-webhook")
def set_webhook() -> None:
    """Báo cho các nền tảng nơi gửi tin đến. Ví dụ: motcua channels set-webhook"""
    from bot.channels import doctor as channels_doctor  # noqa: PLC0415

    findings = channels_doctor.set_webhooks(read_settings())
    _tell_findings(findings)
    _fail_if_bad(findings)


@app.command("dead")
def dead() -> None:
    """Những tin không gửi được. Ví dụ: motcua channels dead"""
    parts = build(read_settings())
    with parts.sessions() as session:
        letters = dead_letters(session)
    for letter in letters:
        asked = letter.asked_at.astimezone(VIETNAM)
        print(f"{letter.id}\t{letter.channel}\t{asked:%d/%m/%Y %H:%M}\t{letter.why}")
    print(f"{len(letters)} tin chưa gửi được.")


Which = Annotated[list[int] | None, typer.Argument(help="số của tin; trống là tất cả")]


@app.command("resend")
def resend(which: Which = None) -> None:
    """Gửi lại những tin đã thôi gửi. Ví dụ: motcua channels resend 12 13"""
    count = _on_dead(which, lambda session, ids: send_again(session, ids, utc_now()))
    print(f"Đã xếp {count} tin để gửi lại.")


@app.command("drop")
def drop_letters(which: Which = None) -> None:
    """Bỏ những tin đã thôi gửi. Ví dụ: motcua channels drop 12 13"""
    print(f"Đã bỏ {_on_dead(which, drop)} tin.")


def _on_dead(which: list[int] | None, work: Callable[[Session, list[int]], int]) -> int:
    parts = build(read_settings())
    with parts.sessions.begin() as session:
        dead = [one.id for one in dead_letters(session) if not one.is_parked]
        return work(session, [number for number in dead if not which or number in which])


def _fail_if_bad(findings: list[Finding]) -> None:
    """So that a script or a monitor notices as well."""
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


def _tell_findings(findings: list[Finding]) -> None:
    marks = {"good": "✓", "note": "·", "bad": "✗"}
    for finding in findings:
        print(f"{marks[finding.level]} {finding.channel}: {finding.says}")
