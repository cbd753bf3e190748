"""Answers in Anthropic's shape, and what is read from a request's head."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tray_app.proxy.endpoint.call import Call, retry_headers
from tray_app.proxy.endpoint.request import Request
from tray_app.proxy.endpoint.routes import match
from tray_app.translation import codec
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


def error_body(error: ApiError) -> dict[str, Any]:
    request = cast(Request, SimpleNamespace())
    call = Call(request=request, route=match("/v1/messages"), id="req_1", began=0.0, body_limit=1)
    body = codec.loads(call.error(error).body)
    assert isinstance(body, dict)
    return body


def sdk_text(body: dict[str, Any]) -> str:
    """What the TypeScript SDK puts into its exception: the body's own `message`, else the whole body."""
    return str(body.get("message") or codec.dumps(body).decode())


def test_r_err_10_claude_code_does_not_take_a_503_for_a_529() -> None:
    """It looks for the type in the exception's text, and gives a 529 up after three attempts."""
    overloaded = '"type":"overloaded_error"'
    busy = error_body(ApiError("overloaded_error", "busy", status=503))
    assert busy["error"] == {"type": "overloaded_error", "message": "busy"}
    assert overloaded not in sdk_text(busy)
    assert overloaded in sdk_text(error_body(ApiError("overloaded_error", "busy")))


@pytest.mark.parametrize("kind", ["api_error", "invalid_request_error", "overloaded_error"])
def test_an_error_body_has_anthropics_shape_and_no_more(kind: str) -> None:
    """Clients match on the text of the others, which holds the whole body."""
    assert error_body(ApiError(kind, "x")) == {
        "type": "error",
        "error": {"type": kind, "message": "x"},
        "request_id": "req_1",
    }
