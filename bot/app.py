"""Joins the parts; the only file that knows all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Lock
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.assistant import Assistant
from bot.config import Settings
from bot.conversations import Conversations
from bot.dossier_desk import Desk
from bot.dossier_setup import desk_of
from bot.entries import entries_of, words_edition
from bot.shelf import Shelf
from knowledge.builtin_catalogue import seed
from knowledge.catalogue import Catalogue, load_catalogue, standing_of
from knowledge.database import connect, read_only, sessions, upgrade
from nlp.index_cache import cached
from nlp.retrieval import Index

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LOOK_AGAIN_AFTER = 1.0  # seconds between two looks for a publication by another process


@dataclass(frozen=True)
class App:
    """The joined parts of one process."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    shelves: "Shelves"
    assistant: Assistant
    conversations: Conversations
    desk: Desk

    def today(self) -> date:
        """The day in Vietnam, or the one that the settings name."""
        return today(self.settings)


class Shelves:
    """Hands out the newest shelf; notices publications by other processes within a second or two."""

    def __init__(
        self, factory: sessionmaker[Session], settings: Settings, day: Callable[[], date]
    ) -> None:
        self._factory = factory
        self._settings = settings
        self._day = day
        self._lock = Lock()
        self._shelf: Shelf | None = None
        self._standing = ""
        self._looked_at = 0.0

    def __call__(self) -> Shelf:
        """The shelf of today; the former one stays valid for whoever holds it."""
        if self._shelf is not None and monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return self._shelf
        with self._lock:
            if self._shelf is None or self._has_changed():
                self._shelf = self._load()
            self._looked_at = monotonic()
            return self._shelf

    @property
    def is_ready(self) -> bool:
        """Whether a shelf has been loaded."""
        return self._shelf is not None

    def _has_changed(self) -> bool:
        if monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return False
        with read_only(self._factory) as session:
            return standing_of(session, self._day()) != self._standing

    def _load(self) -> Shelf:
        province = self._settings.province
        catalogue = load_catalogue(self._factory, on=self._day(), province=province)
        self._standing = catalogue.standing
        index = cached(
            self._settings.cache_dir,
            index_edition(catalogue, province),
            lambda: Index.build(entries_of(catalogue)),
        )
        return Shelf(catalogue, index, province=None if province == "all" else province)


def index_edition(catalogue: Catalogue, province: str) -> str:
    """The name of an index: what is in force, for whom, and with which word tables."""
    parts = f"{catalogue.edition}|{province}|{words_edition()}"
    return sha256(parts.encode()).hexdigest()


def today(settings: Settings) -> date:
    """The day in Vietnam, or the one that the settings name."""
    return settings.today or datetime.now(VIETNAM).date()


def build(settings: Settings) -> App:
    """Everything set up: schema, built-in catalogue, index, assistant."""
    engine = connect(settings.database_url)
    upgrade(engine)
    factory = sessions(engine)
    seed(factory, today=today(settings))
    shelves = Shelves(factory, settings, lambda: today(settings))
    desk = desk_of(settings, factory)
    conversations = Conversations(
        factory,
        forget_after=timedelta(minutes=settings.forget_after_minutes),
        also_forget=desk.forget,
    )
    assistant = Assistant(shelves, conversations, desk)
    return App(settings, engine, factory, shelves, assistant, conversations, desk)
