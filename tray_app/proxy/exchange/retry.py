"""What may be tried again for one request, and how often: pure bookkeeping, no waiting, no network.

Only before the first byte reached the client. By default one retry for a connection that could not be made or was dead in
the pool; statuses belong to the client, whose SDK retries better than we can, unless the profile opts in (R-UP-5).
"""

from __future__ import annotations

from typing import Final

from tray_app.profiles.model import RetryPolicy
from tray_app.translation.errors import ApiError, Fault

HEALS_MAX: Final = 2  # R-PRO-1
# A status retry waits this long at most; a longer retry-after goes to the client, who may know better.
STATUS_DELAY_MAX_S: Final = 10.0
_STATUS_DELAY_S: Final = 0.5
_BILLING: Final = 402


def is_passing(error: ApiError) -> bool:
    """Whether the same request may succeed later or elsewhere: rate limits, overload, outages."""
    waits_help = error.status in (408, 429) or error.status >= 500
    return waits_help and error.fault in (Fault.UPSTREAM, Fault.PROTOCOL) and error.should_retry is not False


def wants_fallback(error: ApiError) -> bool:
    """Whether another provider may do better: what passes, and an empty account."""
    return is_passing(error) or error.status == _BILLING or (error.status == 429 and error.fault is Fault.UPSTREAM)


class Retries:
    """The budget of one request at one profile."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._connects = policy.connect
        self._statuses = policy.statuses
        self._heals = HEALS_MAX
        self._refreshes = 1
        self._status_delay_s = _STATUS_DELAY_S

    def after_connect(self) -> bool:
        """A connection failed before any byte of an answer: try again?"""
        self._connects -= 1
        return self._connects >= 0

    def after_heal(self) -> bool:
        """Something was learned from a refusal: try again with it?"""
        self._heals -= 1
        return self._heals >= 0

    def after_unauthorized(self) -> bool:
        """The upstream refused the key: fetch it afresh and try again?"""
        self._refreshes -= 1
        return self._refreshes >= 0

    def after_status(self, error: ApiError) -> float | None:
        """Seconds to wait before another attempt after `error`, or None for no other attempt."""
        if self._statuses <= 0 or not is_passing(error):
            return None
        delay = self._status_delay_s if error.retry_after_s is None else error.retry_after_s
        if delay > STATUS_DELAY_MAX_S:
            return None
        self._statuses -= 1
        self._status_delay_s *= 2
        return delay
