"""The tokens of a Zalo Official Account, shared by all processes.

A refresh token can be used once. Whoever renews holds a lease, writes the new pair down before
anybody uses it, and the others wait for it. Should the process die after Zalo has answered and
before the pair is written, the account must be authorised anew: Zalo offers no way back.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.contract import SendFailure, TryLater, Why
from bot.channels.zalo_oauth import Exchange, Pair, RefreshRefused
from bot.delivery_figures import TOKEN_DAYS
from bot.delivery_ledger import Ledger
from bot.statements import insert_new
from knowledge.records.delivery import ZaloToken

ALARM_AFTER: Final = timedelta(days=80)  # a refresh token lasts three months
RENEW_AFTER: Final = timedelta(days=5)  # even when nobody writes
_MARGIN: Final = timedelta(minutes=30)
_LEASE: Final = timedelta(seconds=40)  # longer than an exchange may take
_WAIT: Final = 0.3
_PATIENCE: Final = 60.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Found:
    """What the row tells: a token that is good, or what to do for another."""

    token: str = ""  # still accepted, though perhaps not for long
    until: datetime | None = None
    refresh_token: str = ""  # this process is to renew, with this one
    must_wait: bool = False  # another process is renewing


class ZaloTokens:
    """Hands out the access token, and renews it in time."""

    def __init__(self, ledger: Ledger, exchange: Exchange, seed: str) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._seed = seed  # the refresh token that the settings hold
        self._me = secrets.token_hex(8)
        self._turn = asyncio.Lock()  # the lease is this process's: its own senders queue here
        self._cached = ""
        self._cached_until: datetime | None = None

    async def current(self) -> str:
        """The token to use now."""
        if self._cached_until and self._ledger.now() < self._cached_until:
            return self._cached
        return await self._obtain(rejected="")

    async def renewed(self, rejected: str) -> str:
        """Another token than this, which Zalo no longer accepts."""
        self._cached_until = None
        return await self._obtain(rejected)

    async def keep_fresh(self) -> None:
        """Renew a pair that has not been renewed for days: unused, it would expire."""
        row = await self._ledger.written(self._row)
        age = self._ledger.now() - row.refreshed_at
        TOKEN_DAYS.set(age.days)
        if age > ALARM_AFTER:
            log.error("zalo_tokens_nearly_void", days=age.days)
        if not row.access_token or age > RENEW_AFTER:
            await self.renewed(row.access_token)

    async def _obtain(self, rejected: str) -> str:
        try:
            async with asyncio.timeout(_PATIENCE), self._turn:
                while True:
                    found = await self._ledger.written(lambda s: self._look(s, rejected))
                    if not found.must_wait:
                        return await self._use(found)
                    await asyncio.sleep(_WAIT)
        except TimeoutError:
            raise TryLater(Why.TOKEN, after=30, for_all=True) from None

    async def _use(self, found: _Found) -> str:
        """The token, renewed if this process is to do so; while that fails, the old one serves."""
        if found.refresh_token:
            try:
                return await self._renew(found.refresh_token)
            except SendFailure:
                if not found.token:
                    raise
        self._remember(found.token, found.until)
        return found.token

    def _look(self, session: Session, rejected: str) -> _Found:
        row, now = self._row(session), self._ledger.now()
        is_good = row.access_token not in ("", rejected) and row.expires_at > now
        token = row.access_token if is_good else ""
        if is_good and row.expires_at - _MARGIN > now:
            return _Found(token, row.expires_at - _MARGIN)
        if row.refresher not in (None, self._me) and (row.refresher_until or now) > now:
            return _Found(token, must_wait=not is_good)
        row.refresher, row.refresher_until = self._me, now + _LEASE
        return _Found(token, refresh_token=row.refresh_token)

    def _row(self, session: Session) -> ZaloToken:
        """The account's row, locked; made from the settings when they bring a new token."""
        app_id, now = self._exchange.app_id, self._ledger.now()
        seed = hashlib.sha256(self._seed.encode()).hexdigest()
        fresh = {"access_token": "", "refresh_token": "", "seed": ""}
        times = {"expires_at": now, "refreshed_at": now}
        insert_new(session, ZaloToken, [{"app_id": app_id, **fresh, **times}])
        row = session.get_one(ZaloToken, app_id, with_for_update=True)
        if row.seed != seed:
            row.seed, row.refresh_token, row.access_token = seed, self._seed, ""
            row.expires_at = row.refreshed_at = now
            row.failed = None
        return row

    async def _renew(self, refresh_token: str) -> str:
        try:
            pair = await self._exchange(refresh_token)
        except RefreshRefused:
            log.error("zalo_refresh_refused")  # noqa: TRY400 (nothing more is known)
            await self._ledger.written(lambda s: self._release(s, failed=True))
            raise TryLater(Why.TOKEN, after=300, for_all=True) from None
        except SendFailure:
            await self._ledger.written(lambda s: self._release(s, failed=False))
            raise
        until = self._ledger.now() + timedelta(seconds=pair.seconds)
        await self._keep(pair, until)
        self._remember(pair.access, until - _MARGIN)
        return pair.access

    async def _keep(self, pair: Pair, until: datetime) -> None:
        """Write the pair down before anybody uses it; no other copy of it exists in the world."""
        while True:
            try:
                return await self._ledger.written(lambda s: self._save(s, pair, until))
            except SQLAlchemyError as error:
                log.error("zalo_pair_not_saved", error=type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(_WAIT)

    def _release(self, session: Session, *, failed: bool) -> None:
        row = self._row(session)
        row.refresher = row.refresher_until = None
        row.failed = Why.TOKEN.value if failed else row.failed

    def _save(self, session: Session, pair: Pair, until: datetime) -> None:
        row = self._row(session)
        row.access_token, row.refresh_token = pair.access, pair.refresh
        row.expires_at, row.refreshed_at = until, self._ledger.now()
        row.refresher = row.refresher_until = row.failed = None

    def _remember(self, token: str, until: datetime | None) -> None:
        self._cached, self._cached_until = token, until
