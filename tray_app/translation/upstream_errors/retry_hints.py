"""How long an upstream wants us to wait, from any of the places providers put it (R-ERR-3, P-91).

No clock: a point in time is turned into a span only against the response's own `Date` header. The counterpart is
`upstream_errors.py`, which decides whether a hint is wanted at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

import msgspec

from tray_app.translation.upstream_errors.payloads import Report

_UNIT_S: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN_PART: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|millisecond|[smhd])[a-z]*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?\Z")
_EPOCH_MS_FROM: Final = 1e11  # a larger number is milliseconds since 1970, one above _EPOCH_S_FROM seconds since 1970
_EPOCH_S_FROM: Final = 1e9
_EPOCH_MS_BELOW: Final = 1e14  # beyond the year 5000: no time


class RetryTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of `errors.toml` that speaks of waiting."""

    cap_s: float
    loading_s: float
    loading: str
    reset_headers: list[str]
    text: str


def retry_after(headers: Mapping[str, str], report: Report, table: RetryTable, *, derive: bool) -> float | None:
    """Seconds to wait, at most `cap_s`; None when the upstream does not say.

    `headers` have lower-case names. The header made for it always counts; with `derive` (rate limits and overload) also
    Google's RetryInfo, "try again in 1.2s" in the text and the rate-limit reset headers.
    """
    seconds = next(_hints(headers, report, table, derive), None)
    return None if seconds is None else min(seconds, table.cap_s)


def _hints(headers: Mapping[str, str], report: Report, table: RetryTable, derive: bool) -> Iterator[float]:
    now = _moment(headers.get("date", ""))
    yield from _some(_milliseconds(headers.get("retry-after-ms", "")))
    yield from _some(_point_or_span(headers.get("retry-after", ""), now))
    if derive:
        yield from _retry_info(report.payload)
        yield from _some(_in_text(report.message, table.text))
        yield from _some(_resets(headers, table.reset_headers, now))
        if re.search(table.loading, report.message, re.IGNORECASE):
            yield table.loading_s


def _some(seconds: float | None) -> tuple[float, ...]:
    return () if seconds is None else (seconds,)


def _milliseconds(text: str) -> float | None:
    return float(text) / 1000 if _NUMBER.match(text.strip()) else None


def _point_or_span(text: str, now: datetime | None) -> float | None:
    """Seconds in "17", "1.5s", "6m0s", an epoch number, or an HTTP or ISO date, the last three measured from `now`."""
    text = text.strip()
    if _NUMBER.match(text):
        return _number(float(text), now)
    return span(text) if span(text) is not None else _until(_moment(text), now)


def _number(value: float, now: datetime | None) -> float | None:
    if value < _EPOCH_S_FROM:
        return value
    if value >= _EPOCH_MS_BELOW:
        return None
    return _until(datetime.fromtimestamp(value / 1000 if value >= _EPOCH_MS_FROM else value, UTC), now)


def _until(point: datetime | None, now: datetime | None) -> float | None:
    return max((point - now).total_seconds(), 0.0) if point and now else None


def _moment(text: str) -> datetime | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
        except (ValueError, TypeError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def span(text: str) -> float | None:
    """Seconds in a Go-like duration such as "20ms", "1.2s", "6m0s", "1h2m"; None when it is something else."""
    parts = _SPAN_PART.findall(text)
    if not parts or _SPAN_PART.sub("", text).strip():
        return None
    return sum(
        float(number) * _UNIT_S["ms" if unit.lower().startswith("mil") else unit.lower()] for number, unit in parts
    )


def _in_text(message: str, pattern: str) -> float | None:
    found = _compiled(pattern).search(message)
    return span(found["span"]) if found else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _retry_info(payload: Any) -> Iterator[float]:
    """Google: `error.details[]` holds `{"@type": ".../google.rpc.RetryInfo", "retryDelay": "17s"}`."""
    if isinstance(payload, list):
        payload = payload[0] if payload else None
    error = payload.get("error") if isinstance(payload, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        yield from _some(span(delay) if isinstance(delay, str) else None)


def _resets(headers: Mapping[str, str], names: list[str], now: datetime | None) -> float | None:
    """The reset of the limit that is used up; with none marked so, the nearest reset: never wait longer than needed."""
    resets = {name: _point_or_span(headers[name], now) for name in names if name in headers}
    known = {name: seconds for name, seconds in resets.items() if seconds is not None}
    spent = [s for name, s in known.items() if headers.get(name.replace("reset", "remaining"), "").strip() == "0"]
    return max(spent) if spent else min(known.values(), default=None)
