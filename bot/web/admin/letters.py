"""The page of the channels: how each does, and the replies that were not sent."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import delivery_letters as boxes
from bot.channels import zalo_oa_reading
from bot.channels.doctor_zalo import about_token
from bot.channels.findings import Findings
from bot.delivery_letters import DeadLetter
from bot.delivery_states import channel_states
from bot.web.admin.drawing import Html, button, table
from bot.wording import say
from knowledge.calendar import VIETNAM
from knowledge.history import Actor, Refused, remember
from knowledge.records.delivery import ZaloToken

SHOWN: Final = 100
_NAMES: Final = {"telegram": "Telegram", "zalo-oa": "Zalo OA", "zalo-bot": "Zalo Bot"}
_STATE_HEADS: Final = (
    "Kênh", "Tin gần nhất tới", "Chờ trả lời", "Chờ gửi", "Chưa gửi được", "Đã chặn hoặc bỏ theo dõi",
    "Tạm ngừng gửi đến", "Token",
)  # fmt: skip
_HEADS: Final = ("Kênh", "Lúc hỏi", "Số lần thử", "Vì sao, làm gì", "")


def letters(session: Session, token: str, now: datetime) -> Html:
    """Neither to whom a reply was nor what it said."""
    tokens = {zalo_oa_reading.CHANNEL: _token_of_zalo(session, now)}
    states = [
        (name_of(one.channel), _moment(one.heard_at), one.to_answer, one.to_send, one.unsent,
         one.lost, _moment(one.paused_until), tokens.get(one.channel, "–"))
        for one in channel_states(session, now)
    ]  # fmt: skip
    found = boxes.dead_letters(session, SHOWN)
    rows = [
        (name_of(one.channel), _moment(one.asked_at), one.attempts, one.why, _steps(one, token))
        for one in found
    ]
    all_at_once = ""
    if sum(not one.is_parked for one in found) > 1:
        all_at_once = button("/admin/letters/all/again", say("admin_send_all"), token)
    return Html(
        table(_STATE_HEADS, states, say("admin_no_channel"))
        + f"<h2>{say('admin_letters')}</h2>{all_at_once}"
        + table(_HEADS, rows, say("admin_no_letter"))
    )


def name_of(channel: str) -> str:
    """A channel as staff call it."""
    return _NAMES.get(channel, channel)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if at else "–"


def _token_of_zalo(session: Session, now: datetime) -> str:
    """The same sentences that `motcua doctor` says."""
    found = Findings(zalo_oa_reading.CHANNEL)
    for one in session.scalars(select(ZaloToken)):
        about_token(found, one, now)
    return " ".join(one.says for one in found.all)


def _steps(letter: DeadLetter, token: str) -> Html:
    if letter.is_parked:
        return Html("")
    path = f"/admin/letters/{letter.id}"
    again = button(f"{path}/again", say("admin_send_again"), token)
    return Html(again + button(f"{path}/drop", say("admin_drop"), token))


def on_letters(session: Session, actor: Actor, which: str, verb: str) -> str:
    """Send again or drop one reply, or `all` that were given up; what came of it."""
    dead = [one.id for one in boxes.dead_letters(session) if not one.is_parked]
    chosen = [number for number in dead if which in ("all", str(number))]
    if not chosen:
        raise Refused([say("admin_letter_gone")])
    match verb:
        case "again":
            count = boxes.send_again(session, chosen, actor.now)
        case "drop":
            count = boxes.drop(session, chosen)
        case _:
            raise Refused([f"không có việc «{verb}»"])
    remember(session, actor, f"letters_{verb}", "channels", count=count)
    return say(f"admin_letters_{verb}", count=count)
