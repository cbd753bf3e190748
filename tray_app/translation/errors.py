"""The one shape of an error: by whose fault, which HTTP status, which Anthropic error type, what to tell the client.

Every failure inside the translation or the proxy is an `ApiError` (or becomes one at the exchange boundary); it is turned
into a JSON body, an SSE `error` event and the words on screen in exactly one place each.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final


class Fault(StrEnum):
    """Who has to act for the error to go away."""

    CLIENT = "client"  # the request is wrong
    UPSTREAM = "upstream"  # the provider refused or failed
    PROTOCOL = "protocol"  # the provider's bytes make no sense
    LOCAL = "local"  # our machine: keyring, port, a bug


# Anthropic's published list; a type outside it confuses clients (P-79).
STATUS_OF_TYPE: Final[dict[str, int]] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
ERROR_TYPES: Final = frozenset(STATUS_OF_TYPE)


class ApiError(Exception):
    """A failure with everything the client, the log and the screen need. Immutable by convention.

    Attributes:
        status: HTTP status for a client that has not been answered yet.
        type: one of `ERROR_TYPES`.
        message: what happened and what to do; never holds a credential.
        retry_after_s: seconds for the `retry-after` header, or None.
        should_retry: value of the `x-should-retry` header, or None to leave it out.
        upstream_status: the provider's own status, or None if it never answered.
        upstream_text: the provider's own words, redacted and bounded, for the log and the screen.
        code: Anthropic's `error.details.error_code`, which clients act on, or None.
    """

    def __init__(
        self,
        type: str,  # noqa: A002 - the field's own name in Anthropic's error shape
        message: str,
        *,
        status: int | None = None,
        fault: Fault = Fault.CLIENT,
        retry_after_s: float | None = None,
        should_retry: bool | None = None,
        upstream_status: int | None = None,
        upstream_text: str | None = None,
        code: str | None = None,
    ) -> None:
        if type not in ERROR_TYPES:
            raise ValueError(f"not an Anthropic error type: {type}")
        super().__init__(message)
        self.type = type
        self.message = message
        self.status = STATUS_OF_TYPE[type] if status is None else status
        self.fault = fault
        self.retry_after_s = retry_after_s
        self.should_retry = should_retry
        self.upstream_status = upstream_status
        self.upstream_text = upstream_text
        self.code = code

    def body(self, request_id: str) -> dict[str, Any]:
        """Anthropic's error object (spec 28.1), used as JSON body and as the data of an `error` event."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.code is not None:
            error["details"] = {"error_code": self.code}
        return {"type": "error", "error": error, "request_id": request_id}


def invalid(path: str, problem: str) -> ApiError:
    """A 400 in Anthropic's style: the path of the field, then what it should be (R-ADM-4)."""
    return ApiError("invalid_request_error", f"{path}: {problem}" if path else problem)
