"""A one-stop system asked over HTTP: its address and its field names are configuration.

The code travels in the body, never in the address: addresses end in logs.
"""

import tomllib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Final

import httpx

from knowledge.dossiers.facts import Details, Facts, Miss, Status
from knowledge.dossiers.keys import Keys
from knowledge.dossiers.reading import BadRow, Reader

_MOST_CACHED: Final = 10_000


@dataclass(frozen=True)
class RemoteSettings:
    """What is known of a system that answers about one dossier."""

    url: str
    title: str
    code_field: str = "MaHoSo"  # under which name the code is sent
    body: Mapping[str, Any] = field(default_factory=dict)  # what else is sent
    headers: Mapping[str, str] = field(default_factory=dict)
    result: str = ""  # path to the record in the answer, as "result.0"
    fields: Mapping[str, str] = field(default_factory=dict)  # our field → path in the record
    labels: Mapping[str, int] = field(default_factory=dict)
    rank: int = 20
    is_copy: bool = False
    is_national: bool = False
    timeout: float = 3.0
    keep_seconds: float = 60.0
    failures: int = 5  # in a row, before the system is left alone
    rest_seconds: float = 60.0

    @classmethod
    def read(cls, path: Path) -> "RemoteSettings":
        """The settings of a TOML file whose keys are the fields above."""
        return cls(**tomllib.loads(path.read_text("utf-8")))


class Breaker:
    """Leaves a system alone for a while after failures in a row; then lets one request try."""

    def __init__(self, failures: int, rest: float, clock: Callable[[], float] = monotonic) -> None:
        self._limit, self._rest, self._clock = failures, rest, clock
        self._failed = 0
        self._open_until = 0.0
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether to ask now; after the rest only one asks until it has succeeded."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._rest
            return True

    def note(self, *, worked: bool) -> None:
        """Count the outcome of a request."""
        with self._lock:
            self._failed = 0 if worked else self._failed + 1
            if self._failed >= self._limit:
                self._open_until = self._clock() + self._rest


class RemoteSource:
    """Asks over HTTP; answers are kept shortly, in memory, under a keyed hash of the code."""

    def __init__(
        self,
        settings: RemoteSettings,
        keys: Keys,
        *,
        client: httpx.Client | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.rank = settings.rank
        self.title = settings.title
        self._settings = settings
        self._keys = keys
        self._client = client or httpx.Client(timeout=settings.timeout, follow_redirects=False)
        self._clock = clock
        self._breaker = Breaker(settings.failures, settings.rest_seconds, clock)
        self._reader = Reader(keys, settings.labels, is_national=settings.is_national)
        self._kept: OrderedDict[str, tuple[float, Facts | Miss, datetime]] = OrderedDict()
        self._lock = Lock()

    def lookup(self, code: str, proof: str | None) -> Status | Miss:
        """The status by code; with details when the last four digits are right."""
        facts, asked_at = self._facts(code)
        if isinstance(facts, Miss):
            return facts
        if proof is None:
            return self._status(facts, asked_at, None)
        given = self._keys.proof(code, proof)
        kept = (facts.id_proof or "", facts.phone_proof or "")
        if not any([compare_digest(given, one) for one in kept]):  # noqa: C419 (both, always)
            return Miss.NOT_FOUND
        details = Details(
            facts.reason, facts.papers, facts.amount, facts.fetch_at, facts.supplement_by
        )
        return self._status(facts, asked_at, details)

    def facts(self, code: str) -> Facts | None:
        """All that the system states, without any person; None when it does not answer."""
        facts, _ = self._facts(code)
        return facts if isinstance(facts, Facts) else None

    def _facts(self, code: str) -> tuple[Facts | Miss, datetime]:
        name = self._keys.name("cache", code)
        with self._lock:
            known = self._kept.get(name)
        if known and self._clock() < known[0]:
            return known[1], known[2]
        now = datetime.now(UTC)
        facts = self._ask(code, now)
        if facts is not Miss.UNAVAILABLE:
            with self._lock:
                self._kept[name] = (self._clock() + self._settings.keep_seconds, facts, now)
                if len(self._kept) > _MOST_CACHED:
                    self._kept.popitem(last=False)
        return facts, now

    def _ask(self, code: str, now: datetime) -> Facts | Miss:
        if not self._breaker.allows():
            return Miss.UNAVAILABLE
        settings = self._settings
        try:
            body = {**settings.body, settings.code_field: code}
            answer = self._client.post(settings.url, json=body, headers=dict(settings.headers))
            answer.raise_for_status()
            record = at_path(answer.json(), settings.result)
        except (httpx.HTTPError, ValueError):
            self._breaker.note(worked=False)
            return Miss.UNAVAILABLE
        self._breaker.note(worked=True)
        return self._read(record, code, now)

    def _read(self, record: Any, code: str, now: datetime) -> Facts | Miss:
        if not isinstance(record, Mapping) or not record:
            return Miss.NOT_FOUND
        row = {name: at_path(record, path) for name, path in self._settings.fields.items()}
        try:
            return self._reader.read({"code": code, **row}, now)
        except BadRow:
            return Miss.UNAVAILABLE

    def _status(self, facts: Facts, asked_at: datetime, details: Details | None) -> Status:
        return Status(
            code=facts.code,
            state=facts.state,
            procedure_code=facts.procedure_code,
            procedure_name=facts.procedure_name,
            unit=facts.unit,
            contact=facts.contact,
            received_on=facts.received_on,
            due_on=facts.due_on,
            finished_on=facts.finished_on,
            as_of=asked_at,
            origin=self._settings.title,
            is_copy=self._settings.is_copy,
            details=details,
        )


def at_path(value: Any, path: str) -> Any:
    """What stands at a dotted path of names and numbers; None if nothing does.

    >>> at_path({"result": [{"a": 1}]}, "result.0.a"), at_path({}, "result.0")
    (1, None)
    """
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
