"""Questions asked against two catalogues: which answers a publication changes, and for the worse."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.assistant import Assistant
from bot.config import Settings
from bot.conversations import Unrecorded
from bot.evaluation import read_rows
from bot.messages import Message, Reply
from bot.shelf import Shelf
from bot.shelves import Shelves
from knowledge.records.conversation import Turn
from knowledge.turns import FORGOTTEN
from nlp.questions import by_code

Ask = Callable[[str], Reply]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how often it was asked, and which procedures are right for it where known."""

    text: str
    times: int = 1
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer that is not what it was."""

    question: str
    times: int
    before: str
    after: str
    is_worse: bool  # less right than before: not shown any more, or not even offered


def asked_lately(session: Session, until: datetime, *, days: int = 30) -> list[Question]:
    """The masked questions of the last days, each once, most frequent first.

    What was answered with a procedure is a recorded good answer: it should be found again.
    """
    answered = case((Turn.outcome == "answer", Turn.code))
    query = (
        select(Turn.question, answered, func.count())
        .where(Turn.at >= until - timedelta(days=days), Turn.at < until)
        .where(Turn.question != FORGOTTEN)
        .group_by(Turn.question, answered)
    )
    times: Counter[str] = Counter()
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for text, code, count in session.execute(query):
        times[text] += count
        codes[text] |= {code} if code else set()
    ordered = sorted(times, key=lambda text: (-times[text], text))
    return [Question(text, times[text], frozenset(codes[text])) for text in ordered]


def written_for(codes: Iterable[str], *, most: int = 20) -> list[Question]:
    """Our own question set: what was written beforehand for these procedures."""
    written = by_code()
    return [
        Question(text, accepted=frozenset((code,)))
        for code in codes
        for text in written.get(code, ())[:most]
    ]


def labelled(path: Path) -> list[Question]:
    """The questions of a labelled file with the codes that are right."""
    return [
        Question(row["question"], accepted=frozenset(row.get("accept_codes", ())))
        for row in read_rows(path)
        if row.get("question")
    ]


def rehearse(
    session: Session,
    settings: Settings,
    asked: Iterable[Question],
    *,
    today: date,
    on: date,
) -> Iterator[Changed]:
    """What changes by what the transaction holds, before anybody else sees it."""
    within = sessionmaker(
        bind=session.connection(), expire_on_commit=False, join_transaction_mode="rollback_only"
    )
    committed = sessionmaker(bind=session.get_bind().engine, expire_on_commit=False)
    return compare(settings, asked, (committed, today), (within, max(on, today)))


def compare(
    settings: Settings,
    asked: Iterable[Question],
    before: tuple[sessionmaker[Session], date],
    after: tuple[sessionmaker[Session], date],
) -> Iterator[Changed]:
    """The answers of one house on one day against those of another; only changes are read anew."""
    old = _shelves(*before, settings)
    new = _shelves(*after, settings, former=old())
    return replay(asked, _asking(old), _asking(new))


def _shelves(
    factory: sessionmaker[Session], day: date, settings: Settings, former: Shelf | None = None
) -> Shelves:
    province, cache_dir = settings.province, settings.cache_dir
    return Shelves(factory, lambda: day, province=province, cache_dir=cache_dir, former=former)


def _asking(shelves: Shelves) -> Ask:
    """Asks each question in a fresh conversation."""
    assistant = Assistant(shelves, Unrecorded())
    numbers = iter(range(10**9))

    def ask(text: str) -> Reply:
        number = next(numbers)
        return assistant.reply(Message("replay", str(number), f"replay-{number}", text))

    return ask


def replay(questions: Iterable[Question], before: Ask, after: Ask) -> Iterator[Changed]:
    """The answers that differ, in the order of the questions."""
    for question in questions:
        old, new = before(question.text), after(question.text)
        if _gist(old) != _gist(new):
            worse = _rightness(new, question) < _rightness(old, question)
            told = (summary(old), summary(new))
            yield Changed(question.text, question.times, *told, is_worse=worse)


def summary(reply: Reply) -> str:
    """What a reply comes to, on one line."""
    if reply.procedure:
        first = reply.bubbles[0].text.split("\n")[0] if reply.bubbles else ""
        return f"{reply.procedure.code} {reply.procedure.name[:80]} – {first[:80]}"
    offered = f": {', '.join(reply.offered[:5])}" if reply.offered else ""
    return f"{reply.outcome.value}{offered}"


def _gist(reply: Reply) -> tuple[object, ...]:
    """All that a citizen reads and may press."""
    code = reply.procedure.code if reply.procedure else None
    return reply.outcome, code, reply.offered, tuple(bubble.text for bubble in reply.bubbles)


def _rightness(reply: Reply, question: Question) -> int:
    """2: a right procedure is shown; 1: it is only among those offered; 0: it is not there."""
    shown = [reply.procedure, *reply.also] if reply.procedure else []
    if question.accepted & {named.code for named in shown if named}:
        return 2
    return int(bool(question.accepted & set(reply.offered)))
