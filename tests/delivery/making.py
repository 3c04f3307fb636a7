"""Messages and channels for tests of delivery."""

from datetime import UTC, datetime, timedelta

from bot.channels.contract import Arrival, Call, Json, Pacing, Recipient
from bot.messages import Bubble, Choice, Kind, Message, Outcome, Press, Reply

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def arrival(chat: int, number: int, text: str = "xin chào", **more: object) -> Arrival:
    """The number is both the event's name and its order."""
    press = more.get("press")
    message = Message(
        "plain",
        f"e{number}",
        f"plain:{chat}",
        text,
        kind=Kind(more.get("kind", Kind.TEXT)),
        press=press if isinstance(press, Press) else None,
    )
    return Arrival(message, number)


def reply(text: str = "vâng", *choices: Choice) -> Reply:
    return Reply(Outcome.CLARIFY, (Bubble(text, choices),))


class PlainChannel:
    """A channel that remembers what it sent, or fails as told."""

    name = "plain"
    pacing = Pacing(per_second=1000, chat_burst=1000, chat_per_second=1000)

    def __init__(self, *, reply_window: timedelta | None = None) -> None:
        self.reply_window = reply_window
        self.sent: list[tuple[str, str]] = []
        self.failures: list[Exception] = []

    def read(self, payload: Json) -> Arrival | None:
        return arrival(int(payload["chat"]), int(payload["number"]), str(payload["text"]))

    def render(self, reply: Reply, to: Recipient) -> tuple[Call, ...]:
        return tuple(Call("say", {"text": bubble.text}) for bubble in reply.bubbles)

    def is_group(self, conversation_id: str) -> bool:
        return False

    async def send(self, conversation_id: str, call: Call) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((conversation_id, call.payload["text"]))

    async def show_typing(self, conversation_id: str) -> None:
        return

    async def close(self) -> None:
        return
