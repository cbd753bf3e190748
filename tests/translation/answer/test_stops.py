"""Finish reasons and what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.answer.deltas import Finish
from tray_app.translation.answer.stops import StopClass, StopReason, classify, conclude, merge
from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.losses import Losses

TABLE = {
    StopClass.END: "stop eos eos_token end end_turn complete completed COMPLETE STOP",
    StopClass.TOOL: "tool_calls function_call tool_use tool_call",
    StopClass.LENGTH: "length max_tokens model_length MAX_TOKENS max_output_tokens token_limit",
    StopClass.CONTEXT: "model_context_window_exceeded",
    StopClass.REFUSAL: "content_filter sensitive safety SAFETY RECITATION PROHIBITED_CONTENT blocklist refusal",
    StopClass.PAUSE: "pause pause_turn",
    StopClass.OVERLOADED: "insufficient_system_resource engine_overloaded",
    StopClass.ERROR: "error network_error abort aborted cancelled failed MALFORMED_FUNCTION_CALL",
    StopClass.UNKNOWN: "banana other",
}
ROWS = [(word, stop) for stop, words in TABLE.items() for word in words.split()]


def said(reason: str, native: str = "", stop: str | None = None, **facts: Any) -> StopReason:
    return conclude(Finish(reason, native, stop), **{"tools": False, "refused": False, **facts})


@pytest.mark.parametrize(("reason", "stop"), ROWS)
def test_25_every_finish_reason_has_its_class(reason: str, stop: StopClass) -> None:
    """The table of section 25, in the spellings of the providers."""
    assert classify(reason) is stop
    assert classify(f" {reason.upper()}\n") is stop


@pytest.mark.parametrize(("reason", "stop"), ROWS)
@pytest.mark.parametrize("tools", [False, True])
def test_p_77_d8_the_stop_reason_follows_the_class(reason: str, stop: StopClass, *, tools: bool) -> None:
    """With and without tool blocks; error types are errors (D8)."""
    plain = "tool_use" if tools else "end_turn"
    expected = {
        StopClass.END: plain,
        StopClass.TOOL: plain,
        StopClass.LENGTH: "max_tokens",
        StopClass.CONTEXT: "model_context_window_exceeded",
        StopClass.REFUSAL: "refusal",
        StopClass.PAUSE: "pause_turn",
        StopClass.UNKNOWN: plain,
    }
    if stop in expected:
        assert said(reason, tools=tools).stop_reason == expected[stop]
    else:
        with pytest.raises(ApiError):
            said(reason, tools=tools)


def test_25_errors_name_the_reason_and_the_provider() -> None:
    """Overload may pass, other failures are the upstream's."""
    with pytest.raises(ApiError) as overloaded:
        said("engine_overloaded", provider="Kimi")
    assert (overloaded.value.type, overloaded.value.status) == ("overloaded_error", 503)
    with pytest.raises(ApiError) as failed:
        said("stop", "MALFORMED_FUNCTION_CALL", tools=True)
    assert (failed.value.type, failed.value.status, failed.value.fault) == ("api_error", 502, Fault.UPSTREAM)
    assert "MALFORMED_FUNCTION_CALL" in failed.value.message
    assert "Kimi" in overloaded.value.message
    assert "engine_overloaded" in overloaded.value.message


@pytest.mark.parametrize(
    ("reason", "native", "stop"),
    [
        ("stop", "max_tokens", StopClass.LENGTH),
        ("stop", "STOP", StopClass.END),
        ("stop", "SAFETY", StopClass.REFUSAL),
        ("stop", "tool_use", StopClass.END),
        ("stop", "banana", StopClass.END),
        ("banana", "tool_use", StopClass.TOOL),
        ("banana", "end_turn", StopClass.END),
        ("banana", "apple", StopClass.UNKNOWN),
        ("tool_calls", "max_tokens", StopClass.TOOL),
        ("length", "stop", StopClass.LENGTH),
        ("", "", StopClass.UNKNOWN),
    ],
)
def test_25_2_the_native_reason_refines(reason: str, native: str, stop: StopClass) -> None:
    """It may tell more than `stop` or an unknown word, and never less."""
    assert classify(reason, native) is stop


def test_25_3_stop_sequences() -> None:
    """Only one of the client's own, and no tool blocks: agent loops key on tool_use."""
    stops = ("END", "###")
    assert said("stop", stop="###", stop_sequences=stops) == StopReason("stop_sequence", "###")
    assert said("stop", stop="<eos>", stop_sequences=stops) == StopReason("end_turn")
    assert said("stop", stop_sequences=stops) == StopReason("end_turn")
    assert said("stop", stop="END", stop_sequences=stops, tools=True) == StopReason("tool_use")
    assert said("length", stop="END", stop_sequences=stops) == StopReason("max_tokens")


def test_25_4_a_filter_after_tools_is_a_refusal() -> None:
    """With its details."""
    details = {"type": "refusal", "category": None, "explanation": None}
    assert said("content_filter", tools=True) == StopReason("refusal", None, details)


def test_r_rsp_5_text_called_a_refusal_is_one() -> None:
    """Whatever the finish reason says, unless it is an error."""
    assert said("stop", refused=True).stop_reason == "refusal"
    with pytest.raises(ApiError):
        said("error", refused=True)


def test_p_78_tool_use_if_and_only_if_there_is_a_tool() -> None:
    """Ollama finishes a call with stop; others say tool_calls without one."""
    assert said("stop", tools=True).stop_reason == "tool_use"
    assert said("tool_calls").stop_reason == "end_turn"
    assert said("length", tools=True).stop_reason == "max_tokens"


def test_25_unknown_reasons_go_into_the_ledger() -> None:
    """Empty ones are inferred by the caller and are no loss."""
    losses = Losses()
    assert said("", losses=losses).stop_reason == "end_turn"
    assert not len(losses)
    said("banana" * 100, losses=losses)
    said("stop", losses=losses)
    assert [len(note) < 100 for note in losses] == [True]


def test_r_stm_13_the_first_finish_wins() -> None:
    """Kimi through OpenRouter sends several."""
    first = Finish("stop")
    assert merge(None, first) is first
    assert merge(Finish("length"), first) == Finish("length")
    assert merge(Finish("tool_calls"), first) == Finish("tool_calls")
    assert merge(first, Finish("length")) is first


def test_r_stm_13_tool_calls_upgrade_stop_and_errors_override() -> None:
    """In whatever words."""
    assert merge(Finish("end_turn"), Finish("tool_use")) == Finish("tool_use")
    assert merge(Finish("length"), Finish("tool_calls")) == Finish("length")
    for error in ("error", "insufficient_system_resource"):
        assert merge(Finish("tool_calls"), Finish(error)) == Finish(error)
        assert merge(Finish(error), Finish("stop")) == Finish(error)


def test_r_stm_13_a_repeated_finish_may_tell_the_stop_sequence() -> None:
    """The same reason again, with more to say."""
    assert merge(Finish("stop"), Finish("eos", stop_sequence="END")) == Finish("stop", stop_sequence="END")
    assert merge(Finish("stop", stop_sequence="A"), Finish("stop", stop_sequence="B")) == Finish(
        "stop", stop_sequence="A"
    )
