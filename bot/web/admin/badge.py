"""Who is signed in: a signed cookie, a token in each form, and patience with wrong passwords."""

import hashlib
import hmac
import secrets
import time
from collections import defaultdict
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from bot.statements import insert_new
from knowledge.records.setting import Setting

COOKIE: Final = "motcua_badge"
HOURS: Final = 8  # a working day
MOST_TRIES: Final = 5
WINDOW: Final = 15 * 60.0
_SECRET: Final = "admin-secret"


class Badges:
    """Makes and reads badges; the key lives in the database, so all processes know it."""

    def __init__(self, factory: sessionmaker[Session]) -> None:
        self._key = _key(factory)
        self._wrong: defaultdict[str, list[float]] = defaultdict(list)

    def badge(self, login: str) -> str:
        """A cookie for one working day."""
        body = f"{login.encode().hex()}.{int(time.time()) + HOURS * 3600}.{secrets.token_hex(8)}"
        return f"{body}.{self._sign(body)}"

    def login_of(self, badge: str | None) -> str | None:
        """Whose badge it is, if it is ours and still good."""
        body, _, signature = (badge or "").rpartition(".")
        if not body or not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            return None
        login, until, _ = body.split(".")
        return bytes.fromhex(login).decode() if int(until) > time.time() else None

    def form_token(self, badge: str) -> str:
        """What a form of ours carries, so that no other site can send it."""
        return self._sign(f"form:{badge}")

    def may_try(self, login: str) -> bool:
        """False after several wrong passwords, for a while."""
        since = time.monotonic() - WINDOW
        self._wrong[login] = [at for at in self._wrong[login] if at > since]
        return len(self._wrong[login]) < MOST_TRIES

    def was_wrong(self, login: str) -> None:
        """Remember a wrong password."""
        self._wrong[login].append(time.monotonic())

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _key(factory: sessionmaker[Session]) -> bytes:
    """The secret of this house, made by whichever process asks first."""
    with factory.begin() as session:
        insert_new(session, Setting, [{"key": _SECRET, "value": secrets.token_hex(32)}])
    with factory() as session:
        return bytes.fromhex(session.get_one(Setting, _SECRET).value)
