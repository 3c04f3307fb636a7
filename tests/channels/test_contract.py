"""One contract over all channels: every transcript says the same through each real wire format."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import App
from bot.assistant import Assistant
from bot.messages import Choice, Message, Reply
from tests.channels.at_the_terminal import AtTheTerminal
from tests.channels.drivers import (
    Citizens,
    OnTelegram,
    OnTelegramPolling,
    OnWeb,
    OnZaloBot,
    OnZaloBotPolling,
    OnZaloOa,
    OnZaloOaWithLists,
    Seen,
)
from tests.channels.running import Running, Template, wait_for
from tests.transcripts import FOLDER, Turn, read

CHANNELS = {
    "telegram": OnTelegram,
    "telegram-polling": OnTelegramPolling,
    "zalo-oa": OnZaloOa,
    "zalo-oa-lists": OnZaloOaWithLists,
    "zalo-bot": OnZaloBot,
    "zalo-bot-polling": OnZaloBotPolling,
    "web": OnWeb,
    "console": AtTheTerminal,
}
SAID: dict[tuple[int, int], Reply] = {}
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(params=CHANNELS)
def citizens(request: pytest.FixtureRequest) -> Iterator[Citizens]:
    made: Citizens = CHANNELS[request.param]()
    yield made
    made.end()


@pytest.fixture
def running(citizens: Citizens, template: Template, tmp_path: Path) -> Iterator[Running]:
    settings = template.settings(tmp_path, **citizens.settings())
    started = Running(settings, Assistant).start()
    citizens.connect(started)
    yield started
    started.stop()


def test_every_transcript_says_the_same(citizens: Citizens, running: Running, app: App):
    """All transcripts at once, turn by turn, each in a chat of its own."""
    transcripts = {chat: read(path) for chat, path in enumerate(FILES, start=1)}
    faults: list[str] = []
    said = 0
    for number in range(max(len(turns) for turns in transcripts.values())):
        spoken = {chat: turns[number] for chat, turns in transcripts.items() if len(turns) > number}
        for chat, turn in spoken.items():
            citizens.say(chat, turn.says)
        said += len(spoken)
        kept = said if citizens.is_boxed else 0
        wait_for(lambda kept=kept: is_done(running, kept), seconds=60)
        for chat, turn in spoken.items():
            wanted = ask(app, chat, number, turn)
            path = FILES[chat - 1].name
            faults += [f"{path}:{turn.line} {f}" for f in missing(wanted, citizens.see(chat))]
    assert not faults, "\n".join(faults)


def is_done(running: Running, kept: int) -> bool:
    """Whether so many messages have arrived, and nothing waits in the boxes."""
    arrived = "select count(*) from inbox where handled_at is not null"
    query = text(f"select ({arrived}), (select count(*) from outbox)")
    with running.app.sessions() as session:
        return tuple(session.execute(query).one()) == (kept, 0)


def ask(app: App, chat: int, number: int, turn: Turn) -> Reply:
    """What the assistant says without any channel; asked once, for all of them."""
    if (chat, number) not in SAID:
        said = Message("test", f"{number}", f"contract-{chat}", turn.says)
        SAID[chat, number] = app.assistant.reply(said)
    return SAID[chat, number]


def missing(wanted: Reply, seen: Seen) -> list[str]:
    """What of the reply the citizen does not see: lines in order, and every choice somewhere."""
    found: list[str] = []
    shown, place = flat(seen.text), 0
    for line in (line for bubble in wanted.bubbles for line in bubble.text.splitlines()):
        next_place = shown.find(flat(line), place)
        if next_place < 0:
            found.append(f"thiếu dòng: {line!r} trong {seen.text!r}")
        place = max(place, next_place)
    everywhere = f"{shown} {flat(' | '.join(seen.labels))}".lower()
    found += [
        f"thiếu lựa chọn: {choice.label!r} trong {seen}"
        for bubble in wanted.bubbles
        for choice in bubble.choices
        if not any(name in everywhere for name in names_of(choice))
    ]
    return found


def names_of(choice: Choice) -> list[str]:
    """How a citizen recognises a choice; a bare number alone does not tell what it means."""
    return [flat(choice.label).lower(), *([] if choice.says.isdigit() else [choice.says.lower()])]


def flat(words: str) -> str:
    """White space does not matter where a text was cut into messages."""
    return " ".join(words.split())
