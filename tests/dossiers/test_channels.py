"""The transcripts about dossiers say the same through each platform's real wire format."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.messages import Message
from tests.channels.conftest import template  # noqa: F401 (fixture)
from tests.channels.drivers import Citizens, OnTelegram, OnZaloBot, OnZaloOa
from tests.channels.running import Running, Template, wait_for
from tests.channels.test_contract import is_done, missing
from tests.dossiers.conftest import KEYS, forget_tries, put
from tests.dossiers.filling import AS_OF, filled
from tests.dossiers.generating import TODAY
from tests.transcripts import read

FOLDER = Path(__file__).parent / "conversations"
PRIVATE = [path for path in sorted(FOLDER.glob("*.txt")) if "\n@ " not in path.read_text("utf-8")]


NAMES = {OnTelegram: "telegram", OnZaloOa: "zalo-oa", OnZaloBot: "zalo-bot"}


@pytest.fixture(params=NAMES, ids=NAMES.values())
def citizens(request: pytest.FixtureRequest) -> Iterator[Citizens]:
    made: Citizens = request.param()
    yield made
    made.end()


@pytest.fixture
def running(citizens: Citizens, template: Template, tmp_path: Path) -> Iterator[Running]:  # noqa: F811
    settings = template.settings(tmp_path, dossier_key="tests", today=TODAY, **citizens.settings())
    started = Running(settings, Assistant).start()
    for source, facts in filled(KEYS, AS_OF):
        put(started.app.sessions, facts, origin=source, is_copy=source != "mot-cua")
    citizens.connect(started)
    yield started
    started.stop()


def test_every_transcript_says_the_same(citizens: Citizens, running: Running, app):
    forget_tries(app.sessions)
    for source, facts in filled(KEYS, AS_OF):
        put(app.sessions, facts, origin=source, is_copy=source != "mot-cua")
    channel = NAMES[type(citizens)]
    spoken = {chat: (path, read(path)) for chat, path in enumerate(PRIVATE, start=1)}
    faults: list[str] = []
    said_so_far = 0
    for number in range(max(len(turns) for _, turns in spoken.values())):
        now = {
            chat: (p, turns[number]) for chat, (p, turns) in spoken.items() if number < len(turns)
        }
        for chat, (_, turn) in now.items():
            citizens.say(chat, turn.says)
        said_so_far += len(now)
        wait_for(lambda kept=said_so_far: is_done(running, kept), seconds=60)
        for chat, (path, turn) in now.items():
            said = Message(channel, str(number), f"{channel} {path.stem}", turn.says)
            wanted = app.assistant.reply(said)
            faults += [f"{path.name}:{turn.line} {f}" for f in missing(wanted, citizens.see(chat))]
    forget_tries(app.sessions)
    assert not faults, "\n".join(faults)
