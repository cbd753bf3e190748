"""Where the state machine's result goes: as SSE events to a streaming client, or into one Message (one code path, section 19).

Both sinks take the same calls in the same order; neither decides anything. The grammar (22.1) is kept by `blocks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from tray_app.translation.answer.repair import UNPARSED
from tray_app.translation.answer.sse import event
from tray_app.translation.codec import JSONError, dumps_line, dumps_lines, loads

# Block type -> the delta that carries its text, and the key of that text.
_DELTAS: Final[dict[str, tuple[str, str]]] = {
    "text": ("text_delta", "text"),
    "thinking": ("thinking_delta", "thinking"),
    "tool_use": ("input_json_delta", "partial_json"),
}
_TAIL: Final = b"}}\n\n"  # of every delta event


class Sink(Protocol):
    """Receives one answer in the order of the protocol."""

    def start(self, message: Mapping[str, Any], usage: Callable[[], Mapping[str, Any]]) -> None:
        """The Message skeleton, once, first; `usage` gives the tokens as far as they are known now."""

    def start_block(self, index: int, block: Mapping[str, Any]) -> None:
        """A content block begins; `block` is its start object (R-STM-5)."""

    def add(self, text: str) -> None:
        """Text of the open block: of the answer, the thinking or the arguments, by the block's type. Never empty."""

    def add_all(self, texts: Iterable[str]) -> None:
        """`add` for several pieces, at least one."""

    def sign(self, signature: str) -> None:
        """The signature of the open thinking block."""

    def stop_block(self) -> None:
        """The open block ends."""

    def finish(self, delta: Mapping[str, Any], usage: Mapping[str, Any], **beside: Any) -> None:
        """The message ends; `delta` has stop_reason and stop_sequence, `beside` is what stands beside it (R-CTX-2)."""

    def fail(self, error: Mapping[str, Any]) -> None:
        """The message ends in an error object."""


class EventSink:
    """SSE bytes, collected until `take`."""

    def __init__(self) -> None:
        self._out: list[bytes] = []
        self._index = 0
        self._head = b""

    def take(self) -> bytes:
        """The bytes since the last call: one write per read of the upstream."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def start(self, message: Mapping[str, Any], usage: Callable[[], Mapping[str, Any]]) -> None:
        self._event("message_start", {"message": {**message, "usage": usage()}})

    def start_block(self, index: int, block: Mapping[str, Any]) -> None:
        self._index = index
        self._event("content_block_start", {"index": index, "content_block": block})
        if block["type"] in _DELTAS:
            kind, key = _DELTAS[block["type"]]
            # Everything of a delta but its text is the same for the whole block.
            self._head = (
                f"event: content_block_delta\ndata: "
                f'{{"type":"content_block_delta","index":{index},"delta":{{"type":"{kind}","{key}":'
            ).encode()

    def add(self, text: str) -> None:
        self._out += (self._head, dumps_line(text), _TAIL)

    def add_all(self, texts: Iterable[str]) -> None:
        lines = dumps_lines(texts).removesuffix(b"\n")
        self._out += (self._head, lines.replace(b"\n", _TAIL + self._head), _TAIL)

    def sign(self, signature: str) -> None:
        delta = {"type": "signature_delta", "signature": signature}
        self._event("content_block_delta", {"index": self._index, "delta": delta})

    def stop_block(self) -> None:
        self._event("content_block_stop", {"index": self._index})

    def finish(self, delta: Mapping[str, Any], usage: Mapping[str, Any], **beside: Any) -> None:
        self._event("message_delta", {"delta": delta, "usage": usage, **beside})
        self._event("message_stop", {})

    def fail(self, error: Mapping[str, Any]) -> None:
        self._out.append(event("error", dumps_line(error)))

    def _event(self, name: str, fields: Mapping[str, Any]) -> None:
        self._out.append(event(name, dumps_line({"type": name, **fields})))


class MessageSink:
    """One Message, for a client that did not ask for a stream."""

    def __init__(self) -> None:
        self.message: dict[str, Any] = {}
        self._blocks: list[dict[str, Any]] = []
        self._text: list[str] = []

    def start(self, message: Mapping[str, Any], usage: Callable[[], Mapping[str, Any]]) -> None:
        self.message = {**message, "content": self._blocks}  # its usage is told at the end

    def start_block(self, index: int, block: Mapping[str, Any]) -> None:
        self._blocks.append(dict(block))
        self._text = []

    def add(self, text: str) -> None:
        self._text.append(text)

    def add_all(self, texts: Iterable[str]) -> None:
        self._text.extend(texts)

    def sign(self, signature: str) -> None:
        self._blocks[-1]["signature"] = signature

    def stop_block(self) -> None:
        block = self._blocks[-1]
        text = "".join(self._text)
        if block["type"] == "tool_use":
            block["input"] = _object(text)
        elif text:
            block[_DELTAS[block["type"]][1]] = text

    def finish(self, delta: Mapping[str, Any], usage: Mapping[str, Any], **beside: Any) -> None:
        self.message = {**self.message, **delta, "usage": dict(usage), **beside}

    def fail(self, error: Mapping[str, Any]) -> None:
        """A failed answer has no Message; the partial content is discarded (28.4)."""
        self.message = {}


def _object(text: str) -> Any:
    try:
        return loads(text)
    except JSONError:  # cut by the token limit
        return {UNPARSED: text}
