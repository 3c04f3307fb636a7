"""How fast may be sent: a bucket for the whole channel and one for each conversation."""

from collections import OrderedDict
from dataclasses import dataclass

from bot.channels.contract import Pacing

_MOST_REMEMBERED = 10_000


@dataclass
class Bucket:
    """Holds up to `size` permits; one more comes every `every` seconds."""

    size: float
    every: float
    left: float
    at: float

    def take(self, now: float) -> float:
        """Take a permit; seconds to wait until it may be used."""
        self.left = min(self.size, self.left + (now - self.at) / self.every) - 1
        self.at = now
        return max(0.0, -self.left * self.every)


class Pace:
    """Keeps a channel within the platform's limits; what other processes send is not seen here.

    Should they send too much together, the platform says so, and all of them pause.
    """

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._all: Bucket | None = None
        self._chats: OrderedDict[str, Bucket] = OrderedDict()

    def wait_before(self, conversation_id: str, *, is_group: bool, now: float) -> float:
        """Seconds to wait before the next call to this conversation."""
        return max(self._chat(conversation_id, is_group, now).take(now), self._channel(now))

    def _channel(self, now: float) -> float:
        if self._all is None:
            rate = self._pacing.per_second
            self._all = Bucket(size=max(1.0, rate / 2), every=1 / rate, left=rate / 2, at=now)
        return self._all.take(now)

    def _chat(self, conversation_id: str, is_group: bool, now: float) -> Bucket:
        rate = self._pacing.group_per_second if is_group else self._pacing.chat_per_second
        size = float(self._pacing.chat_burst)
        bucket = self._chats.pop(conversation_id, None) or Bucket(size, 1 / rate, size, now)
        self._chats[conversation_id] = bucket
        if len(self._chats) > _MOST_REMEMBERED:
            self._chats.popitem(last=False)
        return bucket
