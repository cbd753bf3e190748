"""Turns an upstream's failure into the error the client understands: status, type, wording, when to retry (section 28).

The tables are `data/errors.toml`; the shapes of error bodies are read by `payloads.py`, the waiting time by
`retry_hints.py`, "the prompt is too long" in all its wordings by `overflow.py`. Failures without an answer from the
upstream are in `failures.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec

from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.redaction import bound, redact
from tray_app.translation.tables import load
from tray_app.translation.upstream_errors import overflow
from tray_app.translation.upstream_errors.payloads import Report, message_of, read_body, read_payload
from tray_app.translation.upstream_errors.retry_hints import RetryTable, retry_after

__all__ = ["from_payload", "from_response", "is_error", "message_of"]

_WAITING_TYPES: Final = frozenset({"rate_limit_error", "overloaded_error"})
_CLIENT_TYPES: Final = frozenset({"invalid_request_error", "request_too_large", "not_found_error"})
_SUCCESS_CODES: Final = frozenset({"0", "200", "success", "ok"})


class _Meaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    status: int
    type: str
    retry: bool | None = None
    of: list[int] = []
    codes: list[str] = []
    words: list[str] = []
    on: list[int] = []


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign: list[_Meaning]
    status: list[_Meaning]
    wording: dict[str, str]
    phrase: dict[str, str]
    retry: RetryTable


@cache
def _table() -> _Table:
    return load("errors", _Table)


def from_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    provider: str,
    estimate: Callable[[], int] = int,
    context_window: int = 0,
    asked_max_tokens: int = 0,
    empty_overflow: tuple[int, ...] = (),
    path: str = "",
    secrets: tuple[str, ...] = (),
) -> ApiError:
    """The error for an upstream answer that is not a 200.

    `provider` is the name shown to the user, `path` the upstream path that was asked, `secrets` are masked wherever the
    upstream echoes them. `estimate` (asked only then), `context_window` and `asked_max_tokens` (tokens, 0: unknown) fill
    the numbers an overflow text leaves out (section 29). `empty_overflow` are the statuses by which, without a body, this
    upstream says that the prompt is too long.
    """
    report = read_body(body)
    if not body.strip():
        found = overflow.Overflow("a") if status in empty_overflow else None
    else:
        found = overflow.detect(status, report.message, report.payload)
    if found:
        error = found.api_error(estimate(), context_window, asked_max_tokens)
    else:
        error = _error(status, report, provider, path)
        _add_retry_headers(error, {name.lower(): value for name, value in headers.items()}, report)
    return _finished(error, status, report, secrets)


def from_payload(
    payload: Any,
    *,
    provider: str,
    estimate: Callable[[], int] = int,
    context_window: int = 0,
    asked_max_tokens: int = 0,
    secrets: tuple[str, ...] = (),
) -> ApiError | None:
    """The error inside a 200 body or a stream event, or None when `payload` is no error (R-ERR-5, R-RSP-10, P-93).

    The status is the `code` of the error when that is one, else what its string codes mean, else 502.
    """
    if not is_error(payload):
        return None
    report = read_payload(payload)
    status = report.status or 0
    found = overflow.detect(status, report.message, payload)
    if found:
        error = found.api_error(estimate(), context_window, asked_max_tokens)
    else:
        error = _error(status, report, provider, "")
        _add_retry_headers(error, {}, report)
    return _finished(error, report.status, report, secrets)


def is_error(payload: Any) -> bool:
    """Whether a decoded 200 body or event data reports an error: R-SSE-11, R-RSP-10 and Gemini's array."""
    if isinstance(payload, list):
        return bool(payload) and is_error(payload[0])
    if not isinstance(payload, dict):
        return False
    if payload.get("error") or payload.get("object") == "error" or payload.get("type") == "error":
        return True
    return _base_response_failed(payload) or (not payload.get("choices") and _reports_failure(payload))


def _base_response_failed(payload: Mapping[str, Any]) -> bool:
    base = payload.get("base_resp")
    return isinstance(base, dict) and base.get("status_code") not in (0, None)


def _reports_failure(payload: Mapping[str, Any]) -> bool:
    """`success: false`, or a code that is no success, together with words for people; FastAPI's `detail` is always one."""
    if isinstance(payload.get("detail"), (str, list)) and payload["detail"]:
        return True
    if payload.get("success") is False:
        return bool(message_of(payload))
    if not any(isinstance(payload.get(key), str) for key in ("message", "msg", "error_msg")):
        return False
    code = payload.get("code")
    return isinstance(code, (str, int)) and bool(code) and str(code).lower() not in _SUCCESS_CODES


def _error(status: int, report: Report, provider: str, path: str) -> ApiError:
    meaning = _meaning(status, report)
    return ApiError(
        meaning.type,
        _wording(status, meaning, provider, path).format(
            provider=provider, path=path, text=_phrase(status, report.message) or "an error without an explanation"
        ),
        status=meaning.status,
        fault=Fault.CLIENT if meaning.type in _CLIENT_TYPES else Fault.UPSTREAM,
        should_retry=meaning.retry,
    )


def _meaning(status: int, report: Report) -> _Meaning:
    rows = (row for row in _table().sign if status in row.on and _matches(row, report))
    return next(rows, None) or _by_status().get(status) or _by_status().get(status // 100) or _by_status()[5]


def _matches(row: _Meaning, report: Report) -> bool:
    return not set(row.codes).isdisjoint(report.codes) or any(
        re.search(words, report.message, re.IGNORECASE) for words in row.words
    )


@cache
def _by_status() -> dict[int, _Meaning]:
    return {status: row for row in _table().status for status in row.of}


def _wording(status: int, meaning: _Meaning, provider: str, path: str) -> str:
    wording = _table().wording
    if 100 <= status < 400:
        return wording["redirect" if status >= 300 else "success"]
    if meaning.type == "not_found_error" and path:
        return wording["path"]
    return wording.get(meaning.type, wording["default"])


def _phrase(status: int, message: str) -> str:
    """The upstream's words, or the name of the status when there are none."""
    if 100 <= status < 400:
        return f"{status} {_status_name(status)}".strip()
    return message or _status_name(status)


def _status_name(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return _table().phrase.get(str(status), f"HTTP {status}" if status else "")


def _add_retry_headers(error: ApiError, headers: Mapping[str, str], report: Report) -> None:
    """R-ERR-3 and R-ERR-4; our own `false` stands against an upstream's `true`, because the key will not get better."""
    error.retry_after_s = retry_after(headers, report, _table().retry, derive=error.type in _WAITING_TYPES)
    asked = headers.get("x-should-retry", "").strip().lower()
    if error.should_retry is None and asked in ("true", "false"):
        error.should_retry = asked == "true"


def _finished(error: ApiError, status: int | None, report: Report, secrets: tuple[str, ...]) -> ApiError:
    error.message = bound(redact(error.message, secrets))
    error.args = (error.message,)
    error.upstream_status = status
    error.upstream_text = bound(redact(report.message, secrets)) or None
    return error
