"""Conversations in plain text, as staff can read and write them.

    Người dân hỏi lệ phí sau khi xem giấy tờ.          ← a remark: anything before the first "> "

    > đăng ký kết hôn cần giấy tờ gì                   ← what the citizen types
    = answer documents 1.000894                        ← outcome, facet ("-" for none), code ("-" for none)
    Tờ khai đăng ký kết hôn                            ← each line must be shown, in this order
    ! Miễn phí                                         ← and this must not
    [Lệ phí]                                           ← a choice or link whose label holds these words
    @ nhóm                                             ← from here on said in a group; or "@ web": on
                                                         that channel; "@ riêng" ends it

Lines after a `> ` are compared with what is shown; what is not named may be anything.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.messages import Reply

FOLDER = Path(__file__).parent / "conversations"


@dataclass
class Turn:
    """One thing said and what must be shown after it."""

    says: str
    line: int
    expects: list[str] = field(default_factory=list)
    where: str = "riêng"  # "riêng", "nhóm" or the name of a channel


def read(path: Path) -> list[Turn]:
    """The turns of one file."""
    turns: list[Turn] = []
    where = "riêng"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("> "):
            turns.append(Turn(line[2:], number, where=where))
        elif line.startswith("@ "):
            where = line[2:].strip()
        elif turns and line.strip():
            turns[-1].expects.append(line.strip())
    return turns


def faults(turn: Turn, reply: Reply) -> list[str]:
    """What of the expectations the reply does not meet."""
    shown = "\n".join(bubble.text for bubble in reply.bubbles)
    labels = [item.label for bubble in reply.bubbles for item in (*bubble.choices, *bubble.links)]
    found: list[str] = []
    place = 0
    for wish in turn.expects:
        if wish.startswith("= "):
            found += _outcome(wish[2:].split(), reply)
        elif wish.startswith("! "):
            found += [f"không được có: {wish[2:]}"] if wish[2:] in shown else []
        elif match := re.fullmatch(r"\[(.+)\]", wish):
            held = any(match[1].lower() in label.lower() for label in labels)
            found += [] if held else [f"thiếu lựa chọn: {match[1]} (có: {labels})"]
        elif (next_place := shown.find(wish, place)) >= 0:
            place = next_place + len(wish)
        else:
            found.append(f"thiếu dòng: {wish}\n--- đã hiện:\n{shown}\n---")
    return found


def _outcome(wish: list[str], reply: Reply) -> list[str]:
    code = reply.procedure.code if reply.procedure else "-"
    shown = [reply.outcome.value, reply.facet or "-", code][: len(wish)]
    return [] if shown == wish else [f"kết cục {shown}, đáng ra {wish}"]
