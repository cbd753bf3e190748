"""What one request publishes: that it began, how far it is, and exactly one end.

Keeps the times of the exchange and turns errors and summaries into events; decides nothing. Its counterparts are
`exchange.py`, which tells it, and the hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from tray_app.profiles.model import Profile
from tray_app.proxy.endpoint.call import Call
from tray_app.proxy.events import (
    RequestFailed,
    RequestFinished,
    RequestProgress,
    RequestRefused,
    RequestRetried,
    RequestStarted,
    Timings,
)
from tray_app.proxy.hub import EventHub
from tray_app.proxy.recorder import Recording
from tray_app.proxy.redact import error_info
from tray_app.translation.errors import ApiError
from tray_app.translation.usage import Usage

PROGRESS_S: Final = 0.1  # the screen is redrawn no more often
CLIENT_CLOSED: int = 499  # not on the wire: nobody is there to read it; the number proxies have agreed on


class Outcome(NamedTuple):
    """What is known of the answer when a request ends."""

    usage: Usage = Usage()
    losses: tuple[str, ...] = ()
    stop_reason: str | None = None


class Journal:
    """One request's events. Before `started` a failure is a refusal; after the end nothing more is published.

    Attributes:
        due: when, on the clock, progress will be told again.
    """

    def __init__(self, hub: EventHub, clock: Callable[[], float], call: Call) -> None:
        self._hub = hub
        self._clock = clock
        self._call = call
        self._began = False
        self._ended = False
        self._attempts = 1
        self._headers_s: float | None = None
        self._first_token_s: float | None = None
        self.due = 0.0

    @property
    def recording(self) -> Recording | None:
        """Where the messages themselves are kept; nothing of it is published."""
        return self._call.recording

    def _age(self) -> float:
        return self._clock() - self._call.began

    def started(self, profile: Profile, asked: str, upstream_model: str, *, stream: bool, route: str) -> None:
        """The request was understood and goes to `profile`."""
        self._began = True
        self._hub.publish(
            RequestStarted(
                at=self._hub.now(),
                id=self._call.id,
                profile_id=profile.id,
                profile_name=profile.name,
                client=self._call.client,
                asked_model=asked,
                upstream_model=upstream_model,
                stream=stream,
                route=route,
            )
        )

    def retried(self, profile_id: str, reason: str) -> None:
        """Another attempt begins."""
        self._attempts += 1
        self._hub.publish(
            RequestRetried(
                at=self._hub.now(), id=self._call.id, attempt=self._attempts, profile_id=profile_id, reason=reason
            )
        )

    def headers_came(self) -> None:
        """The upstream's status line is here."""
        now = self._clock()
        self._headers_s = now - self._call.began
        self.progressed(0, now)

    def progressed(self, output_chars: int, now: float) -> None:
        """Content came, at `now` of the clock; the first time fixes the time to the first token.

        Later it is told at most every `PROGRESS_S`: tokens come faster than anybody looks.
        """
        if output_chars and self._first_token_s is None:
            self._first_token_s = now - self._call.began
        elif output_chars and now < self.due:
            return
        self.due = now + PROGRESS_S if output_chars else now
        self._hub.publish(
            RequestProgress(
                at=self._hub.now(),
                id=self._call.id,
                headers_s=self._headers_s,
                first_token_s=self._first_token_s,
                output_chars=output_chars,
            )
        )

    def finished(self, outcome: Outcome, status: int = 200) -> None:
        """The client has the whole answer."""
        if self._end():
            self._hub.publish(
                RequestFinished(
                    at=self._hub.now(),
                    id=self._call.id,
                    status=status,
                    stop_reason=outcome.stop_reason,
                    usage=outcome.usage,
                    timings=self._timings(),
                    losses=outcome.losses,
                    attempts=self._attempts,
                )
            )

    def failed(self, error: ApiError, outcome: Outcome, *, secrets: Iterable[str], cancelled: bool = False) -> None:
        """The client has an error, or is gone."""
        if not self._began:
            self._refused(error)
        elif self._end():
            self._hub.publish(
                RequestFailed(
                    at=self._hub.now(),
                    id=self._call.id,
                    status=CLIENT_CLOSED if cancelled else error.status,
                    error=error_info(error, secrets),
                    timings=self._timings(),
                    cancelled=cancelled,
                    usage=outcome.usage,
                    losses=outcome.losses,
                    attempts=self._attempts,
                )
            )

    def _refused(self, error: ApiError) -> None:
        info = error_info(error)
        self._hub.publish(
            RequestRefused(
                at=self._hub.now(),
                id=self._call.id,
                status=info.status,
                reason=info.message,
                client=self._call.client,
            )
        )

    def _end(self) -> bool:
        first, self._ended = not self._ended, True
        return first

    def _timings(self) -> Timings:
        return Timings(headers_s=self._headers_s, first_token_s=self._first_token_s, total_s=self._age())
