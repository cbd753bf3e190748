"""What an upstream's failure means to the client."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation import codec
from tray_app.translation.errors import ERROR_TYPES, ApiError, Fault
from tray_app.translation.upstream_errors.mapping import from_payload, from_response, is_error, message_of


def refused(status: int, payload: Any = None, headers: dict[str, str] | None = None, **fields: Any) -> ApiError:
    """The error for an upstream answer with a JSON body (bytes go as they are)."""
    body = payload if isinstance(payload, bytes) else codec.dumps(payload or {"error": {"message": "words"}})
    return from_response(status, headers or {}, body, provider="Acme", **fields)


@pytest.mark.parametrize(
    ("upstream", "status", "kind", "retry"),
    [
        (400, 400, "invalid_request_error", None),
        (422, 400, "invalid_request_error", None),
        (405, 400, "invalid_request_error", None),
        (406, 400, "invalid_request_error", None),
        (415, 400, "invalid_request_error", None),
        (418, 400, "invalid_request_error", None),
        (401, 401, "authentication_error", False),
        (402, 402, "billing_error", False),
        (403, 403, "permission_error", False),
        (404, 404, "not_found_error", None),
        (410, 404, "not_found_error", None),
        (408, 504, "timeout_error", None),
        (504, 504, "timeout_error", None),
        (524, 504, "timeout_error", None),
        (409, 409, "conflict_error", None),
        (413, 413, "request_too_large", None),
        (424, 429, "rate_limit_error", None),
        (429, 429, "rate_limit_error", None),
        (503, 503, "overloaded_error", None),
        (498, 529, "overloaded_error", None),
        (529, 529, "overloaded_error", None),
        (500, 500, "api_error", None),
        (502, 502, "api_error", None),
        (520, 500, "api_error", None),
        (521, 500, "api_error", None),
        (523, 500, "api_error", None),
        (525, 500, "api_error", None),
        (599, 500, "api_error", None),
        (100, 502, "api_error", None),
        (202, 502, "api_error", None),
        (204, 502, "api_error", None),
        (302, 502, "api_error", None),
        (999, 500, "api_error", None),
    ],
)
def test_r_err_10_p_79_p_89_d28_every_status_has_a_status_and_a_type(
    upstream: int, status: int, kind: str, retry: bool | None
) -> None:
    """28.2, R-ERR-10: the table of statuses; only types of Anthropic's list; keys and money are never retried."""
    error = refused(upstream)
    assert (error.status, error.type, error.should_retry) == (status, kind, retry)
    assert error.type in ERROR_TYPES
    assert error.upstream_status == upstream


def test_r_err_1_the_message_names_the_provider() -> None:
    """Provider name, then the upstream's own words."""
    error = refused(500)
    assert error.message == "Acme: words"
    assert str(error) == error.message
    assert error.upstream_text == "words"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
        (520, "Web server returned an unknown error"),
        (529, "Overloaded"),
        (599, "HTTP 599"),
    ],
)
def test_r_err_1_an_empty_body_gives_the_status_phrase(status: int, words: str) -> None:
    """Nothing said: the name of the status."""
    error = refused(status, b"")
    assert error.message == f"Acme: {words}"
    assert error.upstream_text is None


def test_r_err_1_d30_a_message_is_bounded() -> None:
    """4 kB of an endless body are enough."""
    error = refused(500, b"x" * 100_000)
    assert len(error.message) == 4000
    assert len(error.upstream_text or "") == 4000


def test_a_401_says_whose_key_it_is() -> None:
    """28.2: it is the upstream's key that was refused, not the local token."""
    assert refused(401).message == "Acme rejected the API key of the upstream provider: words"


def test_a_404_says_which_path_was_asked() -> None:
    """28.2: a wrong base URL shows in the path."""
    assert refused(404, b"404 page not found", path="/v1/chat/completions").message == (
        "Acme: 404 page not found (upstream path /v1/chat/completions)"
    )
    assert refused(404).message == "Acme: words"


