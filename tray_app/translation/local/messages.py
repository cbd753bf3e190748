"""Messages that no model wrote: the answers the proxy gives by itself, whole or as the event sequence of a stream.

Their content comes from `probe.py` and `server_tools.py`; an upstream's whole Message to a stream request is replayed here
as well (R-RSP-11). Grammar: spec section 22.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.answer.sse import event
from tray_app.translation.tokens import estimate_request

# Block type -> its text field, the delta that carries it, and the field of that delta.
_STREAMED: Final = {
    "text": ("text", "text_delta", "text"),
    "thinking": ("thinking", "thinking_delta", "thinking"),
}
_CALLS: Final = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
_END_FIELDS: Final = ("stop_reason", "stop_sequence", "stop_details")


def local_message(
    request: Mapping[str, Any],
    new_id: Callable[[], str],
    content: Sequence[Mapping[str, Any]],
    *,
    stop_reason: str,
    output_tokens: int = 0,
) -> dict[str, Any]:
    """A Message that answers `request`; `new_id` returns a fresh base62 string."""
    return {
        "id": f"msg_{new_id()}",
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": list(content),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": estimate_request(request),
            "output_tokens": output_tokens,
            "cache_read_input_tokens": 0,
            "cache_creation_input_tokens": 0,
        },
    }


def message_events(message: Mapping[str, Any]) -> bytes:
    """A whole Message as the events an Anthropic stream would have sent for it."""
    return b"".join(event(str(data["type"]), codec.dumps_line(data)) for data in _events(message))


def _events(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    usage = message.get("usage") or {"input_tokens": 1, "output_tokens": 0}
    skeleton = {
        **message,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": 0},
    }
    skeleton.pop("stop_details", None)
    yield {"type": "message_start", "message": skeleton}
    for index, block in enumerate(message["content"]):
        yield from _block_events(index, block)
    end = {key: message[key] for key in _END_FIELDS if key in message}
    yield {"type": "message_delta", "delta": end, "usage": usage}
    yield {"type": "message_stop"}


def _block_events(index: int, block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    start, deltas = _opened(block)
    yield {"type": "content_block_start", "index": index, "content_block": start}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _opened(block: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The start object of a block (R-STM-5) and the deltas that fill it; all other blocks are complete at their start."""
    kind = block.get("type")
    if kind in _CALLS:
        arguments = codec.dumps_text(block.get("input") or {})
        return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": arguments}]
    if kind not in _STREAMED:
        return dict(block), []
    field, delta, key = _STREAMED[kind]
    deltas = [{"type": delta, key: block[field]}] if block.get(field) else []
    start = {**block, field: ""}
    if kind == "thinking":
        deltas.append({"type": "signature_delta", "signature": block.get("signature", "")})
        start["signature"] = ""
    return start, deltas
