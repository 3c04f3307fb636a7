"""`motcua compare`: prints of the portal (PDF) held against what is in force here."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.commands.house import AsJson, open_house, print_json, say
from knowledge.checks.printed import Unlike, compare
from knowledge.editions import in_force_on
from knowledge.importing.printed import NotPrinted, Printed, read_print
from knowledge.publishing import draft_of
from knowledge.records.procedure import Procedure, Revision


def compare_(
    files: Annotated[list[Path], typer.Argument(help="tệp PDF tải từ Cổng", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Đối chiếu bản PDF của Cổng với bản đang hiệu lực. Ví dụ: motcua compare 1.001193.pdf"""
    parts = open_house()
    found: dict[str, list[Unlike] | str] = {}
    for file in files:
        try:
            printed = read_print(file)
        except NotPrinted as refusal:
            found[file.name] = str(refusal)
            continue
        with parts.sessions() as session:
            revision = _in_force(session, printed, parts.today())
            found[file.name] = (
                compare(printed, draft_of(revision))
                if revision
                else f"không có thủ tục {printed.code} đang hiệu lực"
            )
    if as_json:
        print_json({name: _plain(told) for name, told in found.items()})
    else:
        for name, told in found.items():
            _tell(name, told)
    if any(isinstance(told, str) or _real(told) for told in found.values()):
        raise typer.Exit(1)


def _in_force(session: Session, printed: Printed, on: date) -> Revision | None:
    query = (
        select(Revision)
        .join(Revision.procedure)
        .options(joinedload(Revision.procedure))
        .where(Procedure.code == printed.code, in_force_on(on))
    )
    return session.scalars(query).first()


def _real(told: list[Unlike]) -> list[Unlike]:
    return [one for one in told if not one.is_fault_of_print]


def _tell(name: str, told: list[Unlike] | str) -> None:
    if isinstance(told, str):
        say(f"{name}: {told}")
        return
    real, faults = _real(told), len(told) - len(_real(told))
    known = f", {faults} chỗ bản in của Cổng vốn sai" if faults else ""
    say(f"{name}: {len(real)} chỗ khác{known}")
    for one in told:
        mark = "·" if one.is_fault_of_print else "✗"
        say(f"  {mark} {one.part}: {one.says}")


def _plain(told: list[Unlike] | str) -> object:
    return told if isinstance(told, str) else [one._asdict() for one in told]
