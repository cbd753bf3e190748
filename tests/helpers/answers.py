"""Scripted upstream answers, and what a client makes of the events they become."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from anthropic._streaming import SSEDecoder
from anthropic.lib.streaming._messages import accumulate_event

from tray_app.translation.answer.answers import StreamedAnswer, WholeAnswer
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import AnswerContext, Target, ThinkingView
from tray_app.translation.errors import ERROR_TYPES
from tray_app.translation.thinking import ThinkingMemory

DONE: Final = "data: [DONE]\n\n"
USAGE: Final = {"prompt_tokens": 1000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 600}}
REQUEST_ID: Final = "req_test"
DELTAS_OF: Final = {
    "text": ("text_delta",),
    "thinking": ("thinking_delta", "signature_delta"),
    "tool_use": ("input_json_delta",),
}


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **fields: Any) -> str:
    """One chat.completion.chunk as an SSE event."""
    value = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "up-model",
        "choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}],
        **fields,
    }
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def say(text: str) -> str:
    """A chunk with text."""
    return chunk({"content": text})


def think(text: str) -> str:
    """A chunk with reasoning."""
    return chunk({"reasoning_content": text})


def call(arguments: Any = None, *, index: int | None = 0, id: str | None = None, name: str | None = None) -> str:  # noqa: A002
    """A chunk with a piece of a tool call."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    piece: dict[str, Any] = {"function": function}
    if index is not None:
        piece["index"] = index
    if id is not None:
        piece |= {"id": id, "type": "function"}
    return chunk({"tool_calls": [piece]})


def finish(reason: str = "stop") -> str:
    """The last chunk with a choice."""
    return chunk({}, reason)


def usage(value: dict[str, Any] = USAGE) -> str:
    """The chunk that carries only usage."""
    return chunk(choices=[], usage=value)


def context(
    *, thinking: ThinkingView = ThinkingView.SHOWN, caps: dict[str, Any] | None = None, **fields: Any
) -> AnswerContext:
    """An answer context for an upstream with the given capabilities."""
    target = Target(provider="p", model="up-model", capabilities=Capabilities(**(caps or {})))
    return AnswerContext(
        **{"client_model": "claude-x", "target": target, "thinking": thinking, "input_estimate": lambda: 7} | fields
    )


def ids() -> Iterator[str]:
    """Fresh ids, the same in every test."""
    return (f"{number:04d}" * 6 for number in itertools.count(1))


def streamed(ctx: AnswerContext | None = None, *, memory: ThinkingMemory | None = None) -> StreamedAnswer:
    """A streamed answer with predictable ids."""
    return StreamedAnswer(ctx or context(), new_id=ids().__next__, request_id=REQUEST_ID, memory=memory)


def whole(ctx: AnswerContext | None = None, *, memory: ThinkingMemory | None = None) -> WholeAnswer:
    """A whole answer with predictable ids."""
    return WholeAnswer(ctx or context(), new_id=ids().__next__, request_id=REQUEST_ID, memory=memory)


def stream(*parts: str, ctx: AnswerContext | None = None, memory: ThinkingMemory | None = None) -> bytes:
    """The client's bytes for a scripted upstream body that then ends."""
    return drive(streamed(ctx, memory=memory), [part.encode() for part in parts])


def drive(answer: StreamedAnswer, reads: Iterable[bytes]) -> bytes:
    """Feed the reads and end the body."""
    return b"".join([*(answer.feed(data) for data in reads), answer.close()])


def message(*parts: str, ctx: AnswerContext | None = None, memory: ThinkingMemory | None = None) -> dict[str, Any]:
    """The Message for the same upstream body."""
    answer = whole(ctx, memory=memory)
    answer.feed("".join(parts).encode())
    answer.close()
    return answer.message()


