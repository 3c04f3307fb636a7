"""Figures of delivery for the operators' graphs; none names a person or quotes a message."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

ARRIVED: Final = Counter("motcua_events", "Events from platforms", ["channel", "what"])
SENDINGS: Final = Counter("motcua_sendings", "Requests to platforms", ["channel", "result"])
WAITING: Final = Gauge("motcua_waiting", "Messages in the boxes", ["box"])
TOKEN_DAYS: Final = Gauge(
    "motcua_zalo_token_days", "Days since the tokens of the Official Account were renewed"
)
STORE_SECONDS: Final = Histogram(
    "motcua_store_seconds",
    "From a webhook to its stored event",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
)


def count_arrival(channel: str, what: str, number: int = 1) -> None:
    """Count events: new, repeated, ignored, or refused and why."""
    ARRIVED.labels(channel, what).inc(number)


def count_sending(channel: str, result: str) -> None:
    """Count a request to a platform by what became of it."""
    SENDINGS.labels(channel, result).inc()


def count_waiting(inbox: int, outbox: int, unsent: int) -> None:
    """Tell how many messages wait for an answer, answers for their sending, and staff's care."""
    for box, number in (("inbox", inbox), ("outbox", outbox), ("unsent", unsent)):
        WAITING.labels(box).set(number)
