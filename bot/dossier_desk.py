"""Carries out what the conversation wants of dossiers: asks the sources, keeps limits and consent."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot import dossier_words as words
from bot import dossiers
from bot.dossier_replies import consent_reply, plain_reply, status_reply
from bot.dossiers import AwaitingProof, DossierMove, DossierState
from bot.messages import Bubble, Choice, Message, Outcome, Reply
from bot.private_chat import group_reply
from bot.shelf import Shelf
from bot.wording import say
from knowledge.calendar import VIETNAM
from knowledge.database import read_only
from knowledge.dossiers import chats
from knowledge.dossiers.facts import DossierSource, Miss, Status
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.limits import Asker, Counter, Limit
from knowledge.dossiers.refreshing import Refresher
from knowledge.dossiers.remote import RemoteSource
from knowledge.dossiers.sources import Sources
from knowledge.dossiers.table import TableSource
from knowledge.records.dossier import Dossier, DossierFollow

TICK: Final = 0.02  # answers to a proof end on full ticks: their time tells nothing
_PUSHING: Final = ("telegram", "zalo")  # channels that can write first
_LOOK_AGAIN: Final = 30.0

Done = tuple[DossierState | None, Reply]


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Found:
    """The result of a look-up that no limit forbade."""

    result: Status | Miss


class Desk:
    """Answers about dossiers. Work is done in the caller's transaction, if the caller has one."""

    def __init__(
        self,
        factory: sessionmaker[Session],
        keys: Keys,
        *,
        remote: Sequence[DossierSource] = (),
        now: Callable[[], datetime] = utc_now,
        web_page: str | None = None,
    ) -> None:
        self.keys = keys
        self.now = now
        self.web_page = web_page  # where nobody else reads, for those who ask in a group
        self._factory = factory
        self.refresh = Refresher(factory, [one for one in remote if isinstance(one, RemoteSource)])
        self._remote = tuple(remote)
        self._sources = Sources([TableSource(lambda: read_only(factory), keys), *remote])
        self._has_table = False
        self._looked_at = -math.inf

    def carry_out(
        self, move: DossierMove, message: Message, shelf: Shelf, session: Session | None = None
    ) -> Done:
        """The next state and what to say."""
        if message.is_in_group:
            return None, group_reply(message, self.web_page)
        match move:
            case dossiers.LookUp():
                return self._look_up(move, message, shelf, session)
            case dossiers.AskWhich(codes, are_several):
                return self._ask_which(codes, are_several=are_several)
            case dossiers.Explain(fault):
                return dossiers.AwaitingCode(), plain_reply(words.fault_text(fault))
            case dossiers.Say(name):
                state = dossiers.AwaitingCode() if name.startswith("dossier_ask") else None
                return state, plain_reply(say(name))
            case dossiers.Follow():
                return self._follow(move, message, session)
            case dossiers.Unfollow() | dossiers.ListFollowed():
                return None, self._followed(move, message, session)

    def forget(self, session: Session, conversation_id: str) -> None:
        """Erase consent, followed dossiers and counted look-ups of a chat."""
        asker = self.keys.name("chat", conversation_id)
        chats.forget_chat(session, chat_key(conversation_id), asker)

    def is_connected(self) -> bool:
        """Whether there is anything to look up in."""
        if self._remote or self._has_table:
            return True
        if time.monotonic() - self._looked_at > _LOOK_AGAIN:
            with read_only(self._factory) as session:
                self._has_table = session.scalar(select(Dossier.id).limit(1)) is not None
            self._looked_at = time.monotonic()
        return self._has_table

    def asker(self, conversation_id: str, channel: str) -> Asker:
        """The name of a chat in the counted look-ups."""
        return Asker(self.keys.name("chat", conversation_id), channel)

    def look_up(
        self, asker: Asker, code: str, proof: str | None, session: Session | None = None
    ) -> Found | Limit:
        """The status within the limits. A wrong proof and a code nobody has take the same time."""
        started = time.perf_counter()
        with self._writing(session) as writing:
            counter = Counter(writing, self.keys, self.now())
            if limit := counter.reached(asker, code, with_proof=proof is not None):
                return limit
            result = self._sources.lookup(code, proof)
            is_wrong = proof is not None and result is Miss.NOT_FOUND
            counter.note(asker, code, is_wrong_proof=is_wrong)
        if proof is not None:
            _wait_for_tick(started)
        return Found(result)

    def _look_up(
        self, move: dossiers.LookUp, message: Message, shelf: Shelf, session: Session | None
    ) -> Done:
        code = move.code or self.keys.unseal(move.sealed)
        if code is None:
            return dossiers.AwaitingCode(), plain_reply(say("dossier_ask_code"))
        if not self.is_connected():
            return None, plain_reply(words.fallback_text(code))
        if not self._may_look_up(move, message, session):
            return dossiers.AwaitingConsent(self.keys.seal(code)), consent_reply()
        found = self.look_up(
            self.asker(message.conversation_id, message.channel), code, move.proof, session
        )
        if isinstance(found, Limit):
            kept = AwaitingProof(self.keys.seal(code)) if move.proof is not None else None
            return kept, plain_reply(say(f"dossier_limit_{found.value}"), outcome=Outcome.DECLINED)
        return self._tell(found.result, code, move, shelf)

    def _tell(self, result: Status | Miss, code: str, move: dossiers.LookUp, shelf: Shelf) -> Done:
        kept = AwaitingProof(self.keys.seal(code))
        if result is Miss.UNAVAILABLE:
            return None, plain_reply(words.unavailable_text(code))
        if isinstance(result, Miss):
            state = kept if move.proof is not None else dossiers.AwaitingCode()
            return state, plain_reply(words.not_found_text(code, self.today()))
        reply = status_reply(result, self.today(), shelf)
        if move.was_whole_number:
            reply = replace(reply, bubbles=(Bubble(say("dossier_only_four")), *reply.bubbles))
        return kept, reply

    def today(self) -> date:
        """The day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    def _may_look_up(
        self, move: dossiers.LookUp, message: Message, session: Session | None
    ) -> bool:
        chat = chat_key(message.conversation_id)
        with self._writing(session) as writing:
            if move.gives_consent:
                chats.note_consent(writing, chat, self.now())
                writing.flush()
            return chats.has_consented(writing, chat)

    def _ask_which(self, codes: tuple[str, ...], *, are_several: bool) -> Done:
        choices = tuple(
            Choice(f"{number}. {code}", str(number)) for number, code in enumerate(codes, start=1)
        )
        name = "dossier_which_one" if len(codes) == 1 else "dossier_which"
        name = "dossier_several" if are_several else name
        sealed = tuple(self.keys.seal(code) for code in codes)
        return dossiers.ChoosingCode(sealed), plain_reply(say(name), choices)

    def _follow(self, move: dossiers.Follow, message: Message, session: Session | None) -> Done:
        kept = AwaitingProof(move.sealed)
        if not message.channel.startswith(_PUSHING):
            return kept, plain_reply(say("dossier_follow_no_push"))
        if not move.is_agreed:
            choices = (
                Choice(say("dossier_follow_agree"), dossiers.AGREE),
                Choice(say("dossier_decline"), dossiers.DECLINE),
            )
            asked = dossiers.AwaitingFollowConsent(move.sealed)
            return asked, plain_reply(say("dossier_follow_consent"), choices)
        code = self.keys.unseal(move.sealed) or ""
        status = self._sources.lookup(code, None)
        if not isinstance(status, Status):
            return kept, plain_reply(words.not_found_text(code, self.today()))
        with self._writing(session) as writing:
            became = chats.follow(writing, self._wish(message, status))
        name = "followed" if became is chats.Following.STARTED else f"follow_{became.value}"
        return kept, plain_reply(say(f"dossier_{name}"))

    def _wish(self, message: Message, status: Status) -> DossierFollow:
        return DossierFollow(
            chat=chat_key(message.conversation_id),
            channel=message.channel,
            conversation_id=message.conversation_id,
            code=status.code,
            told_state=status.state,
            told_due=None,
            since=self.now(),
        )

    def _followed(
        self,
        move: dossiers.Unfollow | dossiers.ListFollowed,
        message: Message,
        session: Session | None,
    ) -> Reply:
        chat = chat_key(message.conversation_id)
        with self._writing(session) as writing:
            if isinstance(move, dossiers.Unfollow):
                count = chats.unfollow(writing, chat)
                none = say("dossier_none_followed")
                return plain_reply(say("dossier_unfollowed", count=count) if count else none)
            codes = chats.followed(writing, chat)
        if not codes:
            return plain_reply(say("dossier_none_followed"))
        return plain_reply("\n".join([say("dossier_list"), *(f"• {code}" for code in codes)]))

    @contextmanager
    def _writing(self, session: Session | None) -> Iterator[Session]:
        if session is not None:
            yield session
        else:
            with self._factory.begin() as own:
                yield own


def chat_key(conversation_id: str) -> str:
    """The hash under which conversations are kept everywhere."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()


def _wait_for_tick(started: float) -> None:
    spent = time.perf_counter() - started
    time.sleep(math.ceil(spent / TICK) * TICK - spent)
