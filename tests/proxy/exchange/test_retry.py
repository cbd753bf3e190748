"""The budget of attempts."""

from __future__ import annotations

import pytest

from tray_app.profiles.model import RetryPolicy
from tray_app.proxy.exchange.retry import HEALS_MAX, Retries, is_passing, wants_fallback
from tray_app.translation.errors import ApiError, Fault, invalid


def upstream_error(status: int, kind: str = "api_error", **fields: object) -> ApiError:
    """An error by the upstream's fault."""
    return ApiError(kind, "x", status=status, fault=Fault.UPSTREAM, **fields)  # type: ignore[arg-type]


def test_r_up_5_one_connect_retry_by_default() -> None:
    """And none if the profile says so."""
    retries = Retries(RetryPolicy())
    assert [retries.after_connect(), retries.after_connect()] == [True, False]
    assert not Retries(RetryPolicy(connect=0)).after_connect()


def test_heals_and_refreshes_are_few() -> None:
    """R-PRO-1: two; a new key: once."""
    retries = Retries(RetryPolicy())
    assert [retries.after_heal() for _ in range(3)] == [True] * HEALS_MAX + [False]
    assert [retries.after_unauthorized() for _ in range(2)] == [True, False]


def test_statuses_wait_as_told_and_longer_each_time() -> None:
    """`retry-after` counts; one that is too long is left to the client."""
    retries = Retries(RetryPolicy(statuses=3))
    assert retries.after_status(upstream_error(503)) == 0.5
    assert retries.after_status(upstream_error(503)) == 1.0
    assert retries.after_status(upstream_error(429, "rate_limit_error", retry_after_s=60.0)) is None
    assert retries.after_status(upstream_error(429, "rate_limit_error", retry_after_s=2.0)) == 2.0
    assert retries.after_status(upstream_error(503)) is None
    assert Retries(RetryPolicy()).after_status(upstream_error(503)) is None


@pytest.mark.parametrize(
    ("error", "passing", "fallback"),
    [
        (upstream_error(500), True, True),
        (upstream_error(429, "rate_limit_error"), True, True),
        (upstream_error(429, "rate_limit_error", should_retry=False), False, True),
        (upstream_error(402, "billing_error"), False, True),
        (upstream_error(401, "authentication_error"), False, False),
        (ApiError("api_error", "bug", fault=Fault.LOCAL), False, False),
        (invalid("x", "wrong"), False, False),
    ],
)
def test_what_may_pass_and_what_another_provider_may_do_better(error: ApiError, passing: bool, fallback: bool) -> None:
    """Never the client's mistakes, never our own."""
    assert (is_passing(error), wants_fallback(error)) == (passing, fallback)
