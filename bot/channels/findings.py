"""What a check of a channel found, in words for those who run the service."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr

from bot.wording import say


class Level(StrEnum):
    """How much it matters."""

    GOOD = "good"
    NOTE = "note"  # worth knowing, nothing to do at once
    BAD = "bad"  # citizens are not reached


@dataclass(frozen=True)
class Finding:
    """One sentence about one channel."""

    channel: str
    level: Level
    says: str


def plain(secret: SecretStr | None) -> str:
    """The value of a secret setting; empty when it is not set."""
    return secret.get_secret_value() if secret else ""


def has_address(findings: "Findings", public_url: str | None) -> bool:
    """Whether platforms can reach us; says what is wrong if not."""
    if not public_url:
        findings.bad("public_url_missing")
    elif not public_url.startswith(("https://", "http://127.0.0.1")):
        findings.bad("public_url_not_https", url=public_url)
    else:
        return True
    return False


class Findings:
    """Collects sentences about one channel."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.all: list[Finding] = []

    def good(self, name: str, /, **values: object) -> None:
        """All is well."""
        self._add(Level.GOOD, name, values)

    def note(self, name: str, /, **values: object) -> None:
        """Worth knowing."""
        self._add(Level.NOTE, name, values)

    def bad(self, name: str, /, **values: object) -> None:
        """To be mended."""
        self._add(Level.BAD, name, values)

    def _add(self, level: Level, name: str, values: dict[str, object]) -> None:
        self.all.append(Finding(self.channel, level, say(f"doctor_{name}", **values)))
