""" "Nếu nộp hôm nay thì khi nào có?": the day of the result, by case and way of submitting."""

from collections.abc import Iterator
from datetime import datetime

from bot.phrases import SUBMISSIONS
from bot.wording import say
from knowledge.calendar import VIETNAM, Due, due_on
from knowledge.records.content import TimeLimit, Unit
from knowledge.records.procedure import Revision

CUES = (
    "nếu nộp hôm nay", "nộp hôm nay thì", "nộp bây giờ thì", "khi nào có kết quả", "bao giờ có kết quả",
    "ngày nào có", "ngày nào lấy", "hôm nào lấy", "khi nào lấy được", "bao giờ lấy được",
    "khi nào thì xong", "bao giờ thì xong", "mấy ngày nữa có", "kịp không",
)  # fmt: skip


def due_answer(revision: Revision, received: datetime) -> str:
    """When the result is due for a dossier received then, one line a case and way."""
    lines = dict.fromkeys(_lines(revision, received))
    if not lines:
        return say("due_unknown")
    head = say("due_if_today", received=f"lúc {received.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}")
    return "\n".join([head, *lines, say("due_from_receipt")])


def _lines(revision: Revision, received: datetime) -> Iterator[str]:
    for name, limit in _limits(revision):
        if due := due_on(limit, received):
            forecast = say("due_forecast") if due.is_forecast else ""
            yield say("due_line", way=name, at=_at(due, limit), forecast=forecast)


def _limits(revision: Revision) -> Iterator[tuple[str, TimeLimit]]:
    for case in revision.content.cases:
        if case.time_limit:
            yield case.name, case.time_limit
    for method in revision.content.methods:
        if method.time_limit:
            yield SUBMISSIONS[method.submission], method.time_limit


def _at(due: Due, limit: TimeLimit) -> str:
    local = due.at.astimezone(VIETNAM)
    return f"{local:%H:%M ngày %d/%m/%Y}" if limit.unit is Unit.HOUR else f"ngày {local:%d/%m/%Y}"
