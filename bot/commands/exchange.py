"""`motcua export` and `motcua template`: the catalogue for others, and a form for departments."""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.house import open_house, say
from knowledge.records.procedure import Revision


class Shape(StrEnum):
    """How the catalogue is written."""

    JSONL = "jsonl"
    JSONLD = "jsonld"
    XLSX = "xlsx"


def export(
    file: Annotated[Path, typer.Argument(help="ghi ra tệp này")],
    shape: Annotated[Shape, typer.Option("--as", help="dạng tệp")] = Shape.JSONL,
) -> None:
    """Xuất danh mục đang hiệu lực. Ví dụ: motcua export danh-muc.xlsx --as xlsx"""
    from knowledge.exporting import revisions_in_force  # noqa: PLC0415 (slow imports)

    parts = open_house()
    with parts.sessions() as session:
        found = revisions_in_force(session, parts.today(), province=parts.settings.province)
        if shape is Shape.XLSX:
            from knowledge.catalogue_book import write_catalogue  # noqa: PLC0415

            count = write_catalogue(file, found, on=parts.today())
        else:
            count = _write_lines(file, found, shape)
    say(f"Đã ghi {count} thủ tục vào {file}.")


def _write_lines(file: Path, found: Iterable[Revision], shape: Shape) -> int:
    from knowledge.exporting import as_line, as_linked_data, is_public  # noqa: PLC0415

    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for one in found:
            if shape is Shape.JSONL:
                stream.write(as_line(one) + "\n")
            elif is_public(one):
                stream.write(json.dumps(as_linked_data(one), ensure_ascii=False) + "\n")
            else:
                continue
            count += 1
    return count


def template(file: Annotated[Path, typer.Argument(help="ghi biểu mẫu ra tệp .xlsx này")]) -> None:
    """Biểu mẫu Excel cho đơn vị điền. Ví dụ: motcua template bieu-mau.xlsx"""
    from knowledge.importing.template import write_template  # noqa: PLC0415

    write_template(file)
    say(f"Đã ghi {file}. Điền xong, thử trước: motcua import {file} --dry-run")
