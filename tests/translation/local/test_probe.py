"""The quota probe and the pre-warm."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.answers import check_grammar, ending, texts
from helpers.builders import BASH, assistant, image, request_body, text, user
from tray_app.translation.local.probe import is_prewarm, is_probe, message_events, prewarm_message, probe_message

PROBE = request_body(user("quota"), max_tokens=1, metadata={"user_id": "u"})


@pytest.mark.parametrize(
    "body",
    [
        PROBE,
        {**PROBE, "stream": True},
        {**PROBE, "tools": [], "system": ""},
        request_body(user(text("quota")), max_tokens=1),
        request_body(user("x" * 32), max_tokens=1),
    ],
)
def test_d21_the_probe_is_recognised(body: dict[str, Any]) -> None:
    """One short user message, max_tokens 1, nothing else that matters."""
    assert is_probe(body)


@pytest.mark.parametrize(
    "body",
    [
        {**PROBE, "max_tokens": 2},
        {**PROBE, "max_tokens": True},
        {**PROBE, "max_tokens": 0},
        {**PROBE, "tools": [BASH]},
        {**PROBE, "system": "You are a test."},
        {**PROBE, "thinking": {"type": "adaptive"}},
        {**PROBE, "stop_sequences": ["x"]},
        {**PROBE, "messages": []},
        {**PROBE, "messages": "quota"},
        request_body(user("x" * 5000), max_tokens=1),
        request_body(user("x" * 33), max_tokens=1),
        request_body(user(""), max_tokens=1),
        request_body(user(text("quota"), text("more")), max_tokens=1),
        request_body(user(image()), max_tokens=1),
        request_body(user("quota"), assistant("ok"), max_tokens=1),
        request_body(assistant("quota"), max_tokens=1),
    ],
)
def test_d21_a_real_request_is_no_probe(body: dict[str, Any]) -> None:
    """Anything more goes to the provider, so that a bad key or model shows."""
    assert not is_probe(body)


def test_d17_the_probe_is_answered_in_both_forms() -> None:
    """One token, stop_reason max_tokens, as a Message and as a stream."""
    message = probe_message(PROBE, lambda: "x")
    assert message["stop_reason"] == "max_tokens"
    assert message["usage"]["output_tokens"] == 1
    assert message["usage"]["input_tokens"] > 0
    stream = message_events(message)
    check_grammar(stream)
    assert texts(stream) == message["content"][0]["text"]
    assert ending(stream)["delta"]["stop_reason"] == "max_tokens"


def test_r_lim_3_max_tokens_zero_warms_the_cache() -> None:
    """An empty answer with stop_reason max_tokens and no output."""
    body = request_body(user("x"), max_tokens=0)
    assert is_prewarm(body)
    assert not is_prewarm({**body, "max_tokens": False})
    assert not is_prewarm({**body, "max_tokens": 1})
    assert not is_prewarm({"messages": []})
    message = prewarm_message(body, lambda: "x")
    assert (message["content"], message["stop_reason"], message["usage"]["output_tokens"]) == ([], "max_tokens", 0)
    check_grammar(message_events(message))