def test_d32_a_success_that_is_none_says_so() -> None:
    """202 and 204 are no answers."""
    assert refused(204, b"").message == "Acme answered with status 204 No Content instead of 200"


def test_a_redirect_names_the_base_url() -> None:
    """D44: not followed, and told so."""
    message = refused(302, b"").message
    assert "redirect (302 Found)" in message
    assert "base URL" in message


def test_braces_in_texts_are_text() -> None:
    """Neither the provider's name nor its words are a template."""
    error = from_response(500, {}, b"{oops} {text}", provider="A{provider}")
    assert error.message == "A{provider}: {oops} {text}"


def test_p_125_the_key_is_never_echoed() -> None:
    """The key of a known form and the key of the profile are masked, in the message and in the upstream's text."""
    body = {"error": {"message": "Incorrect API key provided: sk-abc123def456. Also: odd+key"}}
    error = refused(401, body, secrets=("odd+key",))
    for text in (error.message, error.upstream_text or "", str(error), repr(error.body("req_1"))):
        assert "abc123def456" not in text
        assert "odd+key" not in text


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "rate_limit_exceeded", (429, "rate_limit_error", None)),
        (500, "RESOURCE_EXHAUSTED", (429, "rate_limit_error", None)),
        (429, "insufficient_quota", (429, "rate_limit_error", False)),
        (429, "insufficient_balance", (429, "rate_limit_error", False)),
        (400, "insufficient_quota", (402, "billing_error", False)),
        (400, "Arrearage", (402, "billing_error", False)),
        (403, "insufficient_user_quota", (402, "billing_error", False)),
        (400, "invalid_api_key", (401, "authentication_error", False)),
        (500, "UNAUTHENTICATED", (401, "authentication_error", False)),
        (400, "InvalidApiKey", (401, "authentication_error", False)),
        (400, "model_not_found", (404, "not_found_error", None)),
        (500, "NOT_FOUND", (404, "not_found_error", None)),
        (500, "server_overloaded", (503, "overloaded_error", None)),
        (500, "engine_overloaded", (503, "overloaded_error", None)),
        (503, "UNAVAILABLE", (503, "overloaded_error", None)),
        (500, "content_policy_violation", (400, "invalid_request_error", None)),
        (400, "content_filter", (400, "invalid_request_error", None)),
        (401, "rate_limit_exceeded", (401, "authentication_error", False)),
        (500, "invalid_request_error", (500, "api_error", None)),
        (413, "rate_limit_exceeded", (429, "rate_limit_error", None)),
    ],
)
def test_r_err_6_codes_refine_a_status(status: int, code: str, expected: tuple[Any, ...]) -> None:
    """A code says more than a vague status and less than a clear one."""
    error = refused(status, {"error": {"message": "words", "code": code}})
    assert (error.status, error.type, error.should_retry) == expected
    assert "words" in error.message


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (429, "You exceeded your current quota, please check your plan and billing details.", (429, False)),
        (429, "Insufficient balance", (429, False)),
        (429, "账户余额不足", (429, False)),
        (403, "Sorry, your account balance is insufficient", (402, False)),
        (400, "This request requires more credits, or fewer max_tokens.", (402, False)),
        (400, "API key not valid. Please pass a valid API key.", (401, False)),
        (500, "Incorrect API key provided", (401, False)),
        (400, "The model `gpt-foo` does not exist", (404, None)),
        (
            413,
            "Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 9000",
            (429, False),
        ),
        (413, "tokens per minute limit reached", (429, None)),
        (429, "Slow down", (429, None)),
    ],
)
def test_p_94_words_refine_a_status(status: int, text: str, expected: tuple[int, bool | None]) -> None:
    """R-ERR-4: exhausted quota and refused keys are recognised by their words too, and never retried."""
    error = refused(status, {"error": {"message": text}})
    assert (error.status, error.should_retry) == expected


