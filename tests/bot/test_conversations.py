"""Every transcript in tests/conversations, said to the real assistant over the built-in catalogue."""

import pytest

from bot.messages import Message
from tests.transcripts import FOLDER, faults, read

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path, app):
    turns = read(path)
    assert turns, "không có lượt nào"
    for number, turn in enumerate(turns):
        reply = app.assistant.reply(
            Message("test", str(number), f"transcript-{path.stem}", turn.says)
        )
        assert not (wrong := faults(turn, reply)), (
            f"{path.name}:{turn.line} «{turn.says}»\n" + "\n".join(wrong)
        )


def test_there_are_enough_of_them():
    assert len(FILES) >= 60
