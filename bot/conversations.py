"""The state of each conversation, stored and after a while forgotten; and the log of masked turns."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from bot.dossiers import read_state, write_state
from bot.messages import Message, Reply
from bot.shelf import Shelf
from bot.statements import among, insert_all, insert_or_change, table_of
from bot.states import Choosing, Start, State, Viewing
from knowledge.database import read_only
from knowledge.records.conversation import Conversation, Turn
from knowledge.turns import forget_turns, settle_months
from nlp.intents import Facet
from nlp.personal_data import mask
from nlp.understanding import LONGEST, Understanding


class Memory(Protocol):
    """What the assistant needs of conversations."""

    @property
    def session(self) -> Session | None:
        """The transaction that all of a message's work belongs to, if there is one."""

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

    session = None

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

    session = None

    def __init__(
        self,
        factory: sessionmaker[Session],
        *,
        forget_after: timedelta,
        keep_turns: timedelta = timedelta(days=400),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        also_forget: Callable[[Session, str], None] = lambda _session, _conversation_id: None,
    ) -> None:
        self._also_forget = also_forget
        self._factory = factory
        self._forget_after = forget_after
        self._keep_turns = keep_turns
        self._now = now

    def within(self, session: Session) -> "_Within":
        """The same conversations inside a transaction of the caller."""
        return _Within(session, self._forget_after, self._now(), self._also_forget)

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        """The state, or Start when there is none, when it is old, or when its procedure is gone."""
        with read_only(self._factory) as session:
            return self.within(session).load(conversation_id, shelf)

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        """Save the state and the masked turn in one transaction."""
        with self._factory.begin() as session:
            memory = self.within(session)
            memory.keep(message, state, heard, reply, elapsed_ms)
            memory.write()

    def forget(self, conversation_id: str) -> None:
        """Erase what is kept of one conversation."""
        with self._factory.begin() as session:
            self.within(session).forget(conversation_id)

    def move(self, session: Session, old: str, new: str) -> None:
        """Go on under another id, inside a transaction of the caller."""
        if session.get(Conversation, _key(new)) is None:
            moved = update(Conversation).where(Conversation.id == _key(old))
            session.execute(moved.values(id=_key(new)))

    def forget_old(self) -> None:
        """Erase states of conversations silent for long, and turns of months long past."""
        with self._factory.begin() as session:
            old = Conversation.updated_at < self._now() - self._forget_after
            session.execute(delete(Conversation).where(old))
        with self._factory.begin() as session:
            settle_months(session, self._now(), self._keep_turns)


_ROWS: Final = table_of(Conversation).c
_STATES: Final = select(_ROWS.id, _ROWS.state).where(
    among(_ROWS.id, "keys"), _ROWS.updated_at >= bindparam("since")
)


class _Within:
    """Conversations inside one transaction; what is kept is written by `write`, all at once."""

    def __init__(
        self,
        session: Session,
        forget_after: timedelta,
        now: datetime,
        also_forget: Callable[[Session, str], None],
    ) -> None:
        self._also_forget = also_forget
        self.session = self._session = session
        self._forget_after = forget_after
        self._now = now
        self._ahead: dict[str, dict[str, Any]] | None = None
        self._states: list[dict[str, Any]] = []
        self._turns: list[dict[str, Any]] = []

    def expect(self, conversation_ids: Iterable[str]) -> None:
        """Read the states of these conversations, the only ones to be loaded, in one go."""
        self._ahead = self._stored([_key(one) for one in conversation_ids])

    def load(self, conversation_id: str, shelf: Shelf) -> State:
        key = _key(conversation_id)
        known = self._stored([key]) if self._ahead is None else self._ahead
        return _read(known[key], shelf) if key in known else Start()

    def _stored(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        told = {"keys": keys, "since": self._now - self._forget_after}
        return {row.id: row.state for row in self._session.connection().execute(_STATES, told)}

    def keep(
        self, message: Message, state: State, heard: Understanding, reply: Reply, elapsed_ms: float
    ) -> None:
        key = _key(message.conversation_id)
        named = {"id": key, "channel": message.channel}
        self._states.append(named | {"state": _write(state), "updated_at": self._now})
        self._turns.append(_turn(message, key, heard, reply, elapsed_ms) | {"at": self._now})

    def write(self) -> None:
        """Write what was kept."""
        insert_or_change(self._session, Conversation, self._states)
        insert_all(self._session, Turn, self._turns)
        self._states, self._turns = [], []

    def forget(self, conversation_id: str) -> None:
        key = _key(conversation_id)
        self._session.execute(delete(Conversation).where(Conversation.id == key))
        forget_turns(self._session, key)
        self._also_forget(self._session, conversation_id)


def _turn(
    message: Message, key: str, heard: Understanding, reply: Reply, elapsed_ms: float
) -> dict[str, Any]:
    return {
        "channel": message.channel,
        "conversation": key,
        "question": _as_kept(message.text),
        "outcome": reply.outcome.value,
        "facet": reply.facet,
        "code": reply.procedure.code if reply.procedure else None,
        "score": heard.matches[0].belief if heard.matches else None,
        "elapsed_ms": elapsed_ms,
    }


def _as_kept(text: str) -> str:
    """A question as the log keeps it: short, masked, and storable in any database."""
    whole = text[:LONGEST].encode("utf-8", "replace").decode().replace("\x00", "")
    return mask(whole)[:500]


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
                "seen": list(state.seen),
            }
        case Viewing():
            return {
                "is": "viewing",
                "slug": state.slug,
                "facet": state.facet,
                "cases": list(state.cases),
                "before": list(state.before),
                "asked": state.asked,
                "seen": list(state.seen),
            }
        case Start():
            return {"is": "start"}
        case _:
            return write_state(state)


def _read(stored: dict[str, Any], shelf: Shelf) -> State:
    """The state as it was kept, without procedures that are no longer in force."""

    def alive(slugs: list[str]) -> tuple[str, ...]:
        return tuple(slug for slug in slugs if shelf.has(slug))

    match stored:
        case {"is": "dossier"}:
            return read_state(stored) or Start()
        case {"is": "choosing", "offered": offered} if alive(offered):
            return Choosing(
                alive(offered),
                stored["asked"],
                Facet(stored["facet"]) if stored["facet"] else None,
                stored["page"],
                stored["times"],
                alive(stored.get("seen", [])),
            )
        case {"is": "viewing", "slug": slug} if shelf.has(slug):
            return Viewing(
                slug,
                Facet(stored["facet"]),
                tuple(stored["cases"]),
                alive(stored["before"]),
                stored["asked"],
                alive(stored.get("seen", [])),
            )
    return Start()
