"""The invariants of the translation as a whole (spec section 37), shown on random requests, answers and bytes.

Those of the request alone (5, 6, 7) are in request/test_pipeline, the way there and back (9) in test_round_trip.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.answers import (
    DONE,
    blocks,
    call,
    check_grammar,
    chunk,
    context,
    drive,
    ending,
    events,
    finish,
    merged,
    message,
    say,
    sdk_message,
    stream,
    streamed,
    texts,
    think,
    tools,
    usage,
    whole,
)
from helpers.reading import RecordedStream, stream_names
from tray_app.translation import codec
from tray_app.translation.context import ThinkingView
from tray_app.translation.errors import ERROR_TYPES, ApiError

# ---- what upstreams may send

ID1, ID2 = "call_abcdefghijklmnopqrstu1", "call_abcdefghijklmnopqrstu2"
PIECES = [
    say("Hel"), say(" \n"), say("<think>"), say("</think>"), say("END"), say("```json\n"), say("a\u2028é😀"),
    say('<tool_call>{"name":"Bash","arguments":{}}</tool_call>'), think("hm"), think(" "),
    think('<tool_call>{"name":"Bash","arguments":{}}</tool_call>'), think("<tool_c"), 'error: {"code":500}\n\n',
    call("{}", index=None, name="Bash"), call("", index=None, name="Read"),
    chunk({"reasoning_details": [{"type": "reasoning.text", "text": "t", "signature": "s"}]}),
    chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]}), chunk({"refusal": "no"}),
    call("", id=ID1, name="Bash"), call('{"a":'), call("1}"), call("{}"), call(' {"b":"x'), call('\n"}'), call("oops"),
    call('{"c":2}', id=ID1), call('{"d":3}', id=ID2, name="Read"), call('{"e":4}', index=1, id=ID2, name="Read"),
    call('{"f":5}', index=None, name="Edit"), call("]", index=1), call({"g": 6}, index=2, name="Write"),
    chunk({"function_call": {"name": "Old", "arguments": "{}"}}), chunk({"tool_calls": [{"index": 0, "id": "x"}]}),
    finish(), finish("tool_calls"), finish("length"), finish("content_filter"), finish("network_error"), finish(""),
    usage(), usage({}), usage({"prompt_tokens": 10**30, "completion_tokens": "7"}), chunk({}, choices=[]),
    'data: {"error":{"message":"busy","code":503}}\n\n', "event: error\ndata: {}\n\n", ": comment\n\n", "\r\n", "\n",
    "data: {\n\n", "data: [1,\ndata: 2]\n\n", 'data: {"choices":[{"message":{"content":"Hello"}}]}\n\n', "event: ping\n",
    '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}', "<html><title>no</title>", "\x1f\x8b", "words",
]  # fmt: skip
SOUP = st.lists(st.one_of(st.sampled_from(PIECES).map(str.encode), st.binary(max_size=12)), max_size=14)
ENDED_SOUP = st.lists(st.one_of(st.sampled_from([*PIECES, DONE]).map(str.encode), st.binary(max_size=12)), max_size=14)
LEAKED = {"leaked_calls": ("hermes", "mistral"), "strip_special_tokens": True}
CONTEXTS = st.builds(
    lambda view, caps, fields: {"thinking": view, "caps": caps, **fields},
    st.sampled_from(ThinkingView),
    st.sampled_from(
        [
            {}, {"args_mode": "buffer"}, {"args_mode": "cumulative"}, {"ws_guard": 1, "merge_choices": True}, LEAKED,
            {"finish_required": False, "empty_as_error": True}, {"reasoning_as_answer": True, "think_tags": "preopened"},
            {"emit_thinking": "always", "cached_in_prompt": False, "context_window": 1000},
        ]
    ),
    st.sampled_from(
        [
            {}, {"stop_sequences": ("END", "lo"), "scan_stops": True}, {"unfence": True},
            {"tool_names": {"Bash": "Bash", "Rd": "Read"}, "tool_schemas": {"Bash": {}}, "seen_ids": frozenset({ID1})},
        ]
    ),
)  # fmt: skip


def cut(data: bytes, places: list[int]) -> Iterator[bytes]:
    """`data` in pieces, cut at the places that lie inside it; empty pieces may be among them."""
    begin = 0
    for place in sorted(place % (len(data) + 1) for place in places):
        yield data[begin:place]
        begin = place
    yield data[begin:]


# ---- 1: any bytes


@settings(max_examples=300, deadline=None)
@given(ENDED_SOUP, CONTEXTS, st.booleans())
def test_invariant_1_any_bytes_become_an_error_or_a_stream_of_the_grammar(
    soup: list[bytes], fields: dict[str, Any], early: bool
) -> None:
    """Fuzz, whether the 200 was sent before or not: nothing an SDK cannot parse, never a success out of a failure."""
    answer = streamed(context(**fields))
    data = (answer.start() if early else b"") + drive(answer, soup)
    assert answer.done
    assert not answer.awaiting_usage
    if answer.failure is not None:
        assert 400 <= answer.failure.status < 600
        assert answer.failure.type in ERROR_TYPES
    if data:
        ended = check_grammar(data)[-1]
        assert ended == ("message_stop" if answer.failure is None else "error")
    else:
        assert answer.failure is not None
    assert answer.started == bool(data)
    assert codec.dumps(answer.summary.upstream_id)


@settings(max_examples=300, deadline=None)
@given(ENDED_SOUP, CONTEXTS)
def test_invariant_1_any_bytes_become_an_error_or_a_message(soup: list[bytes], fields: dict[str, Any]) -> None:
    """The same for a client that does not stream; what it gets is JSON with a place for everything an SDK reads."""
    answer = whole(context(**fields))
    for data in soup:
        answer.feed(data)
    answer.close()
    if answer.failure is not None:
        with pytest.raises(ApiError):
            answer.message()
        return
    told = json.loads(codec.dumps(answer.message()))
    assert {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"} <= set(told)
    assert told["stop_reason"]
    for block in told["content"]:
        if block["type"] == "tool_use":
            assert isinstance(block["input"], dict)
            assert block["id"]
            assert block["name"]
    assert len({block["id"] for block in told["content"] if "id" in block}) == sum("id" in b for b in told["content"])


# ---- 2 and 4: what is said is what was said

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
ARGUMENTS = st.dictionaries(
    st.text(max_size=4), st.one_of(st.integers(), WORDS, st.none(), st.lists(WORDS)), max_size=3
)
NAMES = ("Bash", "Read", "mcp__x__y")


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, Any]], str]:
    """Chunks of an answer in which text and reasoning stand before calls that come interleaved in any order."""
    said = draw(st.lists(st.tuples(st.sampled_from(["text", "think"]), WORDS), max_size=5))
    inputs = draw(st.lists(ARGUMENTS, max_size=3))
    parts = [say(words) if kind == "text" else think(words) for kind, words in said]
    queues = [_fragments(draw, number, value) for number, value in enumerate(inputs)]
    if queues:
        parts.append(queues[0].pop(0))
    while any(queues):
        parts.append(draw(st.sampled_from([queue for queue in queues if queue])).pop(0))
    calls = [(NAMES[number], value) for number, value in enumerate(inputs)]
    text = "".join(words for kind, words in said if kind == "text")
    return [*parts, finish("tool_calls" if inputs else "stop"), usage(), DONE], calls, text


def _fragments(draw: st.DrawFn, number: int, value: Any) -> list[str]:
    text = codec.dumps_text(value)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    named = call("", index=number, id=f"call_abcdefghijklmnopqrst_{number}", name=NAMES[number])
    return [named, *(call(piece, index=number) for piece in pieces)]


PLAIN = {"think_tags": "off"}


@settings(max_examples=200, deadline=None)
@given(conversations(), st.sampled_from(ThinkingView), st.sampled_from(["stream", "buffer"]))
def test_invariant_2_the_sdk_and_the_whole_answer_agree(
    answer: tuple[list[str], list[tuple[str, Any]], str], view: ThinkingView, mode: str
) -> None:
    """What the official accumulator makes of our events is our Message for a client that does not stream."""
    chunks = answer[0]
    sdk = sdk_message(stream(*chunks, ctx=context(thinking=view, caps={**PLAIN, "args_mode": mode})))
    ours = message(*chunks, ctx=context(thinking=view, caps=PLAIN))
    keys = ("id", "model", "role", "content", "stop_reason", "stop_sequence")
    assert {key: sdk.get(key) for key in keys} == {key: ours.get(key) for key in keys}
    assert {key: sdk["usage"][key] for key in ours["usage"] if key in sdk["usage"]} == ours["usage"]


@settings(max_examples=200, deadline=None)
@given(conversations())
def test_invariant_4_every_channel_is_carried_whole(answer: tuple[list[str], list[tuple[str, Any]], str]) -> None:
    """The text deltas joined are the upstream's content, each call's deltas joined are its arguments, byte for byte."""
    chunks, calls, text = answer
    data = stream(*chunks, ctx=context(caps=PLAIN))
    check_grammar(data)
    assert sorted(tools(data), key=str) == sorted(calls, key=str)
    fragments: dict[int, str] = {}
    for event in events(data):
        if event.get("delta", {}).get("type") == "input_json_delta":
            fragments[event["index"]] = fragments.get(event["index"], "") + event["delta"]["partial_json"]
    assert sorted(fragments.values()) == sorted(codec.dumps_text(value) for _, value in calls)
    # White space between two kinds of blocks makes no block of its own (22.4); everything else is there.
    assert "".join(texts(data).split()) == "".join(text.split())


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_invariant_4_text_alone_is_carried_to_the_letter(words: list[str]) -> None:
    """Leading and inner white space included, whatever the pieces."""
    data = stream(say("x"), *map(say, words), finish(), DONE, ctx=context(caps=PLAIN))
    assert texts(data) == "x" + "".join(words)


# ---- 3: the cut of the reads


@settings(max_examples=300, deadline=None)
@given(SOUP, CONTEXTS, st.lists(st.integers(0, 10_000), max_size=6))
def test_invariant_3_p_55_the_cut_of_any_bytes_does_not_matter(
    soup: list[bytes], fields: dict[str, Any], places: list[int]
) -> None:
    """The same events and the same failure, into whatever reads the network cuts the body.

    Without `[DONE]` in the middle: usage right behind it counts only if it came with the same read (R-SSE-6).
    """
    data = b"".join(soup)
    one, other = streamed(context(**fields)), streamed(context(**fields))
    expected, found = drive(one, [data]), drive(other, cut(data, places))
    assert merged(found) == merged(expected)
    assert str(other.failure) == str(one.failure)


@pytest.mark.parametrize("name", stream_names())
def test_invariant_3_the_cut_of_a_providers_stream_does_not_matter(name: str) -> None:
    """Recorded shapes, through the whole answer: in one read, in single bytes, in sevens; the grammar holds."""
    recorded = RecordedStream(name)
    expected = drive(streamed(recorded.context()), [recorded.data])
    if expected:
        check_grammar(expected)
    for size in (1, 7):
        reads = [recorded.data[at : at + size] for at in range(0, len(recorded.data), size)]
        assert merged(drive(streamed(recorded.context()), reads)) == merged(expected)


# ---- 8: usage

COUNTS = st.one_of(st.none(), st.integers(0, 10**6), st.integers(0, 99).map(str), st.floats(0, 1e6))
REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "prompt_tokens": COUNTS,
        "completion_tokens": COUNTS,
        "total_tokens": COUNTS,
        "cached_tokens": COUNTS,
        "cache_creation_input_tokens": COUNTS,
        "prompt_tokens_details": st.fixed_dictionaries({"cached_tokens": COUNTS}),
        "completion_tokens_details": st.fixed_dictionaries({"reasoning_tokens": COUNTS}),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(REPORTS, max_size=3))
def test_invariant_8_the_input_fields_add_up_to_the_prompt(reports: list[dict[str, Any]]) -> None:
    """In message_delta, whatever was reported and how often: the sum is the last positive prompt, or the estimate."""
    told = ending(stream(say("x"), finish(), *map(usage, reports), DONE))["usage"]
    inputs = [told[key] for key in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")]
    prompts = [int(float(report["prompt_tokens"] or 0)) for report in reports if "prompt_tokens" in report]
    real = next((prompt for prompt in reversed(prompts) if prompt), 7)
    assert sum(inputs) == real
    assert min(*inputs, told["output_tokens"]) >= 0
    assert all(type(value) is int for value in (*inputs, told["output_tokens"]))


# ---- 10: memory

BIG = "x" * 16_000
ENDLESS = {
    "text": say(BIG),
    "reasoning": think(BIG),
    "reasoning in details": chunk({"reasoning_details": [{"type": "reasoning.text", "text": BIG}]}),
    "opaque state": chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": BIG}]}),
    "unknown parts": chunk({"content": [{"type": BIG[:9000], "x": 1}]}),
    "comments": f": {BIG}\n\n",
    "arguments": call(BIG),
    "many calls": call(f'{{"a":"{BIG}"}}', id=ID1, name="Bash"),
}
TOTAL_BYTES = 100 * 2**20


@pytest.mark.slow
@pytest.mark.parametrize("view", [ThinkingView.SHOWN, ThinkingView.HIDDEN])
@pytest.mark.parametrize("kind", ENDLESS)
def test_invariant_10_memory_stays_bounded_for_100_mb(kind: str, view: ThinkingView) -> None:
    """However much an upstream sends of anything, what is kept of it is bounded, or the answer ends in an error."""
    answer = streamed(context(thinking=view, caps=PLAIN))
    answer.feed(call('{"a":"', id=ID2, name="Bash").encode() if kind == "arguments" else say("x").encode())
    data = ENDLESS[kind].encode()
    numbered = kind == "many calls"
    tracemalloc.start()
    try:
        for number in range(TOTAL_BYTES // len(data)):
            answer.feed(data.replace(ID1.encode(), b"call_%021d" % number) if numbered else data)
        kept = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A call's arguments are kept up to their own bounds, because only at the end is known whether they must be repaired.
    assert kept < (120 if kind in ("arguments", "many calls") else 16) * 2**20
    answer.close()


@pytest.mark.slow
def test_invariant_10_a_whole_answer_is_bounded_by_an_error() -> None:
    """A Message that no request could carry back is refused while it grows."""
    answer = whole(context(caps=PLAIN))
    data = say(BIG).encode()
    fed = 0
    while not answer.done:
        answer.feed(data)
        fed += len(data)
    assert fed < TOTAL_BYTES
    with pytest.raises(ApiError, match="larger than"):
        answer.message()


def test_no_block_of_an_answer_is_lost_between_the_two_forms() -> None:
    """The helpers agree: blocks of the stream are the content of the Message."""
    chunks = (think("a"), say("b"), call("{}", id=ID1, name="Bash"), finish("tool_calls"), DONE)
    assert blocks(stream(*chunks)) == message(*chunks)["content"]
