"""The one command line: motcua serve | chat | ask | evaluate | import | report | links | db | doctor."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import (
    checks,
    comparing,
    dossiers,
    drafts,
    exchange,
    links,
    proposals,
    replaying,
    staff,
    syncing,
)
from bot.commands.house import Stop
from bot.commands.house import settings as _settings
from knowledge.history import Refused

app = typer.Typer(
    help="Một Cửa: trợ lý thủ tục hành chính.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db_app = typer.Typer(help="Cơ sở dữ liệu.", no_args_is_help=True)
app.add_typer(links.app, name="links")
app.add_typer(db_app, name="db")
app.add_typer(staff.app, name="staff")
app.add_typer(drafts.app, name="draft")
app.add_typer(drafts.publish_app, name="publish")
app.add_typer(proposals.app, name="proposals")
app.add_typer(syncing.app, name="sync")
app.command()(checks.check)
app.command("compare")(comparing.compare_)
app.command()(exchange.export)
app.command()(exchange.template)
app.command("replay")(replaying.replay_)
app.add_typer(dossiers.app, name="dossiers")

screen = Console()
notes = Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="in ra JSON")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="ghi thêm tệp Excel")]


R = TypeVar("R")

# What typer raises on an unknown command or a missing argument; it exports only the subclass.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


class By(StrEnum):
    """How a report is grouped."""

    LEVEL = "level"
    SECTOR = "sector"
    UNIT = "unit"


def _print_json(value: Any) -> None:
    indent = None if isinstance(value, list) else 1
    print(json.dumps(value, ensure_ascii=False, default=str, indent=indent))


@app.command()
def serve(
    channels: Annotated[
        str | None, typer.Option(help="chỉ các kênh này, ví dụ: telegram,web")
    ] = None,
) -> None:
    """Chạy trang web và các kênh. Ví dụ: motcua serve --channels web"""
    from bot.commands import run  # noqa: PLC0415 (a slow import that other commands do not need)

    settings = _settings()
    if channels:
        settings = settings.model_copy(update={"channels": tuple(channels.split(","))})
    run.serve(settings)


@app.command()
def chat() -> None:
    """Trò chuyện ngay trong cửa sổ lệnh. Ví dụ: motcua chat"""
    from bot.app import build  # noqa: PLC0415
    from bot.commands import talk  # noqa: PLC0415

    talk.chat(build(_settings()), screen)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="câu hỏi")] = None,
    batch: Annotated[Path | None, typer.Option(help="tệp JSON lines để hỏi cả loạt")] = None,
    as_json: AsJson = False,
    explain: Annotated[bool, typer.Option("--explain", help="nói vì sao")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d", "%d/%m/%Y"], help="theo quy định của ngày này"
        ),
    ] = None,
) -> None:
    """Hỏi một câu, trả lời một lần. Ví dụ: motcua ask "con mới đẻ cần làm giấy tờ gì" """
    from bot.app import build  # noqa: PLC0415
    from bot.assistant import Assistant  # noqa: PLC0415
    from bot.commands import talk  # noqa: PLC0415
    from bot.commands.explain import explanation  # noqa: PLC0415
    from bot.conversations import Unrecorded  # noqa: PLC0415

    if (text is None) == (batch is None):
        raise Stop('Cần một câu hỏi, hoặc --batch TỆP. Ví dụ: motcua ask "làm lại căn cước"')
    parts = build(_settings())
    shelves = talk.as_of(parts, as_of.date()) if as_of else parts.shelves
    assistant = Assistant(shelves, Unrecorded())
    if batch is not None:
        if not batch.is_file():
            raise Stop(f"Không có tệp {batch}.")
        for turn in talk.ask_batch(assistant, batch):
            print(json.dumps(turn, ensure_ascii=False), flush=True)
    elif explain:
        for line in explanation(text or "", shelves()):
            print(line)
    else:
        turn_of_text = talk.ask_once(assistant, text or "")
        if as_json:
            _print_json(turn_of_text)
        else:
            for message in turn_of_text["messages"]:
                print(message["text"])
                for choice in message["choices"]:
                    print(f"  [{choice['says']}] {choice['label']}")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="tệp câu hỏi có nhãn")],
    as_json: AsJson = False,
    misses: Annotated[int, typer.Option(help="in ra bấy nhiêu câu sai")] = 0,
) -> None:
    """Chấm điểm trên tệp câu hỏi có nhãn. Ví dụ: motcua evaluate dev.jsonl --misses 20"""
    from bot.commands import measure  # noqa: PLC0415

    if not file.is_file():
        raise Stop(f"Không có tệp {file}.")
    measure.run(_settings(), file, as_json=as_json, misses=misses, screen=screen, notes=notes)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="tệp hoặc thư mục")],
    publish: Annotated[
        bool, typer.Option("--publish", help="có hiệu lực luôn, không qua đề nghị")
    ] = False,
    legacy: Annotated[
        bool, typer.Option("--legacy", help="nhập cả thủ tục cũ, đã hết hiệu lực")
    ] = False,
    whole: Annotated[
        bool | None,
        typer.Option("--whole/--part", help="tệp là cả danh mục hay một phần; trống: tự nhận"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ đọc thử, không ghi gì")] = False,
    as_json: AsJson = False,
) -> None:
    """Nhập hồ sơ thủ tục thành đề nghị. Ví dụ: motcua import raw_procedures.jsonl.gz"""
    from bot.app import build, today  # noqa: PLC0415
    from bot.commands import keep  # noqa: PLC0415

    if missing := [str(path) for path in paths if not path.exists()]:
        raise Stop(f"Không có: {', '.join(missing)}.")
    settings = _settings()
    if dry_run:
        if keep.read_only_try(paths, legacy=legacy, screen=screen):
            raise typer.Exit(1)
        return
    parts = build(settings)
    if publish:
        published = keep.import_files(
            parts.sessions, paths, publish=True, today=today(settings), screen=notes, legacy=legacy
        )
        _tell_import(keep.import_as_json, keep.print_import, published, as_json=as_json)
        failed = bool(published.problems) and not published.records
    else:
        proposed = keep.propose_files(
            parts.sessions, paths, today=today(settings), whole=whole, legacy=legacy, screen=notes
        )
        _tell_import(keep.proposed_as_json, keep.print_proposed, proposed, as_json=as_json)
        read = proposed.new or proposed.changed or proposed.unchanged
        failed = bool(proposed.problems) and not read
    if failed:
        raise typer.Exit(1)


def _tell_import(
    to_json: Callable[[R], Any], show: Callable[[R, Console], None], report: R, *, as_json: bool
) -> None:
    if as_json:
        _print_json(to_json(report))
    else:
        show(report, screen)


report_app = typer.Typer(help="Báo cáo.", no_args_is_help=True)
app.add_typer(report_app, name="report")
report_app.command("dossiers")(dossiers.report)


@report_app.command("listing")
def report_listing(by: By = By.LEVEL, as_json: AsJson = False, xlsx: Xlsx = None) -> None:
    """Danh mục đang có hiệu lực. Ví dụ: motcua report listing --by sector --xlsx danh-muc.xlsx"""
    from dataclasses import asdict  # noqa: PLC0415

    from bot.app import build  # noqa: PLC0415
    from bot.commands import keep  # noqa: PLC0415
    from knowledge.reports import Grouping  # noqa: PLC0415

    settings = _settings()
    parts = build(settings)
    grouping = Grouping(by.value)
    with parts.sessions() as session:
        rows, table = keep.listing(session, parts.today(), grouping, settings.province)
    if xlsx:
        keep.write_listing_book(xlsx, rows, parts.today(), grouping)
    _print_json([asdict(row) for row in rows]) if as_json else screen.print(table)


@report_app.command("index766")
def report_index766(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="từ ngày")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="đến ngày")] = None,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """Nhóm 1 của Bộ chỉ số 766. Ví dụ: motcua report index766 --since 2026-07-01"""
    from bot.commands import keep  # noqa: PLC0415
    from bot.commands.house import open_house  # noqa: PLC0415

    parts = open_house()
    first = since.date() if since else parts.today().replace(month=1, day=1)
    last = until.date() if until else parts.today()
    with parts.sessions() as session:
        figures = keep.index766(session, first, last, parts.settings.province)
    if xlsx:
        keep.write_index_book(xlsx, figures, first, last)
    _print_json(keep.index_as_json(figures)) if as_json else keep.print_index(figures, screen)


@report_app.command("questions")
def report_questions(
    by: Annotated[str, typer.Option(help="sector, facet, channel, procedure, outcome")] = "sector",
    days: Annotated[int, typer.Option(help="số ngày gần đây", min=1)] = 30,
    as_json: AsJson = False,
    xlsx: Xlsx = None,
) -> None:
    """Câu hỏi của người dân. Ví dụ: motcua report questions --days 7"""
    from dataclasses import asdict  # noqa: PLC0415

    from bot.app import build  # noqa: PLC0415
    from bot.commands import keep  # noqa: PLC0415

    parts = build(_settings())
    since, until = keep.period(days, parts.today())
    with parts.sessions() as session:
        try:
            rows, table = keep.asked(session, since, until, by)
        except ValueError:
            raise Stop("--by nhận: sector, facet, channel, procedure, outcome.") from None
        if xlsx:
            keep.write_questions_book(session, xlsx, rows, since, until, by)
    _print_json([asdict(row) for row in rows]) if as_json else screen.print(table)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Đưa lược đồ lên bản mới nhất. Ví dụ: motcua db upgrade"""
    from knowledge.database import upgrade  # noqa: PLC0415

    upgrade(_settings().database_url)
    print("Cơ sở dữ liệu đã ở bản mới nhất.")


