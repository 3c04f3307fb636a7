"""A memory for results that are costly to make and never change while their source stands."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The newest results, all of one source; for several threads. Another source empties it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._source: object = None
        self._known: OrderedDict[K, V] = OrderedDict()

    def get(self, source: object, key: K) -> V | None:
        """What is remembered, if anything is."""
        with self._lock:
            if source is not self._source:
                self._source, self._known = source, OrderedDict()
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
            return known

    def keep(self, source: object, key: K, value: V) -> None:
        """Remember it in the place of the one that was used least lately."""
        with self._lock:
            if source is not self._source:
                return  # made from what has been replaced meanwhile
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def made(self, source: object, key: K, make: Callable[[], V]) -> V:
        """What is remembered, or made now and remembered."""
        if (known := self.get(source, key)) is not None:
            return known
        value = make()
        self.keep(source, key, value)
        return value
