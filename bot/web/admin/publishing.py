"""A decision from the staff pages: rehearsed first; what answers worse must be confirmed."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from bot.config import Settings
from bot.replay import Changed, asked_lately, rehearse, written_for
from knowledge.decision_files import read_decision
from knowledge.decisions import Paper, carry_out
from knowledge.history import Actor, Refused

MOST_ASKED: Final = 2000  # questions; the rarest of a busy month are left out
SHOWN: Final = 20


def publish_by(
    session: Session, actor: Actor, form: Mapping[str, str], settings: Settings, today: date
) -> str:
    """Try the decision of the form, or carry it out; what came of it, one sentence a line."""
    paper = _paper(form.get("paper", ""))
    is_trial = form.get("go") != "do"
    with session.begin_nested() as attempt:
        carry_out(session, actor, paper)
        asked = list(islice(asked_lately(session, actor.now), MOST_ASKED))
        asked += written_for(item.code for item in paper.items)
        day = paper.effective_from
        changed = list(rehearse(session, settings, asked, today=today, on=day)) if asked else []
        if is_trial:
            attempt.rollback()
    lines = _told(len(asked), changed)
    if not is_trial and form.get("anyway") != "yes" and any(one.is_worse for one in changed):
        raise Refused(
            ["chưa công bố: có câu trả lời xấu đi; vẫn muốn thì đánh dấu ô xác nhận", *lines]
        )
    count, number = len(paper.items), paper.number
    if is_trial:
        return "\n".join([f"Kiểm tra thử: {count} thủ tục công bố được theo {number}.", *lines])
    return "\n".join([f"Đã công bố {count} thủ tục theo {number}.", *lines])


def _paper(text: str) -> Paper:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "quyet-dinh.yaml"
        file.write_text(text, "utf-8")
        return read_decision(file)


def _told(asked: int, changed: Sequence[Changed]) -> list[str]:
    worse = sum(one.is_worse for one in changed)
    lines = [f"Hỏi lại {asked} câu: {len(changed)} câu trả lời thay đổi, {worse} câu xấu đi."]
    for one in sorted(changed, key=lambda one: (not one.is_worse, -one.times))[:SHOWN]:
        mark = "✗ xấu đi" if one.is_worse else "đổi"
        lines.append(f"{mark} «{one.question}»: trước {one.before} → sau {one.after}")
    if len(changed) > SHOWN:
        lines.append(f"… và {len(changed) - SHOWN} câu khác: xem «motcua replay»")
    return lines
