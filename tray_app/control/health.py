"""What is known of each provider, from tests and from real requests: the mark beside its name.

Pure: events in, values out. The client's own mistakes and cancelled requests say nothing about a provider. A value changes
only when the mark does, so that a busy day does not redraw the list. Counterpart: `providers.py`, which feeds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tray_app.control.tally import MESSAGES_ROUTE
from tray_app.proxy.events import (
    ErrorInfo,
    Event,
    RequestFailed,
    RequestFinished,
    RequestRetried,
    RequestStarted,
    ServerState,
    ServerStateChanged,
    TrialOutcome,
    TrialReport,
)
from tray_app.state import Health, HealthKind


class HealthBook:
    """The marks by provider id; who is missing is untested."""

    def __init__(self) -> None:
        self._marks: dict[str, Health] = {}
        self._running: dict[str, str] = {}  # request -> provider it is at now

    @property
    def marks(self) -> Mapping[str, Health]:
        """A copy, for a frozen state."""
        return MappingProxyType(dict(self._marks))

    def feed(self, events: Iterable[Event]) -> None:
        """Take in a batch, in order."""
        for event in events:
            match event:
                case RequestStarted(route=route) if route == MESSAGES_ROUTE:
                    self._running[event.id] = event.profile_id
                case RequestRetried():
                    self._moved_on(event)
                case RequestFinished():
                    self._note(self._running.pop(event.id, ""), event.at, "", tested=False)
                case RequestFailed():
                    self._failed(event)
                case ServerStateChanged(state=ServerState.STOPPED | ServerState.FAILED):
                    self._running.clear()
                case _:
                    pass

    def note_trial(self, profile_id: str, report: TrialReport, at: float) -> None:
        """The outcome of a test; `at` is Unix time in seconds."""
        failed = next((step for step in report.steps if step.outcome is TrialOutcome.FAILED), None)
        self._note(profile_id, at, (failed.words or failed.name) if failed is not None else "", tested=True)

    def forget(self, profile_id: str) -> None:
        """The provider was changed or deleted: nothing is known any more."""
        self._marks.pop(profile_id, None)

    def _moved_on(self, event: RequestRetried) -> None:
        before = self._running.get(event.id)
        if before is not None and before != event.profile_id:  # another provider takes over
            self._note(before, event.at, event.reason, tested=False)
            self._running[event.id] = event.profile_id

    def _failed(self, event: RequestFailed) -> None:
        profile_id = self._running.pop(event.id, "")
        if not event.cancelled and event.error.fault != "client":
            self._note(profile_id, event.at, _words(event.error), tested=False)

    def _note(self, profile_id: str, at: float, problem: str, *, tested: bool) -> None:
        if not profile_id:
            return
        old = self._marks.get(profile_id)
        kind = HealthKind.FAILING if problem else HealthKind.OK
        if old is None or old.kind is not kind:
            old = Health(kind=kind, since=at)
        failures = old.failures + 1 if problem else 0
        self._marks[profile_id] = replace(old, tested=tested, failures=failures, words=problem)


def _words(error: ErrorInfo) -> str:
    status = f"{error.upstream_status}: " if error.upstream_status else ""
    return status + (error.upstream_text or error.message)
