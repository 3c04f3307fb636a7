"""Joins the parts; the only file that knows all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.assistant import Assistant
from bot.config import Settings
from bot.conversations import Conversations
from bot.dossier_desk import Desk
from bot.dossier_setup import desk_of
from bot.shelves import Shelves
from knowledge.builtin_catalogue import seed
from knowledge.database import connect, sessions, upgrade

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class App:
    """The joined parts of one process."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    shelves: Shelves
    assistant: Assistant
    conversations: Conversations
    desk: Desk

    def today(self) -> date:
        """The day in Vietnam, or the one that the settings name."""
        return today(self.settings)


def today(settings: Settings) -> date:
    """The day in Vietnam, or the one that the settings name."""
    return settings.today or datetime.now(VIETNAM).date()


def build(settings: Settings) -> App:
    """Everything set up: schema, built-in catalogue, index, assistant."""
    engine = connect(settings.database_url)
    upgrade(engine)
    factory = sessions(engine)
    seed(factory, today=today(settings))
    shelves = Shelves(
        factory,
        lambda: today(settings),
        province=settings.province,
        cache_dir=settings.cache_dir,
    )
    desk = desk_of(settings, factory)
    conversations = Conversations(
        factory,
        forget_after=timedelta(minutes=settings.forget_after_minutes),
        keep_turns=timedelta(days=settings.turns_keep_days),
        also_forget=desk.forget,
    )
    assistant = Assistant(shelves, conversations, desk)
    return App(settings, engine, factory, shelves, assistant, conversations, desk)
