"""The transcripts about dossiers, said to the real assistant over a filled table."""

from pathlib import Path

import pytest

from bot.messages import Message
from tests.dossiers.conftest import KEYS, forget_tries, put
from tests.dossiers.filling import AS_OF, filled
from tests.transcripts import Turn, faults, read

FILES = sorted((Path(__file__).parent / "conversations").glob("*.txt"))


@pytest.fixture(scope="module", autouse=True)
def table(app):
    forget_tries(app.sessions)
    for source, facts in filled(KEYS, AS_OF):
        put(app.sessions, facts, origin=source, is_copy=source != "mot-cua")


def message(turn: Turn, number: int, chat: str) -> Message:
    """A turn as the channel would hand it on."""
    is_in_group = turn.where == "nhóm"
    return Message(
        "telegram" if turn.where in ("riêng", "nhóm") else turn.where,
        str(number),
        f"{chat}-nhóm" if is_in_group else chat,
        turn.says,
        is_in_group=is_in_group,
        private_chat="https://t.me/vit_bot" if is_in_group else "",
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path, app):
    turns = read(path)
    assert turns, "không có lượt nào"
    for number, turn in enumerate(turns):
        reply = app.assistant.reply(message(turn, number, f"hồ sơ {path.stem}"))
        assert not (wrong := faults(turn, reply)), (
            f"{path.name}:{turn.line} «{turn.says}»\n" + "\n".join(wrong)
        )


def test_there_are_enough_of_them():
    assert len(FILES) >= 30
