"""Answers in Anthropic's shape, and what is read from a request's head."""

from __future__ import annotations

import pytest

from tray_app.proxy.endpoint.call import retry_headers
from tray_app.translation.errors import ApiError


@pytest.mark.parametrize(
    ("seconds", "headers"),
    [
        (None, {}),
        (17.0, {"retry-after": "17"}),
        (0.0, {"retry-after": "0"}),
        (1.25, {"retry-after": "2", "retry-after-ms": "1250"}),
    ],
)
def test_r_err_3_waiting_times_are_whole_seconds_with_the_rest_beside_them(
    seconds: float | None, headers: dict[str, str]
) -> None:
    """SDKs read either."""
    assert retry_headers(ApiError("rate_limit_error", "x", retry_after_s=seconds)) == headers


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false")])
def test_r_err_10_whether_to_retry_is_said_only_if_known(value: bool, text: str) -> None:
    """Absent leaves it to the SDK."""
    assert retry_headers(ApiError("api_error", "x", should_retry=value)) == {"x-should-retry": text}
