"""Where providers hide how long to wait."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.upstream_errors.mapping import from_response
from tray_app.translation.upstream_errors.payloads import Report
from tray_app.translation.upstream_errors.retry_hints import span

DATE = "Mon, 23 Nov 2026 10:00:00 GMT"


def wait(headers: dict[str, str], body: bytes = b"", status: int = 429) -> float | None:
    """The retry-after of an answer."""
    return from_response(status, headers, body, provider="P").retry_after_s


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "30s"}, 30),
        ({"retry-after-ms": "1200"}, 1.2),
        ({"retry-after-ms": "1200", "retry-after": "2"}, 1.2),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:20 GMT", "date": DATE}, 20),
        ({"retry-after": "Mon, 23 Nov 2026 09:00:00 GMT", "date": DATE}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:20 GMT"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": "99999"}, 600),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s"}, 1),
        (
            {
                "x-ratelimit-reset-tokens": "6m0s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-requests": "1s",
            },
            360,
        ),
        ({"x-ratelimit-reset-requests": "20ms"}, 0.02),
        ({"x-ratelimit-reset-requests": "later"}, None),
        ({"X-RateLimit-Reset": "1795428020000", "Date": DATE}, 20),
        ({"X-RateLimit-Reset": "1795428020", "Date": DATE}, 20),
        ({"X-RateLimit-Reset": "1795428020000"}, None),
        ({"X-RateLimit-Reset": "9" * 400, "Date": DATE}, None),
        ({"x-ratelimit-reset": "2026-11-23T10:00:07+00:00", "date": DATE}, 7),
        ({"x-ratelimit-reset": "2026-11-23T10:00:07", "date": DATE}, 7),
        ({"ratelimit-reset": "12"}, 12),
        ({}, None),
    ],
)
def test_r_err_3_p_91_reads_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    """Every header that tells a wait is read, dates against the answer's own Date, capped at 600 s."""
    assert wait(headers) == seconds


@given(
    st.sampled_from(["retry-after", "retry-after-ms", "x-ratelimit-reset", "date"]),
    st.text("0123456789.:-+TZMonNvGMT, smhd", max_size=40) | st.just("Mon, 23 Nov 99999999999 10:00:00 GMT"),
)
def test_p_92_no_header_is_a_failure(name: str, value: str) -> None:
    """Absurd dates and numbers are no hint, or one within the cap."""
    seconds = wait({"retry-after": DATE, "date": DATE, name: value})
    assert seconds is None or 0 <= seconds <= 600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Rate limit reached. Please try again in 1.2s.", 1.2),
        ("Please try again in 6m0s. Visit x", 360),
        ("Please try again in 20ms", 0.02),
        ("Please retry in 35.5s", 35.5),
        ("retry after 20 seconds", 20),
        ("Try again after 2 minutes", 120),
        ("quota resets in 1h", 600),
        ("please try again later", None),
        ("wait 250 milliseconds", 0.25),
    ],
)
def test_r_err_3_reads_the_text(text: str, seconds: float | None) -> None:
    """A wait in the message is read when no header tells one."""
    body = ('{"error":{"message":"' + text + '"}}').encode()
    assert wait({}, body) == seconds
    assert wait({"retry-after": "3"}, body) == 3


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}], 17),
        ([{"@type": "x"}, "junk", {"retryDelay": "1.5s"}], 1.5),
        ([{"retryDelay": 17}], None),
        ([{"retryDelay": "soon"}], None),
        ({}, None),
    ],
)
def test_r_err_3_reads_google_retry_info(details: Any, seconds: float | None) -> None:
    """RetryInfo counts, in Gemini's array and in a plain object."""
    from tray_app.translation import codec

    error = {"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED", "details": details}}
    assert wait({}, codec.dumps(error)) == seconds
    assert wait({}, codec.dumps([error])) == seconds
    assert wait({}, b"[]") is None


def test_r_err_3_derives_nothing_where_waiting_is_not_the_point() -> None:
    """Rate-limit headers come with every answer: a 400 with them is no reason to wait; its own header is passed on."""
    assert wait({"x-ratelimit-reset-requests": "1s"}, status=400) is None
    assert wait({"x-ratelimit-reset-requests": "1s"}, status=500) is None
    assert wait({"retry-after": "9"}, status=500) == 9


def test_a_loading_model_asks_for_five_seconds() -> None:
    """28.2: llama.cpp loads for a while and does not say how long."""
    body = b'{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}'
    assert wait({}, body, 503) == 5
    assert wait({"retry-after": "2"}, body, 503) == 2
    assert wait({}, b'{"error":"busy"}', 503) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h2m3s", 3723), ("1.5s", 1.5), ("2d", 172800), ("10 secs", 10), ("x", None), ("", None), ("5 apples", None)],
)
def test_spans_like_go_writes_them(text: str, seconds: float | None) -> None:
    """A span is read only if nothing else is in the text."""
    assert span(text) == seconds


def test_a_report_may_be_empty() -> None:
    """No payload, no hint."""
    assert Report("").status is None