def events(data: bytes) -> list[dict[str, Any]]:
    """The events of a stream; each must have a name equal to its type and one data line."""
    found = []
    for block in data.decode().split("\n\n")[:-1]:
        name, body = block.split("\n")
        value = json.loads(body.removeprefix("data: "))
        assert name == f"event: {value['type']}", block
        found.append(value)
    return found


def merged(data: bytes) -> list[dict[str, Any]]:
    """The events with adjacent deltas of one kind joined: what does not depend on how the upstream's bytes were cut."""
    found: list[dict[str, Any]] = []
    for event in events(data):
        if event["type"] == "ping":
            continue
        if found and event["type"] == "content_block_delta" == found[-1]["type"]:
            last, new = found[-1]["delta"], event["delta"]
            if last["type"] == new["type"]:
                key = next(key for key in new if key != "type")
                last[key] += new[key]
                continue
        found.append(event)
    return found


def check_grammar(data: bytes) -> list[str]:
    """The types of the events, after checking them against the grammar of 22.1.

    Raises:
        AssertionError: an event is out of place or malformed.
    """
    kinds = [event for event in events(data) if event["type"] != "ping"]
    assert kinds, "no events"
    assert kinds[0]["type"] == "message_start"
    opened: int | None = None
    count = 0
    kind = ""
    for number, event in enumerate(kinds):
        match event["type"]:
            case "message_start":
                assert number == 0
                assert event["message"]["content"] == []
                assert event["message"]["stop_reason"] is None
                assert event["message"]["usage"]["input_tokens"] >= 0
            case "content_block_start":
                assert opened is None
                assert event["index"] == count
                opened, count = count, count + 1
                kind = event["content_block"]["type"]
                _check_start(event["content_block"])
            case "content_block_delta":
                assert event["index"] == opened
                assert event["delta"]["type"] in DELTAS_OF.get(kind, ())
            case "content_block_stop":
                assert event["index"] == opened
                opened = None
            case "message_delta":
                assert opened is None
                assert event["delta"]["stop_reason"]
                assert kinds[number + 1 :] == [{"type": "message_stop"}]
            case "message_stop":
                assert kinds[number - 1]["type"] == "message_delta"
            case "error":
                assert event["error"]["type"] in ERROR_TYPES
                assert number == len(kinds) - 1
            case other:
                raise AssertionError(other)
    assert kinds[-1]["type"] in ("message_stop", "error")
    return [event["type"] for event in kinds]


def _check_start(block: dict[str, Any]) -> None:
    match block["type"]:
        case "text":
            assert block == {"type": "text", "text": ""}
        case "thinking":
            assert block == {"type": "thinking", "thinking": "", "signature": ""}
        case "redacted_thinking":
            assert block["data"]
        case "tool_use":
            assert block["input"] == {}
            assert block["id"]
            assert block["name"]
        case other:
            raise AssertionError(other)


def sdk_message(data: bytes) -> dict[str, Any]:
    """The Message the official SDK accumulates from a stream (its own decoder, its own accumulator)."""
    snapshot: Any = None
    buffers: dict[int, bytes] = {}
    for event in SSEDecoder().iter_bytes(iter([data])):
        if event.event not in ("ping", "error"):
            snapshot = accumulate_event(event=event.json(), current_snapshot=snapshot, json_bufs=buffers)
    return dict(snapshot.to_dict())


def blocks(data: bytes) -> list[dict[str, Any]]:
    """The content of the Message the SDK accumulates."""
    return list(sdk_message(data)["content"])


def texts(data: bytes) -> str:
    """All text of the answer."""
    return "".join(block["text"] for block in blocks(data) if block["type"] == "text")


def tools(data: bytes) -> list[tuple[str, Any]]:
    """(name, input) of every call."""
    return [(block["name"], block["input"]) for block in blocks(data) if block["type"] == "tool_use"]


def ending(data: bytes) -> dict[str, Any]:
    """The message_delta event."""
    return next(event for event in events(data) if event["type"] == "message_delta")
