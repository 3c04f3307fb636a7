"""`motcua draft …` and `motcua publish …`: from a wording to a decision of publication."""

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.house import (
    NOBODY,
    AsJson,
    By,
    Stop,
    actor,
    open_house,
    print_json,
    say,
    screen,
    table,
)
from knowledge.editions import edition_code, revision_of_edition
from knowledge.history import history_of
from knowledge.importing import Draft, read
from knowledge.importing.problems import sentences
from knowledge.publishing import draft_of
from knowledge.records.kinds import Status
from knowledge.records.procedure import Procedure, Revision
from knowledge.workflow import (
    ON_THE_WAY,
    STATUS_NAMES,
    approve,
    drafts_on_the_way,
    edit,
    give_up,
    next_wording,
    send_back,
    submit,
    write,
)

app = typer.Typer(help="Bản nháp: soạn, trình, duyệt, trả lại.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="số của bản nháp, xem «motcua draft list»")]
File = Annotated[Path, typer.Argument(help="tệp", exists=True, dir_okay=False)]


@app.command()
def start(
    code: Annotated[str, typer.Argument(help="mã thủ tục")],
    file: Annotated[Path, typer.Argument(help="ghi ra tệp này để sửa")],
) -> None:
    """Chép lời hiện nay ra tệp để soạn bản mới. Ví dụ: motcua draft start 1.001193 ban-moi.json"""
    with open_house().sessions() as session:
        draft = next_wording(session, code)
    if draft is None:
        raise Stop(
            f"Không có thủ tục {code} đã công bố. Thủ tục mới: soạn tệp rồi «motcua draft new»."
        )
    file.write_text(_pretty(draft), "utf-8")
    say(f"Đã ghi {file}. Sửa xong: motcua draft new {file} --by «tên đăng nhập»")


@app.command()
def new(file: File, by: By = NOBODY) -> None:
    """Lập bản nháp từ tệp. Ví dụ: motcua draft new khai-sinh.json --by lan"""
    drafts = _read(file)
    with open_house().sessions.begin() as session:
        for draft in drafts:
            revision = write(session, actor(by), draft)
            say(f"Bản nháp số {revision.id}: {revision.code} {revision.name}")


@app.command("edit")
def edit_(
    number: Number,
    file: File,
    version: Annotated[int, typer.Option(help="lần sửa đã xem, in ở «motcua draft show»")],
    by: By = NOBODY,
) -> None:
    """Sửa bản nháp theo tệp. Ví dụ: motcua draft edit 12 khai-sinh.json --version 0 --by lan"""
    drafts = _read(file)
    if len(drafts) != 1:
        raise Stop(f"Tệp có {len(drafts)} thủ tục; sửa một bản nháp cần đúng một.")
    with open_house().sessions.begin() as session:
        revision = _revision(session, number)
        edit(session, actor(by), revision, drafts[0], version=version)
        say(f"Đã sửa bản số {number}, nay là lần {revision.version}.")


@app.command("list")
def list_(
    status: Annotated[Status | None, typer.Option(help="chỉ trạng thái này")] = None,
    as_json: AsJson = False,
) -> None:
    """Các bản chưa công bố. Ví dụ: motcua draft list --status in_review"""
    with open_house().sessions() as session:
        rows = drafts_on_the_way(session, (status,) if status else ON_THE_WAY)
        if as_json:
            print_json([{"id": r.id, "code": r.code, "name": r.name, "status": r.status.value,
                         "author": r.author, "version": r.version} for r in rows])  # fmt: skip
            return
        shown = table("Bản chưa công bố", "Số", "Mã", "Tên", "Trạng thái", "Người soạn")
        for row in rows:
            shown.add_row(
                str(row.id),
                row.code,
                row.name[:90],
                STATUS_NAMES[row.status],
                row.author or "nhập từ nguồn",
            )
        screen.print(shown)


@app.command()
def show(
    number: Number,
    file: Annotated[Path | None, typer.Option("--to", help="ghi ra tệp để sửa")] = None,
) -> None:
    """Xem một bản. Ví dụ: motcua draft show 12 --to ban-12.json"""
    with open_house().sessions() as session:
        revision = _revision(session, number)
        say(f"Bản số {revision.id}, {STATUS_NAMES[revision.status]}, lần sửa {revision.version}"
            f", soạn: {revision.author or '–'}, duyệt: {revision.approver or '–'}")  # fmt: skip
        text = _pretty(draft_of(revision))
    if file:
        file.write_text(text, "utf-8")
        say(f"Đã ghi {file}.")
    else:
        say(text)


@app.command("submit")
def submit_(number: Number, by: By = NOBODY) -> None:
    """Trình duyệt. Ví dụ: motcua draft submit 12 --by lan"""
    with open_house().sessions.begin() as session:
        submit(session, actor(by), _revision(session, number))
    say(f"Đã trình bản số {number}.")


@app.command("approve")
def approve_(number: Number, by: By = NOBODY) -> None:
    """Duyệt (không phải bản mình soạn). Ví dụ: motcua draft approve 12 --by minh"""
    with open_house().sessions.begin() as session:
        approve(session, actor(by), _revision(session, number))
    say(f"Đã duyệt bản số {number}. Công bố bằng quyết định: motcua publish decision TỆP")


@app.command("return")
def return_(
    number: Number, reason: Annotated[str, typer.Option(help="chỗ cần sửa")], by: By = NOBODY
) -> None:
    """Trả lại để sửa. Ví dụ: motcua draft return 12 --reason "thiếu phí" --by minh"""
    with open_house().sessions.begin() as session:
        send_back(session, actor(by), _revision(session, number), reason=reason)
    say(f"Đã trả lại bản số {number}.")


@app.command()
def drop(number: Number, by: By = NOBODY) -> None:
    """Bỏ một bản nháp; vẫn đọc lại được. Ví dụ: motcua draft drop 12 --by lan"""
    with open_house().sessions.begin() as session:
        give_up(session, actor(by), _revision(session, number))
    say(f"Đã bỏ bản số {number}.")


@app.command()
def history(code: Annotated[str, typer.Argument(help="mã thủ tục")]) -> None:
    """Ai đã làm gì với một thủ tục. Ví dụ: motcua draft history 1.001193"""
    with open_house().sessions() as session:
        for event in history_of(session, f"procedure:{code}"):
            details = ", ".join(f"{key}={value}" for key, value in event.details.items())
            say(f"{event.at:%d/%m/%Y %H:%M} {event.who}: {event.verb} ({details})")


@app.command()
def edition(code: Annotated[str, typer.Argument(help="mã bản, như 7K2-M9Q-X4Z")]) -> None:
    """Mở lại đúng lời mà người dân đã đọc. Ví dụ: motcua draft edition 7K2-M9Q-X4Z"""
    with open_house().sessions() as session:
        found = revision_of_edition(session, code)
        if found is None:
            raise Stop(f"Không có bản nào mang mã {code}: xem lại từng chữ.")
        until = f" đến trước {found.in_force_to:%d/%m/%Y}" if found.in_force_to else ""
        since = f"{found.in_force_from:%d/%m/%Y}" if found.in_force_from else "ngày chưa rõ"
        name = f"{found.code} bản {found.number} ({edition_code(found.mark)})"
        say(f"{name}, hiệu lực từ {since}{until}")
        say(_pretty(draft_of(found)))


def _revision(session: Session, number: int) -> Revision:
    query = select(Revision).join(Procedure).where(Revision.id == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Stop(f"Không có bản số {number}: xem «motcua draft list».")
    return found


def _read(file: Path) -> list[Draft]:
    """The drafts in a file of any format that can be imported, or in one of `draft start`."""
    try:
        return [Draft.model_validate_json(file.read_text("utf-8"))]
    except ValidationError as error:
        if file.suffix == ".json" and '"content"' in file.read_text("utf-8"):
            raise Stop("; ".join(sentences(error))) from None
    reading = read(file)
    drafts = list(reading.drafts)
    if reading.problems or not drafts:
        raise Stop("; ".join(map(str, reading.problems)) or f"{file} không có thủ tục nào.")
    return drafts


def _pretty(draft: Draft) -> str:
    facts = draft.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
