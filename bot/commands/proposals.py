"""`motcua proposals …`: what an import proposes, and what staff make of it."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.progress import track
from sqlalchemy.orm import Session

from bot.app import App
from bot.commands.house import (
    NOBODY,
    AsJson,
    By,
    Stop,
    actor,
    notes,
    open_house,
    print_json,
    say,
    screen,
    table,
)
from knowledge.history import Refused
from knowledge.proposals import accept, open_proposals, reject
from knowledge.records.proposal import Change, Proposal

app = typer.Typer(help="Đề nghị của các lần nhập.", no_args_is_help=True)
CHANGES = {Change.NEW: "mới", Change.CHANGED: "thay đổi", Change.GONE: "không còn ở nguồn"}
Codes = Annotated[list[str] | None, typer.Argument(help="mã thủ tục")]
Kind = Annotated[Change | None, typer.Option(help="chỉ loại này")]
All = Annotated[bool, typer.Option("--all", help="tất cả")]
Conflicts = Annotated[bool, typer.Option("--conflicts", help="chỉ chỗ trùng với bản đã sửa ở đây")]
BATCH = 200


@app.command("list")
def list_(change: Kind = None, conflicts: Conflicts = False, as_json: AsJson = False) -> None:
    """Đề nghị đang chờ. Ví dụ: motcua proposals list --change changed"""
    with open_house().sessions() as session:
        found = open_proposals(session, change=change, conflicts_only=conflicts)
        if as_json:
            print_json([_as_json(one) for one in found])
            return
        shown = table(f"{len(found)} đề nghị đang chờ", "Mã", "Tên", "Việc", "Khác ở")
        for one in found:
            fields = [told.split(":")[0] for told in one.differences.get("fields", ())]
            clash = f"\ntrùng: {len(one.differences['conflicts'])}" if one.has_conflict else ""
            shown.add_row(one.slug, one.name[:80], CHANGES[one.change], ", ".join(fields) + clash)
        screen.print(shown)


@app.command()
def show(code: Annotated[str, typer.Argument(help="mã thủ tục")]) -> None:
    """Khác từng phần, bằng lời. Ví dụ: motcua proposals show 1.001193"""
    with open_house().sessions() as session:
        found = open_proposals(session, codes=[code])
        if not found:
            raise Stop(f"Không có đề nghị nào đang chờ về {code}.")
        for one in found:
            say(f"{one.slug} {one.name}: {CHANGES[one.change]}")
            for told in one.differences.get("fields", ()):
                say(f"  - {told}")
            for told in one.differences.get("conflicts", ()):
                say(f"  ! nguồn đổi đúng chỗ đã sửa ở đây (giữ bản ở đây): {told}")


@app.command("accept")
def accept_(
    codes: Codes = None,
    everything: All = False,
    change: Kind = None,
    take_source: Annotated[
        bool, typer.Option("--take-source", help="chỗ trùng thì lấy lời của nguồn")
    ] = False,
    by: By = NOBODY,
) -> None:
    """Nhận đề nghị, có hiệu lực từ hôm nay. Ví dụ: motcua proposals accept --all --by minh"""
    parts = open_house()
    day = parts.today()

    def take(session: Session, one: Proposal) -> None:
        accept(session, actor(by), one, on=day, take_source=take_source)

    done, refused = _each(parts, _chosen(parts, codes, everything, change), take)
    say(f"Đã nhận {done} đề nghị, có hiệu lực từ {day:%d/%m/%Y}.")
    _tell(refused)


@app.command("reject")
def reject_(
    codes: Codes = None,
    everything: All = False,
    change: Kind = None,
    reason: Annotated[str, typer.Option(help="vì sao")] = "",
    by: By = NOBODY,
) -> None:
    """Không nhận, không đề nghị lại. Ví dụ: motcua proposals reject 1.001193 --by minh"""
    parts = open_house()

    def leave(session: Session, one: Proposal) -> None:
        reject(session, actor(by), one, reason=reason)

    done, refused = _each(parts, _chosen(parts, codes, everything, change), leave)
    say(f"Đã bỏ {done} đề nghị.")
    _tell(refused)


def _chosen(
    parts: App, codes: Sequence[str] | None, everything: bool, change: Change | None
) -> list[int]:
    if not codes and not everything and change is None:
        raise Stop("Ghi mã thủ tục, hoặc --change LOẠI, hoặc --all.")
    with parts.sessions() as session:
        found = [one.id for one in open_proposals(session, codes=codes or (), change=change)]
    if not found:
        raise Stop("Không có đề nghị nào đang chờ như vậy: xem «motcua proposals list».")
    return found


def _each(
    parts: App, ids: list[int], act: Callable[[Session, Proposal], None]
) -> tuple[int, list[str]]:
    """Do it to each, some hundred a transaction; a refusal costs only its own proposal."""
    refused: list[str] = []
    starts = range(0, len(ids), BATCH)
    for start in track(starts, "Đề nghị", console=notes, transient=True, disable=len(ids) < BATCH):
        with parts.sessions.begin() as session:
            for number in ids[start : start + BATCH]:
                try:
                    with session.begin_nested():
                        act(session, session.get_one(Proposal, number))
                except Refused as refusal:
                    refused += refusal.reasons
    return len(ids) - len(refused), refused


def _tell(refused: list[str]) -> None:
    if refused:
        for reason in dict.fromkeys(refused):
            say(f"  ! {reason}")
        raise typer.Exit(1)


def _as_json(one: Proposal) -> dict[str, object]:
    return {
        "code": one.code,
        "slug": one.slug,
        "name": one.name,
        "change": one.change.value,
        "differences": one.differences.get("fields", []),
        "conflicts": one.differences.get("conflicts", []),
        "kept": one.differences.get("kept", []),
    }
