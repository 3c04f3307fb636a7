"""Examines each channel: its settings, what the platform knows of it, its tokens, its boxes."""

import asyncio
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.doctor_telegram import TelegramDoctor
from bot.channels.doctor_zalo import ZaloBotDoctor, ZaloOaDoctor
from bot.channels.findings import Finding, Findings
from bot.config import Settings
from bot.delivery_ledger import utc_now
from bot.delivery_letters import count_dead
from knowledge.database import read_only
from knowledge.records.delivery import Inbox, Outbox, Parcel, ZaloToken

_SLOW_MINUTES: Final = 5


def examine(settings: Settings, factory: sessionmaker[Session]) -> list[Finding]:
    """What is well and what is not, channel by channel, and what to do. Asks the platforms."""
    with read_only(factory) as session:
        token = session.get(ZaloToken, settings.zalo_oa_app_id or "")
        boxes = _boxes(session, utc_now())
    findings = asyncio.run(_ask_platforms(settings, token))
    with read_only(factory) as session:
        for one in findings:
            _last_heard(session, one)
    return [finding for one in (*findings, boxes) for finding in one.all]


def set_webhooks(settings: Settings) -> list[Finding]:
    """Tell the platforms where to post, for each channel that has the settings for it."""

    async def work() -> list[Findings]:
        return [
            await TelegramDoctor(settings).set_webhook(),
            await ZaloBotDoctor(settings).set_webhook(),
            ZaloOaDoctor(settings).tell_webhook(),
        ]

    return [finding for one in asyncio.run(work()) for finding in one.all]


async def _ask_platforms(settings: Settings, token: ZaloToken | None) -> list[Findings]:
    return [
        await TelegramDoctor(settings).examine(),
        ZaloOaDoctor(settings).examine(token, utc_now()),
        await ZaloBotDoctor(settings).examine(),
    ]


def _last_heard(session: Session, findings: Findings) -> None:
    """When the last event came: the surest sign that a webhook works."""
    query = select(func.max(Inbox.received_at)).where(Inbox.channel == findings.channel)
    last: datetime | None = session.scalar(query)
    if last:
        findings.note("last_heard", minutes=int((utc_now() - last).total_seconds() // 60))


def _boxes(session: Session, now: datetime) -> Findings:
    """Whether messages wait too long, and whether staff should look at dead letters."""
    findings = Findings("hộp thư")
    oldest = [
        session.scalar(select(func.min(Inbox.received_at)).where(Inbox.handled_at.is_(None))),
        session.scalar(select(func.min(Outbox.created_at)).where(Outbox.state == Parcel.WAITING)),
    ]
    minutes = max((int((now - one).total_seconds() // 60) for one in oldest if one), default=0)
    if minutes >= _SLOW_MINUTES:
        findings.bad("boxes_wait", minutes=minutes)
    else:
        findings.good("boxes_flow")
    if dead := count_dead(session):
        findings.note("dead_letters", count=dead)
    return findings