@app.command()
def doctor() -> None:
    """Kiểm tra cài đặt và nói việc cần làm. Ví dụ: motcua doctor"""
    from bot.app import build  # noqa: PLC0415
    from bot.channels import doctor as channels_doctor  # noqa: PLC0415
    from bot.commands import run  # noqa: PLC0415

    settings = _settings()
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


channels_app = typer.Typer(help="Các kênh trò chuyện.", no_args_is_help=True)
app.add_typer(channels_app, name="channels")


@channels_app.command("set-webhook")
def channels_set_webhook() -> None:
    """Báo cho các nền tảng nơi gửi tin đến. Ví dụ: motcua channels set-webhook"""
    from bot.channels import doctor as channels_doctor  # noqa: PLC0415

    findings = channels_doctor.set_webhooks(_settings())
    _tell_findings(findings)
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


@channels_app.command("dead")
def channels_dead() -> None:
    """Những tin không gửi được. Ví dụ: motcua channels dead"""
    from bot.app import build  # noqa: PLC0415
    from bot.delivery_letters import dead_letters  # noqa: PLC0415

    parts = build(_settings())
    with parts.sessions() as session:
        letters = dead_letters(session)
    for letter in letters:
        print(f"{letter.id}\t{letter.channel}\t{letter.asked_at:%d/%m/%Y %H:%M}\t{letter.why}")
    print(f"{len(letters)} tin không gửi được.")


def _tell_findings(findings: list[Any]) -> None:
    marks = {"good": "✓", "note": "·", "bad": "✗"}
    for finding in findings:
        print(f"{marks[finding.level]} {finding.channel}: {finding.says}")


def main() -> None:
    """Run the command line; what the person can mend is told in one sentence."""
    try:
        code = app(standalone_mode=False)  # typer.Exit comes back as a number
        sys.exit(code if isinstance(code, int) else 0)
    except Stop as told:
        print(told, file=sys.stderr)
        sys.exit(2)
    except Refused as refusal:
        print("Chưa thực hiện được:", *refusal.reasons, sep="\n  - ", file=sys.stderr)
        sys.exit(1)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except UsageError as wrong:
        print(f"Lệnh chưa đúng: {wrong}", file=sys.stderr)
        sys.exit(2)
    except SQLAlchemyError as error:
        cause = str(error.__cause__ or error).splitlines()[0]
        print(f"Cơ sở dữ liệu báo lỗi: {cause}. Kiểm tra MOTCUA_DATABASE_URL.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
