"""Figures for the operators' graphs. No figure holds a person, a question or a conversation."""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from bot.messages import Outcome

TURNS: Final = Counter("motcua_turns", "Answered messages", ["channel", "outcome"])
SECONDS: Final = Histogram(
    "motcua_reply_seconds",
    "How long the assistant took to answer",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)


def count_turn(channel: str, outcome: Outcome, elapsed_ms: float) -> None:
    """Count one answered message; any channel may call it."""
    TURNS.labels(channel, outcome.value).inc()
    SECONDS.labels(channel).observe(elapsed_ms / 1000)


def written_out() -> tuple[bytes, str]:
    """All figures in the text form that Prometheus reads, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST
