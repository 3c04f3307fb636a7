"""The terminal as a channel: choices are shown with what to type."""

from collections.abc import Iterator

from bot.messages import Message, Reply


def read(line: str, conversation_id: str, number: int) -> Message:
    """A typed line as a message."""
    return Message("console", str(number), conversation_id, line)


def render(reply: Reply) -> Iterator[str]:
    """The reply as lines of text."""
    for bubble in reply.bubbles:
        yield ""
        yield bubble.text
        for choice in bubble.choices:
            number, _, _ = choice.label.partition(". ")
            yield f"  [{choice.says}] {choice.label.removeprefix(number + '. ')}"
    yield ""
