"""`motcua publish …`: a decision of publication is rehearsed, then carried out."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import App
from bot.commands.house import NOBODY, By, Stop, actor, open_house, say, screen, table
from bot.commands.replaying import Questions, gathered, shown_at_work, tell
from bot.replay import Question, rehearse, written_for
from knowledge.decision_files import EXAMPLE, read_decision
from knowledge.decisions import ACTION_NAMES, carry_out
from knowledge.records.decision import Decision

app = typer.Typer(help="Quyết định công bố.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="tệp", exists=True)]


@app.command()
def decision(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="chỉ kiểm tra, không công bố")] = False,
    questions: Questions = None,
    even_if_worse: Annotated[
        bool, typer.Option("--even-if-worse", help="vẫn công bố dù có câu trả lời xấu đi")
    ] = False,
    by: By = NOBODY,
) -> None:
    """Công bố theo quyết định. Ví dụ: motcua publish decision 123-QD.yaml --by hoa --dry-run"""
    paper = read_decision(file)
    parts = open_house()
    asked = gathered(parts, questions or (), 30)
    asked += written_for(item.code for item in paper.items)
    with parts.sessions() as session:
        made = carry_out(session, actor(by), paper)
        count = len(made.items)
        if (
            asked
            and not _is_fine(parts, asked, session, paper.effective_from)
            and not even_if_worse
        ):
            session.rollback()
            raise Stop(
                "Chưa công bố: có câu trả lời xấu đi. Vẫn muốn công bố: thêm --even-if-worse."
            )
        session.rollback() if dry_run else session.commit()
    did = "Sẽ công bố" if dry_run else "Đã công bố"
    say(f"{did} {count} thủ tục theo {paper.number}, hiệu lực từ {paper.effective_from:%d/%m/%Y}:")
    for item in paper.items:
        say(f"  {item.code}: {ACTION_NAMES[item.action]}")


def _is_fine(parts: App, asked: list[Question], session: Session, day: date) -> bool:
    """Ask against what the transaction holds, before anybody else sees it."""
    shown = shown_at_work(asked)
    changed = list(rehearse(session, parts.settings, shown, today=parts.today(), on=day))
    tell(asked, changed)
    return not any(one.is_worse for one in changed)


@app.command()
def example() -> None:
    """In một tệp quyết định mẫu. Ví dụ: motcua publish example > 123-QD.yaml"""
    typer.echo(EXAMPLE, nl=False)


@app.command("list")
def decisions() -> None:
    """Các quyết định đã thực hiện. Ví dụ: motcua publish list"""
    shown = table("Quyết định công bố", "Số", "Ngày", "Cơ quan", "Hiệu lực", "Thủ tục")
    with open_house().sessions() as session:
        for one in session.scalars(select(Decision).order_by(Decision.date, Decision.id)):
            items = ", ".join(f"{i.procedure_slug} ({ACTION_NAMES[i.action]})" for i in one.items)
            shown.add_row(
                one.number, f"{one.date:%d/%m/%Y}", one.agency, str(one.effective_from or ""), items
            )
    screen.print(shown)
