"""`motcua check`: faults of the content, by unit or sector, with what to do about each."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.house import AsJson, Stop, open_house, print_json, say, screen, table
from knowledge.checks import CHECKS, Finding, check_catalogue
from knowledge.checks.finding import SEVERITIES

NAMES = {check.name: check for check in CHECKS}


class By(StrEnum):
    """Whose findings stand together."""

    UNIT = "unit"
    SECTOR = "sector"


def check(
    by: By = By.UNIT,
    only: Annotated[list[str] | None, typer.Option("--only", help="chỉ kiểm tra này")] = None,
    unit: Annotated[str | None, typer.Option(help="chỉ cơ quan có tên chứa chữ này")] = None,
    details: Annotated[int, typer.Option(help="in bấy nhiêu chỗ của mỗi kiểm tra", min=0)] = 3,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="ghi thêm tệp Excel")] = None,
    as_json: AsJson = False,
) -> None:
    """Soát nội dung danh mục. Ví dụ: motcua check --by sector --only district --details 10"""
    if unknown := [name for name in only or () if name not in NAMES]:
        raise Stop(f"Không có kiểm tra {', '.join(unknown)}. Có: {', '.join(NAMES)}.")
    parts = open_house()
    chosen = tuple(NAMES[name] for name in only) if only else CHECKS
    with parts.sessions() as session:
        province = parts.settings.province
        found = list(check_catalogue(session, parts.today(), province=province, checks=chosen))
    if unit:
        found = [one for one in found if unit.lower() in one.unit.lower()]
    if xlsx:
        from knowledge.spreadsheets import write_findings  # noqa: PLC0415

        write_findings(xlsx, found, on=parts.today())
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        _print(found, by, details)


def _print(found: Sequence[Finding], by: By, details: int) -> None:
    _print_by_check(found)
    _print_by_group(found, by)
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in found:
        groups[one.check].append(one)
    for name, members in groups.items():
        if details:
            say(f"\n{NAMES[name].says} – {NAMES[name].mend}:")
        for one in members[:details]:
            say(f"  {one.slug} {one.name[:70]}: {one.says}")


def _print_by_check(found: Sequence[Finding]) -> None:
    shown = table("Theo loại", "Kiểm tra", "Mức", "Nội dung", "Thủ tục", "Chỗ")
    for check in CHECKS:
        mine = [one for one in found if one.check == check.name]
        if mine:
            slugs = len({one.slug for one in mine})
            level = SEVERITIES[check.severity]
            shown.add_row(check.name, level, check.says, str(slugs), str(len(mine)))
    screen.print(shown)


def _print_by_group(found: Sequence[Finding], by: By) -> None:
    title = "Cơ quan công bố" if by is By.UNIT else "Lĩnh vực"
    shown = table(f"Theo {title.lower()}", title, "Thủ tục có lỗi", *SEVERITIES.values())
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in found:
        groups[one.unit if by is By.UNIT else one.sector].append(one)
    for name, mine in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        counts = Counter(one.severity for one in mine)
        cells = [str(counts[severity]) for severity in SEVERITIES]
        shown.add_row(name, str(len({one.slug for one in mine})), *cells)
    screen.print(shown)
