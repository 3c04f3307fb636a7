"""Events of a Zalo Official Account as messages, and whether they are Zalo's at all."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.channels.buttons import unpack
from bot.channels.contract import Arrival
from bot.messages import Kind, Message

CHANNEL: Final = "zalo-oa"
SIGNATURE: Final = "x-zevent-signature"
# Zalo repeats an event for 12 hours; whoever sends an older one plays back what they overheard.
OLDEST: Final = timedelta(hours=24)
_KINDS: Final = {
    "user_send_text": Kind.TEXT,
    "user_send_link": Kind.TEXT,
    "user_send_location": Kind.LOCATION,
    "user_send_image": Kind.PHOTO,
    "user_send_video": Kind.PHOTO,
    "user_send_audio": Kind.VOICE,
    "user_send_file": Kind.FILE,
    "user_send_business_card": Kind.CONTACT,
    "user_send_sticker": Kind.OTHER,
    "user_send_gif": Kind.OTHER,
    "user_submit_info": Kind.CONTACT,
    "follow": Kind.JOINED,
    "unfollow": Kind.LEFT,
}


def is_signed(header: str, body: bytes, *, app_id: str, secret: str, now: datetime) -> bool:
    """Whether Zalo signed exactly these bytes, not long ago.

    >>> is_signed("mac=00", b"{}", app_id="1", secret="s", now=datetime.now(UTC))
    False
    """
    stamp = _stamp(body)
    if stamp is None or now - _moment(stamp) > OLDEST:
        return False
    signed = app_id.encode() + body + str(stamp).encode() + secret.encode()
    wanted = hashlib.sha256(signed).hexdigest()
    return hmac.compare_digest(header.removeprefix("mac=").encode(), wanted.encode())


def read_event(event: Mapping[str, Any]) -> Arrival | None:
    """The message of an event; None for echoes of our own, receipts and clicks."""
    kind = _KINDS.get(event.get("event_name", ""))
    if kind is None:
        return None
    sender = event.get("sender") or event["follower"]
    body = event.get("message") or {}
    text = str(body.get("text") or "") if kind is Kind.TEXT else ""
    if kind is Kind.TEXT and not text.strip():
        kind = Kind.OTHER
    says, press = unpack(text) or (text, None)
    stamp = int(event["timestamp"])
    message = Message(
        CHANNEL, _event_id(event), f"{CHANNEL}:{sender['id']}", says, kind=kind, press=press
    )
    return Arrival(message, stamp, said_at=_moment(stamp))


def user_of(conversation_id: str) -> str:
    """Zalo's own id of the citizen."""
    return conversation_id.removeprefix(f"{CHANNEL}:")


def _event_id(event: Mapping[str, Any]) -> str:
    """The message's id; an event without one is named by all that it says."""
    if msg_id := (event.get("message") or {}).get("msg_id"):
        return str(msg_id)
    whole = json.dumps(event, sort_keys=True).encode()
    return hashlib.sha256(whole).hexdigest()


def _stamp(body: bytes) -> int | None:
    """The time of the event, in milliseconds."""
    try:
        return int(json.loads(body)["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
