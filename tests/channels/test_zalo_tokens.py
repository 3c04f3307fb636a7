"""Tokens of the Official Account: a refresh token is used once, by whichever process."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY

from bot.channels.contract import TryLater
from bot.channels.zalo_http import ZaloHttp
from bot.channels.zalo_oauth import Exchange
from bot.delivery_ledger import Ledger
from bot.delivery_tokens import ZaloTokens
from knowledge.records.delivery import ZaloToken
from tests.channels.zalo_server import APP_ID, APP_SECRET, FIRST_REFRESH, ZaloServer
from tests.knowledge.conftest import House

Now = Callable[[], datetime]


def make(house: House, zalo: ZaloServer, now: Now, seed: str = FIRST_REFRESH) -> ZaloTokens:
    """What one process has."""
    exchange = Exchange(ZaloHttp(lanes=2), APP_ID, APP_SECRET, zalo.url)
    return ZaloTokens(Ledger(house, now=now), exchange, seed)


def ask(*work) -> list[object]:
    async def main() -> list[object]:
        return await asyncio.gather(*(one() for one in work), return_exceptions=True)

    return asyncio.run(main())


def present() -> datetime:
    return datetime.now(UTC)


def row(house: House) -> ZaloToken:
    with house() as session:
        return session.get_one(ZaloToken, APP_ID)


def test_the_first_token_comes_from_the_settings(any_house: House, zalo: ZaloServer):
    tokens = make(any_house, zalo, present)
    assert ask(tokens.current) == ["access-1"]
    assert row(any_house).refresh_token == "refresh-1"
    assert ask(make(any_house, zalo, present).current) == ["access-1"]
    assert zalo.account.refreshes == 1


def test_many_processes_renew_once(any_house: House, zalo: ZaloServer):
    zalo.refresh_delay = 0.3
    some = [make(any_house, zalo, present) for _ in range(5)]
    assert set(ask(*(tokens.current for tokens in some))) == {"access-1"}
    assert zalo.account.used == [FIRST_REFRESH]


PROCESS = """
import asyncio, sys
from bot.channels.zalo_http import ZaloHttp
from bot.channels.zalo_oauth import Exchange
from bot.delivery_ledger import Ledger
from bot.delivery_tokens import ZaloTokens
from knowledge.database import connect, sessions
database, api, app_id, secret, seed = sys.argv[1:]
exchange = Exchange(ZaloHttp(lanes=2), app_id, secret, api)
tokens = ZaloTokens(Ledger(sessions(connect(database))), exchange, seed)
print(asyncio.run(tokens.current()))
"""


def test_processes_of_their_own_renew_once(any_house: House, zalo: ZaloServer):
    zalo.refresh_delay = 1.5  # all of them are there before it is over
    database = any_house.kw["bind"].url.render_as_string(hide_password=False)
    told = [database, zalo.url, APP_ID, APP_SECRET, FIRST_REFRESH]
    command = [sys.executable, "-c", PROCESS, *told]
    some = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert {one.communicate(timeout=60)[0].strip() for one in some} == {"access-1"}
    assert zalo.account.used == [FIRST_REFRESH]


def test_the_senders_of_one_process_renew_once(any_house: House, zalo: ZaloServer):
    zalo.refresh_delay = 0.3
    tokens = make(any_house, zalo, present)
    assert set(ask(tokens.keep_fresh, *[tokens.current] * 16)) == {None, "access-1"}
    assert zalo.account.used == [FIRST_REFRESH]
    tokens = make(any_house, zalo, present)
    assert set(ask(*[lambda: tokens.renewed("access-1")] * 16)) == {"access-2"}
    assert zalo.account.refreshes == 2
    assert row(any_house).failed is None


def test_the_alarm_is_given_before_the_tokens_are_void(house: House, zalo: ZaloServer, capsys):
    ask(make(house, zalo, present).keep_fresh)
    zalo.statuses = [503, 503]
    [failure] = ask(make(house, zalo, lambda: present() + timedelta(days=81)).keep_fresh)
    assert isinstance(failure, TryLater)
    assert "zalo_tokens_nearly_void" in capsys.readouterr().out
    assert REGISTRY.get_sample_value("motcua_zalo_token_days") == 81


def test_a_rejected_token_is_renewed_once(any_house: House, zalo: ZaloServer):
    ask(make(any_house, zalo, present).current)
    some = [make(any_house, zalo, present) for _ in range(3)]
    results = ask(*((lambda t=tokens: t.renewed("access-1")) for tokens in some))
    assert results == ["access-2"] * 3
    assert zalo.account.refreshes == 2


def test_renewed_before_it_ends(house: House, zalo: ZaloServer):
    ask(make(house, zalo, present).current)
    tomorrow = make(house, zalo, lambda: present() + timedelta(hours=24, minutes=45))
    assert ask(tomorrow.current) == ["access-2"]


def test_the_old_token_serves_while_renewing_fails(house: House, zalo: ZaloServer):
    ask(make(house, zalo, present).current)
    zalo.statuses = [503]
    tomorrow = make(house, zalo, lambda: present() + timedelta(hours=24, minutes=45))
    assert ask(tomorrow.current) == ["access-1"]


def test_unused_tokens_are_kept_fresh(house: House, zalo: ZaloServer):
    tokens = make(house, zalo, present)
    ask(tokens.keep_fresh)
    ask(tokens.keep_fresh)
    assert zalo.account.refreshes == 1
    ask(make(house, zalo, lambda: present() + timedelta(days=6)).keep_fresh)
    assert zalo.account.refreshes == 2


def test_a_void_refresh_token_is_told_and_mended_by_the_settings(house, zalo: ZaloServer):
    [failure] = ask(make(house, zalo, present, "used-long-ago").current)
    assert isinstance(failure, TryLater)
    assert row(house).failed == "token"
    assert ask(make(house, zalo, present).current) == ["access-1"]
    assert row(house).failed is None


def test_a_process_that_died_while_renewing_is_waited_for(house: House, zalo: ZaloServer):
    tokens = make(house, zalo, present)
    with closing(tokens._ledger), house.begin() as session:
        stale = tokens._row(session)
        stale.refresher, stale.refresher_until = "dead", present() + timedelta(seconds=1)
    assert ask(make(house, zalo, present).current) == ["access-1"]
