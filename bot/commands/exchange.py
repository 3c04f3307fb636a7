"""`motcua export` and `motcua template`: the catalogue for others, and a form for departments."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.house import open_house, say


class Shape(StrEnum):
    """How the catalogue is written."""

    JSONL = "jsonl"
    JSONLD = "jsonld"


def export(
    file: Annotated[Path, typer.Argument(help="ghi ra tệp này")],
    shape: Annotated[Shape, typer.Option("--as", help="dạng tệp")] = Shape.JSONL,
) -> None:
    """Xuất danh mục đang hiệu lực. Ví dụ: motcua export danh-muc.jsonl"""
    from knowledge.exporting import (  # noqa: PLC0415
        as_line,
        as_linked_data,
        is_public,
        revisions_in_force,
    )

    parts = open_house()
    count = 0
    with parts.sessions() as session, file.open("w", encoding="utf-8") as stream:
        for one in revisions_in_force(session, parts.today(), province=parts.settings.province):
            if shape is Shape.JSONL:
                stream.write(as_line(one) + "\n")
            elif is_public(one):
                stream.write(json.dumps(as_linked_data(one), ensure_ascii=False) + "\n")
            else:
                continue
            count += 1
    say(f"Đã ghi {count} thủ tục vào {file}.")


def template(file: Annotated[Path, typer.Argument(help="ghi biểu mẫu ra tệp .xlsx này")]) -> None:
    """Biểu mẫu Excel cho đơn vị điền. Ví dụ: motcua template bieu-mau.xlsx"""
    from knowledge.importing.template import write_template  # noqa: PLC0415

    write_template(file)
    say(f"Đã ghi {file}. Điền xong, thử trước: motcua import {file} --dry-run")
