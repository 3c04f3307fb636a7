"""The staff pages as HTML; every text goes through `escape`."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

MENU: Final = {
    "/admin": "Việc cần làm",
    "/admin/drafts": "Bản nháp",
    "/admin/proposals": "Đề nghị nhập",
    "/admin/publish": "Công bố",
    "/admin/questions": "Hỏi không thấy",
    "/admin/letters": "Kênh và tin nhắn",
    "/admin/links": "Đường dẫn",
}
STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --blue: #1459a8; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center;
  padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
header strong { margin-right: 1rem; } header form { margin-left: auto; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
a { color: var(--blue); } @media (prefers-color-scheme: dark) { a { color: #8ab8f0; } }
a[aria-current] { font-weight: 700; text-decoration: none; }
main { max-width: 75rem; margin: 1rem auto; padding: 0 1rem; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border: 1px solid var(--line); }
th { background: #8881; } td form { display: inline-block; margin: 0 .3rem .3rem 0; }
button { font: inherit; padding: .3rem .8rem; min-height: 2.2rem; cursor: pointer; }
input, textarea { font: inherit; padding: .4rem; width: 100%; }
td input { width: 12rem; } textarea { min-height: 22rem; font-family: monospace; font-size: 14px; }
.sign-in { max-width: 22rem; } .sign-in label { display: block; margin: .8rem 0; }
.told { padding: .6rem 1rem; border-left: 4px solid #2a8; background: #2a81; }
.refused { padding: .6rem 1rem; border-left: 4px solid #c33; background: #c331; }
.scroll { overflow-x: auto; } ul { padding-left: 1.2rem; }
.tick { display: block; margin: .8rem 0; } .tick input { width: auto; margin-right: .4rem; }
summary { cursor: pointer; } td, li { overflow-wrap: break-word; }
header form { display: flex; align-items: center; gap: .6rem; }
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block; width: 100%; } tr.heads { display: none; }
  tr { border: 1px solid var(--line); margin-bottom: .8rem; } td { border: 0; }
  td[data-head]:not([data-head=""])::before { content: attr(data-head) ": "; font-weight: 700; }
  td input { width: 100%; margin-bottom: .3rem; } button { min-height: 2.75rem; }
}
"""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


NOTHING: Final = Html("")


def text(value: object) -> Html:
    """A value as HTML."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def page(
    title: str, body: Html, *, login: str | None, token: str = "", told: Html = NOTHING
) -> str:
    """A whole page."""
    here = {path: name for path, name in MENU.items() if name == title}
    items = "".join(
        f'<a href="{path}"{" aria-current=page" if path in here else ""}>{escape(name)}</a>'
        for path, name in MENU.items()
    )
    out = f"{escape(login or '')} " + button("/admin/logout", "Thoát", token) if login else ""
    head = f"<header><strong>Một Cửa</strong><nav>{items}</nav>{out}</header>" if login else ""
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/admin/style.css"></head><body>{head}'
        f"<main><h1>{escape(title)}</h1>{told}{body}</main></body></html>"
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> Html:
    """A table, or a sentence when there is nothing in it."""
    drawn = ["<tr>" + "".join(_cells(heads, row)) + "</tr>" for row in rows]
    if not drawn:
        return Html(f"<p>{escape(empty)}</p>")
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return Html(
        f'<div class="scroll"><table><tr class="heads">{head}</tr>{"".join(drawn)}</table></div>'
    )


def _cells(heads: Sequence[str], row: Sequence[object]) -> Iterable[str]:
    """Each cell with the head of its column, which a phone shows before it."""
    named = [*heads, *[""] * (len(row) - len(heads))]
    for head, cell in zip(named, row, strict=True):
        yield f'<td data-head="{escape(head)}">{text(cell)}</td>'


def folded(short: str, lines: Iterable[object]) -> Html:
    """A list of lines that opens when it is asked for."""
    return Html(f"<details><summary>{escape(short)}</summary>{listed(lines)}</details>")


def button(path: str, label: str, token: str, *, ask: str | None = None, **hidden: object) -> Html:
    """A form of one button, with a field to fill in where it asks for something."""
    facts = {"token": token} | hidden
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
        for name, value in facts.items()
    )
    if ask:
        inputs += (
            f'<input name="reason" placeholder="{escape(ask)}" aria-label="{escape(ask)}" required>'
        )
    return Html(
        f'<form method="post" action="{escape(path)}">{inputs}<button>{escape(label)}</button></form>'
    )


def listed(lines: Iterable[object]) -> Html:
    """A list of lines."""
    return Html("<ul>" + "".join(f"<li>{text(line)}</li>" for line in lines) + "</ul>")


def told(lines: Sequence[str], *, refused: bool = False) -> Html:
    """What was done, or why it was not."""
    kind = "refused" if refused else "told"
    return Html(f'<div class="{kind}" role="status">{listed(lines)}</div>') if lines else Html("")
