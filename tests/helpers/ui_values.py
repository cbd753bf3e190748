"""Events and states as the user interface gets them, for its tests."""

from __future__ import annotations

from typing import Any

from tray_app.profiles.model import ApiKind
from tray_app.proxy.events import (
    ErrorInfo,
    RequestFailed,
    RequestFinished,
    RequestProgress,
    RequestStarted,
    ServerState,
    Timings,
)
from tray_app.state import AppState, LastError, Provider, Totals
from tray_app.translation.usage import Usage, UsageSource

NOON = 1_750_000_000.0
WORDS = '{"error":{"message":"No auth credentials found"}}'
REJECTED = ErrorInfo(
    type="authentication_error",
    message="The provider refused the key",
    status=401,
    fault="upstream",
    upstream_status=401,
    upstream_text=WORDS,
)
UNREACHABLE = ErrorInfo(type="api_error", message="connection refused", status=502, fault="upstream")
USAGE = Usage(input_tokens=1_000, output_tokens=200, cache_read_input_tokens=3_000, source=UsageSource.REPORTED)
DEMO = Provider(id="demo", name="Demo", color="#2f8fe4", kind=ApiKind.OPENAI_CHAT, demo=True)
ONE = Provider(id="one", name="One & Only", color="#6467f2", kind=ApiKind.OPENAI_CHAT, host="one.example")
TWO = Provider(id="two", name="Two", color="#16a35c", kind=ApiKind.ANTHROPIC, host="two.example")


def started(request_id: str, at: float = NOON, **fields: Any) -> RequestStarted:
    """The start of a request to provider One."""
    given: dict[str, Any] = {
        "at": at,
        "id": request_id,
        "profile_id": "one",
        "profile_name": "One",
        "client": "claude-cli/2.1 (external)",
        "asked_model": "claude-x",
        "upstream_model": "up-x",
        "stream": True,
    }
    return RequestStarted(**given | fields)


def progress(request_id: str, **fields: Any) -> RequestProgress:
    """A running request has come so far."""
    return RequestProgress(at=NOON, id=request_id, **fields)


def finished(request_id: str, at: float = NOON, **fields: Any) -> RequestFinished:
    """A good end."""
    given: dict[str, Any] = {
        "status": 200,
        "stop_reason": "end_turn",
        "usage": USAGE,
        "timings": Timings(first_token_s=0.5, total_s=2.5),
    }
    return RequestFinished(at=at, id=request_id, **given | fields)


def failed(request_id: str, error: ErrorInfo = REJECTED, at: float = NOON, **fields: Any) -> RequestFailed:
    """A bad end."""
    given: dict[str, Any] = {"status": error.status, "timings": Timings(total_s=0.3)}
    return RequestFailed(at=at, id=request_id, error=error, **given | fields)


def app_state(**fields: Any) -> AppState:
    """A running proxy with three providers, the second of which is active."""
    given: dict[str, Any] = {
        "ready": True,
        "server": ServerState.RUNNING,
        "url": "http://127.0.0.1:8417",
        "active_id": "one",
        "providers": (DEMO, ONE, TWO),
        "today": Totals(since=NOON, since_midnight=True),
    }
    return AppState(**given | fields)


def last_error(**fields: Any) -> LastError:
    """Provider One rejected the key."""
    given: dict[str, Any] = {"request_id": "r1", "provider_id": "one", "provider_name": "One", "at": NOON}
    return LastError(**given | {"error": REJECTED} | fields)
