"""Context overflow in everybody's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation import codec
from tray_app.translation.capabilities import resolve
from tray_app.translation.upstream_errors.mapping import from_response
from tray_app.translation.upstream_errors.overflow import Overflow, detect, looks_truncated, silent_cut
from tray_app.translation.upstream_errors.payloads import message_of

ESTIMATE, WINDOW, ASKED = 9000, 8192, 4096
A, B = (
    "prompt is too long: {} tokens > {} maximum",
    (
        "input length and `max_tokens` exceed context limit: {} + {} > {}, decrease input length or `max_tokens` and try again"
    ),
)

# source, status, text, what the client is told


class _Wording(msgspec.Struct):
    source: str
    status: int
    text: str
    told: str


WORDINGS = msgspec.toml.decode(
    Path(__file__).with_name("overflow_wordings.toml").read_bytes(), type=dict[str, list[_Wording]]
)["wording"]


@pytest.mark.parametrize("wording", WORDINGS, ids=[wording.source for wording in WORDINGS])
def test_p_87_every_wording_becomes_anthropics(wording: _Wording) -> None:
    """Section 29: each provider's text gives exactly the sentence Claude Code matches, with the upstream's numbers."""
    found = detect(wording.status, wording.text, {"error": {"message": wording.text}})
    assert found is not None
    assert found.client_message(ESTIMATE, WINDOW, ASKED) == wording.told


@pytest.mark.parametrize("wording", WORDINGS, ids=[wording.source for wording in WORDINGS])
def test_r_ovf_4_the_error_is_pure_and_keeps_the_upstreams_words(wording: _Wording) -> None:
    """400 with nothing but the sentence; what the upstream wrote is kept for the log and the header."""
    body = codec.dumps({"error": {"message": wording.text}})
    error = from_response(
        wording.status or 400,
        {},
        body,
        provider="P",
        estimate=lambda: ESTIMATE,
        context_window=WINDOW,
        asked_max_tokens=ASKED,
    )
    assert (error.status, error.type, error.message) == (400, "invalid_request_error", wording.told)
    assert error.upstream_text == wording.text


@pytest.mark.parametrize(
    "payload",
    [
        {"error": {"message": "no", "code": "context_length_exceeded"}},
        {"error": {"message": "no", "code": "model_max_prompt_tokens_exceeded"}},
        {"error": {"message": "no", "code": "1261"}},
        {"code": 1261, "msg": "no"},
        {"object": "error", "message": "no", "code": 3051},
        {"base_resp": {"status_code": 1039, "status_msg": "no"}},
    ],
)
def test_r_ovf_1_codes_say_it_without_words(payload: dict[str, Any]) -> None:
    """A code that means overflow counts whatever the text is."""
    found = detect(400, message_of(payload), payload)
    assert found == Overflow("a")


def test_r_ovf_2_llama_cpp_numbers_come_from_the_object() -> None:
    """`n_prompt_tokens` and `n_ctx` beside the message."""
    error = {
        "code": 400,
        "message": "no numbers",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 5000,
        "n_ctx": 4096,
    }
    assert detect(400, "no numbers", {"error": error}) == Overflow("a", 5000, 4096)
    assert detect(400, "no", {"error": {**error, "n_ctx": "4096"}}) == Overflow("a", 5000)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "Rate limit reached: too many tokens per minute"),
        (413, "Request too large for model `x` on tokens per minute (TPM), reduce the length of the messages or completion"),
        (400, "Too many requests, maximum context length is 8192"),
        (400, "Throttling: token limit exceeded"),
        (400, "too many tokens per-minute"),
        (429, "prompt is too long: 2 tokens > 1 maximum"),
        (401, "context length exceeded"),
        (503, "context length exceeded"),
        (400, "temperature must be at most 2"),
        (400, "max_tokens: 128000 > 8192, which is the maximum allowed number of output tokens"),
        (400, "Invalid 'messages[0].content': string too long"),
        (413, "413 Request Entity Too Large"),
    ],
)  # fmt: skip
def test_r_ovf_1_what_is_no_overflow(status: int, text: str) -> None:
    """Rates, other statuses, output limits and byte limits are something else."""
    assert detect(status, text, {"error": {"message": text}}) is None


def test_r_ovf_1_a_rate_limit_code_excludes_too() -> None:
    """The text may sound like an overflow, the code tells it is a rate."""
    payload = {"error": {"message": "too many tokens", "code": "rate_limit_exceeded"}}
    assert detect(400, "too many tokens", payload) is None


@pytest.mark.parametrize(("status", "is_overflow"), [(400, True), (413, True), (500, False)])
def test_r_ovf_1_cerebras_says_it_with_an_empty_body(status: int, is_overflow: bool) -> None:
    """400 and 413 without a body, from a host whose record says so, whatever the user calls it."""
    empty = resolve("api.cerebras.ai", "zai-glm-4.6").empty_overflow
    error = from_response(
        status, {}, b" \n", provider="Mine", estimate=lambda: ESTIMATE, context_window=WINDOW, empty_overflow=empty
    )
    assert (error.message == A.format(ESTIMATE, WINDOW)) is is_overflow
    assert from_response(status, {}, b"", provider="Cerebras", estimate=lambda: ESTIMATE).message.startswith(
        "Cerebras: "
    )


def test_r_ovf_2_numbers_beside_a_bare_error_object() -> None:
    """An `error` event may hold the object alone."""
    error = {"message": "the request exceeds the available context size", "n_prompt_tokens": 9000, "n_ctx": 8192}
    assert detect(400, error["message"], error) == Overflow("a", 9000, 8192)  # type: ignore[arg-type]


def test_r_ovf_3_b_needs_numbers_that_show_it() -> None:
    """(b) only when the prompt is known to fit; without any completion size it is (a)."""
    b = Overflow("b", 5000, 8192)
    assert b.client_message(asked_max_tokens=4096) == B.format(5000, 4096, 8192)
    assert b.client_message(estimate=9000) == A.format(9000, 8192)
    assert Overflow("b", 5000, 8192, 100).api_error().should_retry is None
    assert Overflow("a", 9000, 8192).api_error().should_retry is False
    assert b.api_error(estimate=9000).should_retry is False


@pytest.mark.parametrize(
    ("overflow", "estimate", "window", "told"),
    [
        (Overflow("a", 10, 5), 0, 0, (10, 5)),
        (Overflow("a", 0, 5), 0, 0, (6, 5)),
        (Overflow("a", 0, 5), 50, 0, (50, 5)),
        (Overflow("a", 10, 0), 0, 0, (10, 9)),
        (Overflow("a", 10, 0), 50, 20, (50, 20)),
        (Overflow("a", 0, 0), 50, 20, (50, 20)),
        (Overflow("a", 0, 0), 15, 20, (21, 20)),
        (Overflow("a", 0, 0), 15, 0, (15, 14)),
        (Overflow("a", 5, 5), 0, 0, (6, 5)),
    ],
)
def test_r_ovf_2_missing_numbers_are_filled(
    overflow: Overflow, estimate: int, window: int, told: tuple[int, int]
) -> None:
    """N: max(estimate, M+1); M: the window, else N-1."""
    assert overflow.client_message(estimate, window) == A.format(*told)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_r_ovf_2_the_prompt_is_always_the_larger(prompt: int, limit: int, estimate: int, window: int) -> None:
    """Claude Code compacts by N - M: it must be positive whatever the upstream said."""
    words = Overflow("a", prompt, limit).client_message(estimate, window).split()
    assert int(words[4]) > int(words[7])


def test_r_ovf_2_ollama_tells_the_excess() -> None:
    """The excess and a known limit give the prompt."""
    text = "prompt too long; exceeded max context length by 812 tokens"
    found = detect(400, text, {"error": {"message": text, "n_ctx": 4096}})
    assert found == Overflow("a", 4908, 4096)


@pytest.mark.parametrize("number", ["9" * 5000, "1_", "1,_,"])
def test_p_92_an_absurd_number_is_no_failure(number: str) -> None:
    """Whatever stands where a number belongs, the client gets its sentence."""
    found = detect(400, f"prompt is too long: {number} tokens > 5 maximum", None)
    assert found is not None
    assert found.client_message().startswith("prompt is too long: ")


def test_r_ovf_5_a_length_finish_without_output_is_an_overflow() -> None:
    """Xiaomi MiMo: the window is full and nothing was written."""
    assert silent_cut(8192, 0, 8192) == Overflow("a", 8193, 8192)
    assert silent_cut(8111, 0, 8192) == Overflow("a", 8193, 8192)
    assert silent_cut(8000, 0, 8192) is None
    assert silent_cut(8192, 5, 8192) is None
    assert silent_cut(8192, 0, 0) is None


@pytest.mark.parametrize(
    ("real", "estimate", "cut"), [(2048, 9000, True), (6000, 9000, False), (100, 4000, False), (0, 9000, False)]
)
def test_r_ovf_6_silent_truncation_is_suspected(real: int, estimate: int, cut: bool) -> None:
    """Far fewer tokens than were sent: the upstream cuts long prompts."""
    assert looks_truncated(real, estimate) is cut
