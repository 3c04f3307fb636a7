"""`motcua doctor` and `motcua channels …`: what is set up, what is not, and what went astray."""

import typer

from bot.app import build
from bot.channels.findings import Finding
from bot.commands.house import settings as read_settings
from bot.delivery_letters import dead_letters

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
    _tell_findings(channels_doctor.examine(settings, parts.sessions))
    free = run.port_is_free(settings)
    print(
        f"Cổng {settings.port}: {'trống' if free else 'đang có chương trình dùng (có thể là chính Một Cửa)'}."
    )


@app.command("set-webhook")
def set_webhook() -> None:
    """Báo cho các nền tảng nơi gửi tin đến. Ví dụ: motcua channels set-webhook"""
    from bot.channels import doctor as channels_doctor  # noqa: PLC0415

    findings = channels_doctor.set_webhooks(read_settings())
    _tell_findings(findings)
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


@app.command("dead")
def dead() -> None:
    """Những tin không gửi được. Ví dụ: motcua channels dead"""
    parts = build(read_settings())
    with parts.sessions() as session:
        letters = dead_letters(session)
    for letter in letters:
        print(f"{letter.id}\t{letter.channel}\t{letter.asked_at:%d/%m/%Y %H:%M}\t{letter.why}")
    print(f"{len(letters)} tin không gửi được.")


def _tell_findings(findings: list[Finding]) -> None:
    marks = {"good": "✓", "note": "·", "bad": "✗"}
    for finding in findings:
        print(f"{marks[finding.level]} {finding.channel}: {finding.says}")
