"""`motcua sync portal`: the catalogue from the portal's interface, as proposals."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bot.commands.house import notes, open_house, say, screen
from bot.commands.importing import bar, print_proposed
from knowledge.importing.proposing import propose_paths
from knowledge.syncing import Portal, sync
from knowledge.syncing.fetching import DETAILS
from knowledge.syncing.portal_api import AGENT

app = typer.Typer(help="Lấy dữ liệu từ nơi khác.", no_args_is_help=True)


@app.callback()
def _several() -> None:
    """Lấy dữ liệu từ nơi khác."""


@app.command()
def portal(
    folder: Annotated[Path, typer.Option(help="nơi để tệp tải về; chạy lại thì tiếp tục")] = Path(
        "var/sync"
    ),
    department: Annotated[str | None, typer.Option(help="mã cơ quan, như H56")] = None,
    pause: Annotated[float, typer.Option(help="giây nghỉ trước mỗi yêu cầu", min=0)] = 2.0,
    url: Annotated[str, typer.Option(help="địa chỉ Cổng")] = "https://dichvucong.gov.vn",
    download_only: Annotated[bool, typer.Option("--download-only", help="chỉ tải về")] = False,
) -> None:
    """Tải danh mục từ Cổng, chậm rãi, thành đề nghị. Ví dụ: motcua sync portal --department H56"""
    with httpx.Client(base_url=url, timeout=30, headers={"User-Agent": AGENT}) as client:
        asked = Portal(client, time.sleep, pause=pause)
        with bar(notes) as show:
            report = sync(asked, folder, department=department, progress=show)
    say(f"Danh sách {report.listed} · tải {report.fetched} · có từ trước {report.held}"
        f" · không tải được {len(report.failed)}")  # fmt: skip
    for failed in report.failed[:10]:
        say(f"  ! {failed}")
    if report.stopped:
        say(f"Dừng: {report.stopped}")
        raise typer.Exit(1)
    if not download_only:
        parts = open_house()
        whole = None if report.is_complete and department is None else False
        proposed = propose_paths(
            parts.sessions,
            [folder / DETAILS],
            today=parts.today(),
            now=datetime.now(UTC),
            whole=whole,
        )
        print_proposed(proposed, screen)
