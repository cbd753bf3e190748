"""What happens in the proxy, as frozen values: the only thing that leaves it for the screen, the ledger and the log.

Times are seconds of the injected clocks: `at` is wall time (Unix epoch), durations are monotonic differences. No event
carries a body, a prompt or a secret.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tray_app.translation.usage import Usage


class ServerState(StrEnum):
    """The life of the listener (see `server.py` for the transitions)."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    DRAINING = "draining"
    FAILED = "failed"


class Timings(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds since the request arrived; None where the point was never reached."""

    headers_s: float | None = None  # the upstream's status line
    first_token_s: float | None = None  # the first content delta
    total_s: float = 0.0


class ErrorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An error as shown: ours and the provider's own words, both redacted and bounded."""

    type: str
    message: str
    status: int
    fault: str
    upstream_status: int | None = None
    upstream_text: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all events; `at` is Unix time in seconds."""

    at: float


class RequestStarted(Event, frozen=True, kw_only=True):
    """A request passed the locks and was understood; it has not been sent upstream yet."""

    id: str
    profile_id: str
    profile_name: str
    client: str  # user agent, cut at 80 characters
    asked_model: str
    upstream_model: str
    stream: bool
    route: str = "messages"  # or count_tokens, probe


class RequestProgress(Event, frozen=True, kw_only=True):
    """Totals so far of a running request; only the newest per id is kept by the hub."""

    id: str
    headers_s: float | None = None
    first_token_s: float | None = None
    output_chars: int = 0


class RequestRetried(Event, frozen=True, kw_only=True):
    """An attempt failed and another one begins; the client has not seen anything of it."""

    id: str
    attempt: int  # the number of the attempt that begins, from 2 on
    profile_id: str
    reason: str


class RequestFinished(Event, frozen=True, kw_only=True):
    """The client got a whole answer."""

    id: str
    status: int
    stop_reason: str | None
    usage: Usage
    timings: Timings
    losses: tuple[str, ...] = ()
    attempts: int = 1


class RequestFailed(Event, frozen=True, kw_only=True):
    """The client got an error, or went away (`cancelled`) before the end."""

    id: str
    status: int
    error: ErrorInfo
    timings: Timings
    cancelled: bool = False
    usage: Usage = Usage()
    losses: tuple[str, ...] = ()
    attempts: int = 1


class RequestRefused(Event, frozen=True, kw_only=True):
    """A lock or the admission turned the request away; nothing was sent upstream."""

    id: str
    status: int
    reason: str
    client: str


class ServerStateChanged(Event, frozen=True, kw_only=True):
    """The listener changed state; `url` is set while it is bound, `error` when it failed."""

    state: ServerState
    url: str | None = None
    error: str | None = None


class ActiveProfileChanged(Event, frozen=True, kw_only=True):
    """New requests go to this profile from now on."""

    profile_id: str
    profile_name: str


class TrialOutcome(StrEnum):
    """How one step of a trial went; `UNKNOWN` where an earlier failure left it unanswered."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TrialStep(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a trial: `name` is reachable, key, model, stream or tools; `words` are the provider's own."""

    name: str
    outcome: TrialOutcome = TrialOutcome.UNKNOWN
    words: str = ""


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one real minimal request told about a provider (see `trial.py`)."""

    steps: tuple[TrialStep, ...]
    upstream_model: str = ""
    total_s: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every step went well."""
        return all(step.outcome is TrialOutcome.OK for step in self.steps)
