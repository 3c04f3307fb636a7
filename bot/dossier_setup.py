"""Makes the desk from the settings: its secret, and the system that is asked over HTTP, if any."""

from collections.abc import Callable
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session, sessionmaker

from bot.config import Settings
from bot.dossier_desk import Desk, utc_now
from knowledge.calendar import VIETNAM
from knowledge.dossiers.keys import Keys, keys_at
from knowledge.dossiers.remote import RemoteSettings, RemoteSource


def keys_of(settings: Settings) -> Keys:
    """The secret of the settings, else the one of the file that is made beside the database."""
    if settings.dossier_key:
        return Keys(settings.dossier_key.get_secret_value().encode())
    return keys_at(settings.dossier_key_file)


def desk_of(settings: Settings, factory: sessionmaker[Session]) -> Desk:
    """The desk with all its sources."""
    keys = keys_of(settings)
    remote = (
        [RemoteSource(RemoteSettings.read(settings.dossier_http), keys)]
        if settings.dossier_http
        else []
    )
    return Desk(factory, keys, remote=remote, now=clock_of(settings), web_page=settings.public_url)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The present, or mid-morning of the day that the settings name."""
    if settings.today is None:
        return utc_now
    fixed = datetime.combine(settings.today, time(9), VIETNAM).astimezone(UTC)
    return lambda: fixed