@pytest.mark.parametrize(
    ("status", "value", "should_retry"),
    [
        (500, "false", False),
        (400, "true", True),
        (400, " TRUE ", True),
        (429, "perhaps", None),
        (401, "true", False),
        (402, "true", False),
        (403, "true", False),
    ],
)
def test_r_err_4_x_should_retry_is_forwarded(status: int, value: str, should_retry: bool | None) -> None:
    """The upstream's own word counts, except where nothing but the user can help (R-ERR-10)."""
    assert refused(status, headers={"X-Should-Retry": value}).should_retry is should_retry


def test_d29_retry_after_reaches_the_client() -> None:
    """A 429 with Retry-After: 17 says 17."""
    assert refused(429, headers={"Retry-After": "17"}).retry_after_s == 17


def test_faults_say_who_must_act() -> None:
    """The request's fault, or the upstream's."""
    assert refused(400).fault is Fault.CLIENT
    assert refused(404).fault is Fault.CLIENT
    assert refused(401).fault is Fault.UPSTREAM
    assert refused(503).fault is Fault.UPSTREAM


def test_d16_p_88_an_overflow_is_told_in_anthropic_words() -> None:
    """400 context_length_exceeded becomes the sentence Claude Code compacts on."""
    body = {
        "error": {
            "message": "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
            "code": "context_length_exceeded",
        }
    }
    error = refused(400, body)
    assert (error.status, error.type, error.should_retry) == (400, "invalid_request_error", False)
    assert error.message == "prompt is too long: 130001 tokens > 128000 maximum"
    assert error.upstream_text is not None
    assert error.upstream_text.startswith("This model's maximum")
    assert error.upstream_status == 400


def test_r_ovf_2_the_estimate_fills_what_the_upstream_left_out() -> None:
    """A wording without numbers gets ours."""
    error = refused(
        500, {"error": "the request exceeds the available context size"}, estimate=lambda: 9000, context_window=8192
    )
    assert error.message == "prompt is too long: 9000 tokens > 8192 maximum"


def test_an_error_without_an_overflow_needs_no_estimate() -> None:
    """A long prompt takes a while to weigh, and a rate limit is told many times."""
    error = refused(429, estimate=lambda: pytest.fail("the prompt was weighed"))
    assert error.type == "rate_limit_error"


def test_r_err_12_413_of_bytes_stays_413() -> None:
    """The 413 of a web server is about bytes."""
    html = b"<html><head><title>413 Request Entity Too Large</title></head><body>nginx</body></html>"
    error = refused(413, html)
    assert (error.status, error.type) == (413, "request_too_large")
    assert error.message == "Acme: 413 Request Entity Too Large"


@pytest.mark.parametrize(
    "payload",
    [
        {"error": {"message": "m"}},
        {"error": "m"},
        {"error": {"message": "m"}, "choices": []},
        {"id": "x", "choices": [{"finish_reason": "error"}], "error": {"code": 502, "message": "m"}},
        [{"error": {"message": "m"}}],
        {"object": "error", "message": "m"},
        {"type": "error", "message": "m"},
        {"base_resp": {"status_code": 1008, "status_msg": "m"}, "choices": None},
        {"success": False, "message": "m"},
        {"success": False, "code": 500, "msg": "m"},
        {"code": 1261, "msg": "m"},
        {"code": "InvalidParameter", "message": "m"},
    ],
)
def test_p_93_d33_errors_in_a_200_are_seen(payload: Any) -> None:
    """R-RSP-10: every way of saying no with a 200."""
    assert is_error(payload)
    error = from_payload(payload, provider="Acme")
    assert error is not None
    assert error.status >= 400
    assert "m" in error.message


