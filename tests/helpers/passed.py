"""A stream of an Anthropic upstream that is passed through, and the way through it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers.answers import REQUEST_ID, context, ids
from tray_app.translation.local.messages import message_events
from tray_app.translation.passthrough.answer import PassthroughAnswer

MESSAGE: dict[str, Any] = {
    "id": "msg_up",
    "type": "message",
    "role": "assistant",
    "model": "claude-up",
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "theirs"},
        {"type": "text", "text": "h\u00e9llo \u4e16"},
        {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"a": 1}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 9, "output_tokens": 7, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0},
}
STREAM = (
    message_events(MESSAGE)
    .replace(b"event: content_block_stop", b': note\n\nevent: ping\ndata: {"type": "ping"}\n\nevent: content_block_stop', 1)
    .replace(b"event: message_delta", b'event: quantum\r\ndata: {"type":"quantum"}\r\n\r\nevent: message_delta')
)  # fmt: skip


def passed_answer(**caps: Any) -> PassthroughAnswer:
    """A passed stream."""
    return PassthroughAnswer(context(caps=caps), new_id=ids().__next__, request_id=REQUEST_ID)


def relay(passed: PassthroughAnswer, reads: Iterable[bytes]) -> bytes:
    """Everything the client gets for these reads and the end."""
    return b"".join([*(passed.feed(data) for data in reads), passed.close()])


def cut_before(name: bytes) -> bytes:
    """The stream up to the first event of this name."""
    return STREAM[: STREAM.index(b"event: " + name)]
