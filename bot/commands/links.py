"""`motcua links check | look | visit`: what is known of each link, and what to mend."""

import time
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import httpx
import typer

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
from knowledge.link_checks import (
    STATE_NAMES,
    LinkFinding,
    LinkState,
    by_unit,
    check_links,
    looked,
    visit,
)

app = typer.Typer(help="Đường dẫn đến trang thủ tục trên Cổng.", no_args_is_help=True)
PAUSE = 2.0  # seconds between two visits: the portal is not ours to load


@app.command()
def check(
    details: Annotated[int, typer.Option(help="in bấy nhiêu đường dẫn mỗi loại", min=0)] = 10,
    units: Annotated[bool, typer.Option("--units", help="theo cơ quan công bố")] = False,
    as_json: AsJson = False,
) -> None:
    """Đường dẫn nào đúng, hỏng, cần người xem. Ví dụ: motcua links check --units"""
    parts = open_house()
    with parts.sessions() as session:
        found = check_links(session, parts.today(), province=parts.settings.province)
    if as_json:
        print_json(_as_json(found))
        return
    counts = Counter(one.state for one in found)
    for state, title in STATE_NAMES.items():
        if counts[state]:
            say(f"{title}: {counts[state]}")
            mended = [one for one in found if one.state is state][:details]
            if state not in (LinkState.OK, LinkState.UNVERIFIED):
                for one in mended:
                    new = f" → {one.proposed}" if one.proposed else ""
                    say(f"  {one.slug} {one.name[:60]}: {one.url}{new}")
    if units:
        _print_units(found)


@app.command()
def look(
    code: Annotated[str, typer.Argument(help="mã thủ tục")],
    state: Annotated[LinkState, typer.Argument(help="thấy gì trên trang")] = LinkState.OK,
    note: Annotated[str, typer.Option(help="ghi chú")] = "",
    by: By = NOBODY,
) -> None:
    """Ghi rằng một người đã mở trang và thấy gì. Ví dụ: motcua links look 1.001193 ok --by lan"""
    with open_house().sessions.begin() as session:
        looked(session, actor(by), code, state, note)
    say(f"Đã ghi: {code} – {STATE_NAMES[state]}.")


@app.command("visit")
def visit_(
    limit: Annotated[int, typer.Option(help="nhiều nhất bấy nhiêu trang", min=1)] = 20,
    pause: Annotated[float, typer.Option(help="giây nghỉ giữa hai lần", min=0)] = PAUSE,
) -> None:
    """Mở thử các trang chưa ai xem, chậm rãi. Ví dụ: motcua links visit --limit 50"""
    parts = open_house()
    with parts.sessions() as session:
        found = check_links(session, parts.today(), province=parts.settings.province)
    waiting = [one for one in found if one.state is LinkState.UNVERIFIED][:limit]
    if not waiting:
        raise Stop("Không có đường dẫn nào chưa xem.")
    with httpx.Client(timeout=20, follow_redirects=True) as client:

        def fetch(url: str) -> tuple[int, str] | None:
            time.sleep(pause)
            try:
                answer = client.get(url)
            except httpx.HTTPError:
                return None
            return answer.status_code, answer.text

        with parts.sessions.begin() as session:
            counts = visit(session, waiting, fetch, now=datetime.now(UTC))
    for state, count in counts.items():
        say(f"{STATE_NAMES[state]}: {count}")


def _as_json(found: list[LinkFinding]) -> dict[str, object]:
    """The codes by state, and the links to mend."""
    states = {state.value: [one.code for one in found if one.state is state] for state in LinkState}
    # Names of the first contract: what leads straight to the page, whoever has looked at it.
    direct = (LinkState.OK, LinkState.UNVERIFIED, LinkState.WALL)
    states["direct"] = [one.code for one in found if one.state in direct]
    mend = [
        {"code": one.code, "url": one.url, "proposed": one.proposed}
        for one in found
        if one.proposed
    ]
    return {**states, "other": [], "mend": mend}


def _print_units(found: list[LinkFinding]) -> None:
    shown = table("Theo cơ quan công bố", "Cơ quan", *(state.value for state in LinkState))
    for unit, counts in by_unit(found).items():
        shown.add_row(unit, *(str(counts[state] or "") for state in LinkState))
    screen.print(shown)
