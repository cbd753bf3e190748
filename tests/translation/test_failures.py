"""The wording of failures nobody put into words."""

from __future__ import annotations

import pytest

from tray_app.translation import failures
from tray_app.translation.errors import ERROR_TYPES, ApiError, Fault

ALL = [
    (failures.connect_failed("api.example", 443, "refused"), 502, "api_error", None),
    (failures.timed_out("first_byte", 290), 504, "timeout_error", None),
    (failures.connection_lost(), 502, "api_error", None),
    (failures.truncated(), 502, "api_error", None),
    (failures.no_answer(), 502, "api_error", None),
    (failures.empty_answer(), 502, "api_error", None),
    (failures.not_an_answer("a page"), 502, "api_error", None),
    (failures.unreadable("bad JSON"), 502, "api_error", None),
    (failures.whitespace_loop(500), 502, "api_error", None),
    (failures.too_much(2**20), 502, "api_error", None),
    (failures.credential_failed("locked"), 401, "authentication_error", False),
    (failures.bad_base_url("no host"), 400, "invalid_request_error", None),
    (failures.shutting_down(), 503, "overloaded_error", None),
    (failures.internal_error(), 500, "api_error", None),
]


@pytest.mark.parametrize(("error", "status", "kind", "retry"), ALL)
def test_d31_p_79_failures_have_a_status_and_an_official_type(
    error: ApiError, status: int, kind: str, retry: bool | None
) -> None:
    """Never `proxy_error`: a type of Anthropic's list, a status that says whether a repetition helps."""
    assert (error.status, error.type, error.should_retry) == (status, kind, retry)
    assert error.type in ERROR_TYPES
    assert error.message


def test_r_com_4_and_22_7_have_their_sentences() -> None:
    """The two ends of a broken stream are told apart, and neither is an ordinary end."""
    assert failures.connection_lost().message == "upstream connection closed before the response was complete"
    assert failures.truncated().message == "upstream stream ended without finish_reason"
    assert failures.no_answer().message == "upstream closed the connection without sending an answer"


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("localhost", "is the server running?"),
        ("127.0.0.1", "is the server running?"),
        ("::1", "is the server running?"),
        ("api.example", "base URL"),
    ],
)
def test_a_refused_connection_names_the_place_and_a_hint(host: str, hint: str) -> None:
    """28.2: host, port, the system's words, and what to look at."""
    message = failures.connect_failed(host, 8080, "Connection\nrefused").message
    assert f"{host}:8080: Connection refused" in message
    assert hint in message


@pytest.mark.parametrize("kind", ["connect", "first_byte", "idle", "silence"])
def test_r_liv_2_a_timeout_says_what_was_waited_for(kind: str) -> None:
    """Each of the four waits has words of its own and its seconds."""
    error = failures.timed_out(kind, 300.0)
    assert error.message.endswith("for 300 seconds")
    assert error.fault is Fault.UPSTREAM


def test_reasons_are_redacted_and_bounded() -> None:
    """A system's words may quote a URL with a password, and may be endless."""
    error = failures.credential_failed("command said: Bearer abcdef123456 " + "x" * 1000, "see --key=abcdef123456")
    assert "abcdef123456" not in error.message
    assert len(error.message) < 700
    assert failures.not_an_answer("").message.count("empty") == 1
    assert failures.not_an_answer("").upstream_text is None
    assert failures.not_an_answer("sk-abcdef123456").upstream_text == "[redacted]"


def test_a_bug_shows_no_stack() -> None:
    """28.2: the answer refers to the log."""
    assert "log" in failures.internal_error().message
    assert failures.internal_error().fault is Fault.LOCAL
