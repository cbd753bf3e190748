"""Reading along in a stream that is passed through."""

from __future__ import annotations

from helpers.passed import STREAM, passed_answer, relay
from tray_app.translation.usage import UsageSource


def test_r_pas_4_the_tap_reads_along() -> None:
    """Usage, stop reason, ids and what was written, without touching a byte."""
    passed = passed_answer()
    relay(passed, [STREAM])
    summary = passed.summary
    assert (summary.stop_reason, summary.stop_sequence) == ("tool_use", None)
    assert (summary.upstream_id, summary.upstream_model) == ("msg_up", "claude-up")
    assert (summary.usage.input_tokens, summary.usage.output_tokens, summary.usage.cache_read_input_tokens) == (9, 7, 3)
    assert summary.usage.source is UsageSource.REPORTED
    assert summary.output_bytes == passed.output_bytes == len("hmh\u00e9llo \u4e16".encode()) + len(b'{"a":1}')


def test_events_the_tap_cannot_read_are_relayed() -> None:
    """Wrong types, no JSON, no usage: no number, no failure."""
    odd = (
        b'event: message_start\ndata: {"type":"message_start","message":{"usage":null}}\n\n'
        b'event: message_delta\ndata: {"type":"message_delta","delta":5}\n\n'
        b"data: no json\n\n"
        b'event: message_delta\ndata: {"type":"message_delta",'
        b'"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":"7"}}\n\n'
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    )
    passed = passed_answer()
    assert relay(passed, [odd]) == odd
    assert passed.summary.stop_reason == "end_turn"
    assert passed.summary.usage.source is UsageSource.ESTIMATED
    assert passed.summary.usage.input_tokens == 7


def test_r_use_1_null_ids_do_not_hide_the_usage() -> None:
    """Some endpoints have no id to tell."""
    passed = passed_answer()
    relay(passed, [STREAM.replace(b'"id":"msg_up"', b'"id":null').replace(b'"model":"claude-up"', b'"model":null')])
    assert (passed.summary.upstream_id, passed.summary.upstream_model) == ("", "")
    assert passed.summary.usage.cache_read_input_tokens == 3


def test_r_use_6_a_later_zero_does_not_win() -> None:
    """message_delta may repeat the input as 0."""
    late = STREAM.replace(
        b'"usage":{"input_tokens":9,"output_tokens":7', b'"usage":{"input_tokens":0,"output_tokens":7'
    )
    passed = passed_answer()
    relay(passed, [late])
    assert passed.summary.usage.input_tokens == 9
