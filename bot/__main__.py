"""The one command line: motcua serve | chat | ask | evaluate | import | report | links | db | doctor."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import (
    channels,
    checks,
    comparing,
    dossiers,
    drafts,
    exchange,
    importing,
    links,
    proposals,
    publishing,
    replaying,
    reporting,
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
app.add_typer(publishing.app, name="publish")
app.add_typer(proposals.app, name="proposals")
app.add_typer(syncing.app, name="sync")
app.command()(checks.check)
app.command("compare")(comparing.compare_)
app.command()(exchange.export)
app.command()(exchange.template)
app.command("replay")(replaying.replay_)
app.add_typer(dossiers.app, name="dossiers")
app.add_typer(reporting.app, name="report")
app.command("import")(importing.import_)
app.command()(channels.doctor)
app.add_typer(channels.app, name="channels")

screen = Console()
notes = Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="in ra JSON")]

# What typer raises on an unknown command or a missing argument; it exports only the subclass.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def _print_json(value: Any) -> None:
    indent = None if isinstance(value, list) else 1
    print(json.dumps(value, ensure_ascii=False, default=str, indent=indent))


@app.command()
def serve(
    channels: Annotated[
        str | None, typer.Option(help="chỉ các kênh này, ví dụ: telegram,web")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="số tiến trình; nhiều hơn một thì cần PostgreSQL")
    ] = 1,
) -> None:
    """Chạy trang web và các kênh. Ví dụ: motcua serve --channels web"""
    from bot.commands import run  # noqa: PLC0415 (a slow import that other commands do not need)

    settings = _settings()
    if channels:
        settings = settings.model_copy(update={"channels": tuple(channels.split(","))})
    if workers > 1 and settings.database_url.startswith("sqlite"):
        raise Stop("Nhiều tiến trình cần PostgreSQL: đặt MOTCUA_DATABASE_URL, hoặc bỏ --workers.")
    if not run.port_is_free(settings):
        raise Stop(f"Cổng {settings.port} đang có chương trình dùng; đặt MOTCUA_PORT khác.")
    run.serve(settings, workers=workers)


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


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Đưa lược đồ lên bản mới nhất. Ví dụ: motcua db upgrade"""
    from knowledge.database import upgrade  # noqa: PLC0415

    upgrade(_settings().database_url)
    print("Cơ sở dữ liệu đã ở bản mới nhất.")


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
