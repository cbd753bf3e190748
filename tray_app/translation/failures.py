"""The failures that no upstream put into words: constructors with stable wording, so that screen, log and client agree.

What an upstream did say is `upstream_errors.py`. Nothing here holds a URL with a query, a credential or a stack trace.
"""

from __future__ import annotations

from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.redaction import bound, redact

_REASON_CHARS = 300


def _reason(text: str) -> str:
    return bound(redact(" ".join(text.split())), _REASON_CHARS)


def connect_failed(host: str, port: int, reason: str) -> ApiError:
    """502: refused, unknown host or TLS failure; `reason` is the system's own words (28.2)."""
    hint = "is the server running?" if _is_local(host) else "check the base URL, the network and the outbound proxy"
    message = f"cannot connect to {host}:{port}: {_reason(reason)} ({hint})"
    return ApiError("api_error", message, status=502, fault=Fault.UPSTREAM)


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")


_WAITED_FOR = {
    "connect": "could not be reached",
    "first_byte": "sent no answer",
    "idle": "sent nothing more",
    "silence": "sent only keep-alive signs and no content",
}


def timed_out(kind: str, seconds: float) -> ApiError:
    """504: the watchdog ended a wait of `seconds`; `kind` is connect, first_byte, idle or silence (R-LIV-2)."""
    message = f"the upstream {_WAITED_FOR[kind]} for {seconds:g} seconds"
    return ApiError("timeout_error", message, fault=Fault.UPSTREAM)


def connection_lost() -> ApiError:
    """502: EOF or reset in the middle of an answer (22.7)."""
    message = "upstream connection closed before the response was complete"
    return ApiError("api_error", message, status=502, fault=Fault.UPSTREAM)


def truncated() -> ApiError:
    """502: the upstream ended its stream politely but never said how the answer finished (22.7)."""
    return ApiError("api_error", "upstream stream ended without finish_reason", status=502, fault=Fault.PROTOCOL)


def no_answer() -> ApiError:
    """502: a success status and then nothing at all (R-COM-4)."""
    message = "upstream closed the connection without sending an answer"
    return ApiError("api_error", message, status=502, fault=Fault.UPSTREAM)


def empty_answer() -> ApiError:
    """502: a finished answer with no content, from an upstream known to hide an error that way (R-RSP-9)."""
    return ApiError("api_error", "empty response from upstream", status=502, fault=Fault.UPSTREAM)


def not_an_answer(text: str) -> ApiError:
    """502: a success status with a body that is no answer, such as an HTML page (D14, P-92); `text` is what it says."""
    message = f"the upstream's answer is not a chat completion: {_reason(text) or 'empty'} (check the base URL)"
    return ApiError("api_error", message, status=502, fault=Fault.PROTOCOL, upstream_text=_reason(text) or None)


def unreadable(problem: str) -> ApiError:
    """502: bytes that break the protocol in the middle of an answer (R-SSE-8, R-SSE-9)."""
    message = f"the upstream's stream is unreadable: {_reason(problem)}"
    return ApiError("api_error", message, status=502, fault=Fault.PROTOCOL)


def whitespace_loop(count: int) -> ApiError:
    """502: endless white space inside tool arguments (23.3, P-50)."""
    message = f"the upstream sent {count} blank characters in a row inside tool arguments and was stopped"
    return ApiError("api_error", message, status=502, fault=Fault.PROTOCOL)


def too_much(limit_bytes: int) -> ApiError:
    """502: an upstream body beyond our bound (D40)."""
    message = f"the upstream's answer is larger than {limit_bytes // 2**20} MiB"
    return ApiError("api_error", message, status=502, fault=Fault.PROTOCOL)


def credential_failed(reason: str, hint: str = "") -> ApiError:
    """401: the upstream credential cannot be had; not retried, because only the user can mend it (D31)."""
    tail = f" ({_reason(hint)})" if hint else ""
    message = f"no credential for the upstream provider: {_reason(reason)}{tail}"
    return ApiError("authentication_error", message, fault=Fault.LOCAL, should_retry=False)


def bad_base_url(reason: str) -> ApiError:
    """400: the profile's base URL cannot be used (D31, D41)."""
    return ApiError("invalid_request_error", f"the base URL of this provider is unusable: {_reason(reason)}")


def shutting_down() -> ApiError:
    """503: the proxy drains; another attempt will find it restarted (R-LIV-5)."""
    message = "Dragoman is shutting down and ended this answer"
    return ApiError("overloaded_error", message, status=503, fault=Fault.LOCAL)


def internal_error() -> ApiError:
    """500: a bug of ours; the details are in the log under the request id, never in the answer (28.2)."""
    message = "Dragoman failed on this request; its log has the details under the request id"
    return ApiError("api_error", message, fault=Fault.LOCAL)
