"""Papers of a dossier. The portal's group labels mix circumstances, headings and remarks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from knowledge.importing.tidying import label_of, without_bullet, without_enumeration
from knowledge.provinces import plain
from knowledge.records.content import Case, Document, Form


class Paper(NamedTuple):
    """One row of a group, as the source has it."""

    name: str
    originals: int | None
    copies: int | None
    forms: tuple[Form, ...]


class Group(NamedTuple):
    """Papers under one label; the label may be empty."""

    label: str
    papers: tuple[Paper, ...]


@dataclass(slots=True)
class Papers:
    """What the groups come to: documents, the cases they belong to, and remarks."""

    documents: dict[tuple[str | None, str], Document] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


_NOTE: Final = re.compile(r"^(?:luu y|ghi chu|chu y|chu thich)\b")
# A label made of nothing but these words (in plain letters) says "papers to hand in" and names
# no circumstance: "Các giấy tờ phải nộp (bản chính), mỗi loại 01 bản, gồm:".
_HEADING_WORDS: Final = frozenset(
    """
    thanh phan so luong ho giay to tai lieu chung tu cac nhung loai mot trong moi bo ban chinh sao
    goc la va phai can de nop xuat trinh thuc hien truc tiep khi co gom bao nhu sau day nay duoi
    nguoi yeu cau nghi quy dinh theo
    """.split()  # noqa: SIM905 (a paragraph of words is read more easily than a list of strings)
)
_NUMBER_OF_SETS: Final = re.compile(r"\d.*\bbo\b")
_SHOWN: Final = re.compile(r"\bxuat trinh\b")
_HANDED_IN: Final = re.compile(
    r"\b(?:nop ban sao|nop hoac|hoac nop|hoac gui|gui ban|ban sao(?: va|,) xuat trinh)"
)
_CIRCUMSTANCE: Final = re.compile(r"\b(?:truong hop|doi voi|neu|khi co)\b")
_NOT_NEEDED: Final = re.compile(
    r"\b(?:khong phai|khong can|khong yeu cau|duoc mien)(?: phai)? (?:nop|xuat trinh|tai len)\b"
    r"|\bnop ho so truc tuyen thi\b"
)


def papers_of(groups: Iterable[Group]) -> Papers:
    """Documents with their cases, and notes, out of the portal's groups."""
    found = Papers()
    for group in groups:
        _add_group(found, group)
    return found


def _add_group(found: Papers, group: Group) -> None:
    label = label_of(group.label)
    simple = plain(without_enumeration(label))
    if _NOTE.match(simple) or (label and not group.papers):
        _add_notes(found, label, group)
        return
    is_shown = is_only_shown(simple)
    case = None if not label or is_heading(simple) else label
    if label and not case and _NUMBER_OF_SETS.search(simple):
        found.notes[label] = None
    if case and is_shown and not _CIRCUMSTANCE.search(simple):
        case = None
    if case:
        found.cases.setdefault(case, Case(name=case))
    for paper in group.papers:
        _add_paper(found, paper, case, is_shown=is_shown)


def _add_notes(found: Papers, label: str, group: Group) -> None:
    if len(plain(label).split()) > 3:  # more than the words "Lưu ý" themselves
        found.notes[label] = None
    for paper in group.papers:
        found.notes[without_bullet(paper.name)] = None


def _add_paper(found: Papers, paper: Paper, case: str | None, *, is_shown: bool) -> None:
    name = without_bullet(paper.name)
    if not name:
        return
    simple = plain(without_enumeration(name))
    is_counted = bool(paper.originals or paper.copies or paper.forms)
    if _NOTE.match(simple) or (not is_counted and _is_remark(simple, is_shown=is_shown)):
        found.notes[name] = None
        return
    is_known = bool(paper.originals or paper.copies)  # 0 and 0 together: nobody filled it in
    found.documents.setdefault(
        (case, simple),
        Document(
            name=name,
            case=case,
            originals=paper.originals if is_known else None,
            copies=paper.copies if is_known else None,
            shown_only=is_shown or _is_shown_row(simple),
            forms=paper.forms,
        ),
    )


def is_heading(simple: str) -> bool:
    """True for a label that only says "papers to hand in", in plain letters."""
    words = re.findall(r"\w+", simple)
    return bool(words) and all(word.isdigit() or word in _HEADING_WORDS for word in words)


def is_only_shown(simple: str) -> bool:
    """True for a label over papers that are shown at the desk and not handed in."""
    return bool(len(simple) <= 200 and _SHOWN.search(simple) and not _HANDED_IN.search(simple))


def _is_remark(simple: str, *, is_shown: bool) -> bool:
    """True for a sentence about papers that stands in a row for one."""
    is_sentence = simple.startswith("truong hop") and bool(re.search(r"\bthi\b", simple))
    introduces = simple.endswith(":")  # the rows that it introduces come in no reliable order
    return introduces or bool(_NOT_NEEDED.search(simple)) or (is_sentence and is_shown)


def _is_shown_row(simple: str) -> bool:
    begins = re.match(r"^(?:phai )?xuat trinh\b", simple) and not re.search(r"\bnop\b", simple)
    return bool(begins or simple.endswith(("(xuat trinh)", "(de xuat trinh)")))