@pytest.mark.parametrize(
    "payload",
    [
        {"choices": [{"delta": {"content": "x"}}]},
        {"choices": [], "usage": {"prompt_tokens": 1}},
        {"error": None, "choices": []},
        {"error": {}, "choices": []},
        {"error": "", "choices": []},
        {"base_resp": {"status_code": 0, "status_msg": ""}, "choices": []},
        {"base_resp": {}},
        {"base_resp": None},
        {"success": False},
        {"success": True, "message": "fine"},
        {"code": 0, "msg": "ok"},
        {"code": 200, "msg": "ok"},
        {"code": "Success", "message": "ok"},
        {"code": [1], "message": "odd"},
        {"detail": "", "choices": []},
        {"detail": {"odd": 1}},
        {"code": 1, "message": "content", "choices": [{"index": 0}]},
        {"type": "ping"},
        [],
        [1],
        "error",
        None,
    ],
)
def test_r_sse_11_what_is_no_error_is_none(payload: Any) -> None:
    """Empty error fields and successes pass."""
    assert not is_error(payload)
    assert from_payload(payload, provider="Acme") is None


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ({"code": 429, "message": "m"}, 429, "rate_limit_error"),
        ({"code": "402", "message": "m"}, 402, "billing_error"),
        ({"code": 502, "message": "m"}, 502, "api_error"),
        ({"code": "rate_limit_exceeded", "message": "m"}, 429, "rate_limit_error"),
        ({"code": "insufficient_quota", "message": "m"}, 402, "billing_error"),
        ({"code": "invalid_api_key", "message": "m"}, 401, "authentication_error"),
        ({"code": "model_not_found", "message": "m"}, 404, "not_found_error"),
        ({"code": "server_overloaded", "message": "m"}, 503, "overloaded_error"),
        ({"status": "UNAVAILABLE", "message": "m"}, 503, "overloaded_error"),
        ({"type": "overloaded_error", "message": "m"}, 529, "overloaded_error"),
        ({"type": "permission_error", "message": "m"}, 403, "permission_error"),
        ({"type": "timeout_error", "message": "m"}, 504, "timeout_error"),
        ({"type": "request_too_large", "message": "m"}, 413, "request_too_large"),
        ({"type": "invalid_request_error", "message": "m"}, 400, "invalid_request_error"),
        ({"type": "server_error", "message": "m"}, 500, "api_error"),
        ({"message": "m"}, 502, "api_error"),
        ({"code": 17, "message": "m"}, 502, "api_error"),
        ("server overloaded", 503, "overloaded_error"),
        ({"a": 1}, 502, "api_error"),
    ],
)
def test_r_err_5_a_200_error_has_the_status_of_its_code(error: Any, status: int, kind: str) -> None:
    """A number, a known word, or else 502."""
    found = from_payload({"error": error}, provider="Acme")
    assert found is not None
    assert (found.status, found.type) == (status, kind)


def test_minimax_numbers_are_not_other_peoples_numbers() -> None:
    """1002 is a rate limit in base_resp and nothing known elsewhere."""
    limited = from_payload({"base_resp": {"status_code": 1002, "status_msg": "slow"}}, provider="Acme")
    other = from_payload({"error": {"code": 1002, "message": "m"}}, provider="Acme")
    assert limited is not None
    assert limited.type == "rate_limit_error"
    assert other is not None
    assert other.type == "api_error"


def test_an_error_without_words_says_that() -> None:
    """An error object with nothing in it is still an error."""
    found = from_payload({"error": {"a": 1}}, provider="Acme")
    assert found is not None
    assert found.message == "Acme: an error without an explanation"
    assert found.upstream_status is None


def test_r_ovf_1_an_overflow_in_a_stream_is_seen() -> None:
    """An SSE error with an overflow text gets the sentence, the estimate and the secrets' mask."""
    payload = {
        "error": {"code": 400, "message": "prompt too long; exceeded max context length by 10 tokens sk-abcdef123456"}
    }
    found = from_payload(payload, provider="Acme", estimate=lambda: 500, context_window=400)
    assert found is not None
    assert found.message == "prompt is too long: 500 tokens > 400 maximum"
    assert "abcdef123456" not in (found.upstream_text or "")


def test_message_of_is_offered_here() -> None:
    """The reader of messages is part of this module's face."""
    assert message_of({"error": {"message": "words"}}) == "words"
