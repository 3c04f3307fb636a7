"""The state of each conversation, stored and after a while forgotten; and the log of masked turns."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from knowledge.database import read_only
from knowledge.records.conversation import Conversation, Turn
from nlp.intents import Facet
from nlp.personal_data import mask
from nlp.understanding import Understanding

from bot.dialogue import Choosing, Start, State, Viewing
from bot.messages import Message, Reply
from bot.shelf import Shelf


class Memory(Protocol):
    """What the assistant needs of conversations."""

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        """The state of a conversation."""

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        """Remember the state, and that the turn took place."""

    def forget(self, conversation_id: str) -> None:
        """Erase all that is kept of a conversation."""


class Unrecorded:
    """States in memory only, for single questions and for scoring: nothing enters the figures."""

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        """The state, or Start."""
        return self._states.get(conversation_id, Start())

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        """Remember the state until the process ends."""
        self._states[message.conversation_id] = state

    def forget(self, conversation_id: str) -> None:
        """Forget the state."""
        self._states.pop(conversation_id, None)


class Conversations:
    """Loads and saves states; `now` can be handed in."""

    def __init__(
        self,
        factory: sessionmaker[Session],
        *,
        forget_after: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._factory = factory
        self._forget_after = forget_after
        self._now = now

    def within(self, session: Session) -> Memory:
        """The same conversations inside a transaction of the caller."""
        return _Within(session, self._forget_after, self._now())

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        """The state, or Start when there is none, when it is old, or when its procedure is gone."""
        with read_only(self._factory) as session:
            return self.within(session).load(conversation_id, shelf)

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        """Save the state and the masked turn in one transaction."""
        with self._factory.begin() as session:
            self.within(session).keep(message, state, heard, reply, elapsed_ms)

    def forget(self, conversation_id: str) -> None:
        """Erase what is kept of one conversation."""
        with self._factory.begin() as session:
            self.within(session).forget(conversation_id)

    def forget_old(self) -> None:
        """Erase the states of all conversations that have been silent for long."""
        with self._factory.begin() as session:
            old = Conversation.updated_at < self._now() - self._forget_after
            session.execute(delete(Conversation).where(old))


class _Within:
    """Conversations inside one transaction."""

    def __init__(self, session: Session, forget_after: timedelta, now: datetime) -> None:
        self._session = session
        self._forget_after = forget_after
        self._now = now

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        stored = self._session.get(Conversation, _key(conversation_id))
        if stored is None or self._now - stored.updated_at > self._forget_after:
            return Start()
        return _read(stored.state, shelf)

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        self._session.merge(
            Conversation(
                id=_key(message.conversation_id),
                channel=message.channel,
                state=_write(state),
                updated_at=self._now,
            )
        )
        self._session.add(_turn(message, heard, reply, elapsed_ms, self._now))

    def forget(self, conversation_id: str) -> None:
        key = _key(conversation_id)
        self._session.execute(delete(Conversation).where(Conversation.id == key))
        self._session.execute(delete(Turn).where(Turn.conversation == key))


def _turn(
    message: Message, heard: Understanding, reply: Reply, elapsed_ms: float, now: datetime
) -> Turn:
    return Turn(
        at=now,
        channel=message.channel,
        conversation=_key(message.conversation_id),
        question=mask(message.text)[:500].replace("\x00", ""),
        outcome=reply.outcome.value,
        facet=reply.facet,
        code=reply.procedure.code if reply.procedure else None,
        score=heard.matches[0].belief if heard.matches else None,
        elapsed_ms=elapsed_ms,
    )


def _key(conversation_id: str) -> str:
    """A hash: the platform's own id of a person is not stored with what they asked."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()


def _write(state: State) -> dict[str, Any]:
    match state:
        case Choosing():
            return {
                "is": "choosing",
                "offered": list(state.offered),
                "asked": state.asked,
                "facet": state.facet,
                "page": state.page,
                "times": state.times,
            }
        case Viewing():
            return {
                "is": "viewing",
                "slug": state.slug,
                "facet": state.facet,
                "cases": list(state.cases),
                "before": list(state.before),
                "asked": state.asked,
            }
        case Start():
            return {"is": "start"}


def _read(stored: dict[str, Any], shelf: Shelf) -> State:
    match stored:
        case {"is": "choosing", "offered": offered, "asked": asked, "facet": facet}:
            alive = tuple(slug for slug in offered if shelf.has(slug))
            if alive:
                return Choosing(
                    alive, asked, Facet(facet) if facet else None, stored["page"], stored["times"]
                )
        case {"is": "viewing", "slug": slug, "facet": facet} if shelf.has(slug):
            before = tuple(other for other in stored["before"] if shelf.has(other))
            return Viewing(slug, Facet(facet), tuple(stored["cases"]), before, stored["asked"])
    return Start()
