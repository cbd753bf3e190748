"""The script of the benchmark: what is asked and what the upstream answers, as bytes made once. Pure.

A model's name says how the upstream behaves: ``burst-2000`` streams 2000 pieces of text as fast as they go, 64 to a write;
``trickle-100-20`` one piece every 20 ms, the first at once; ``plain-500`` answers 500 characters without a stream.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

WORDS: Final = (
    "The", " quick", ",", " brown", " fox", " jumps", ".\n", " over", ' the "lazy" dog', " —", " func(x):\n\t", "return",
    " naïve", " 日本", " token", "izer", " =", " 42", "`", "!", " done", "\\n", " /", " </p>",
)  # fmt: skip
PIECES_PER_WRITE: Final = 64
DONE: Final = b"data: [DONE]\n\n"
END_OF_CHUNKS: Final = b"0\r\n\r\n"
STREAM_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
SMALL_PROMPT: Final = 4_000
BIG_PROMPT: Final = 1_000_000

_MODEL = re.compile(rb'"model": ?"[^"]*?(burst|trickle|plain)-(\d+)(?:-(\d+))?"')


@dataclass(frozen=True)
class Plan:
    """How to answer: `kind` of a model's name, its number of pieces (or characters), and the pause between two of them."""

    kind: str
    count: int
    pause_ms: int = 0

    @property
    def pieces(self) -> int:
        """Events that the upstream sends, each with a piece of text."""
        return 1 if self.kind == "plain" else self.count


def plan_of(body: bytes | bytearray) -> Plan:
    """The plan that a request's model asks for; raises ValueError for any other model."""
    found = _MODEL.search(body)
    if found is None:
        raise ValueError(f"no such model: {bytes(body[:200])!r}")
    return Plan(found[1].decode(), int(found[2]), int(found[3] or 0))


def text(plan: Plan) -> str:
    """The whole text of an answer."""
    if plan.kind == "plain":
        return (" ".join(WORDS) * (plan.count // 40 + 1))[: plan.count]
    return "".join(WORDS[number % len(WORDS)] for number in range(plan.count))


# --- the upstream's side


def frame(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def _event(choice: dict[str, object], **fields: object) -> bytes:
    whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **fields}
    return b"data: " + json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"


@cache
def piece(number: int) -> bytes:
    """The event that carries a piece of text."""
    return _event({"index": 0, "delta": {"content": WORDS[number % len(WORDS)]}, "finish_reason": None})


def ending(plan: Plan) -> bytes:
    """The last events of a stream."""
    usage = {"prompt_tokens": 10, "completion_tokens": plan.pieces, "total_tokens": 10 + plan.pieces}
    return _event({"index": 0, "delta": {}, "finish_reason": "stop"}, usage=usage) + DONE


@cache
def burst(plan: Plan) -> tuple[bytes, ...]:
    """The writes of a whole stream that knows no pause; a plain answer is one piece."""
    if plan.kind == "plain":
        pieces = [_event({"index": 0, "delta": {"content": text(plan)}, "finish_reason": None})]
    else:
        pieces = [piece(number) for number in range(plan.count)]
    starts = range(0, len(pieces), PIECES_PER_WRITE)
    writes = [frame(b"".join(pieces[start : start + PIECES_PER_WRITE])) for start in starts]
    return (STREAM_HEAD, *writes, frame(ending(plan)) + END_OF_CHUNKS)


@cache
def whole(plan: Plan) -> bytes:
    """The answer to a request without a stream."""
    message = {"role": "assistant", "content": text(plan)}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    body = json.dumps(
        {"id": "c", "object": "chat.completion", "model": "m", "choices": choices, "usage": usage}
    ).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


# --- the client's side


def request(port: int, token: str, model: str, *, stream: bool, prompt: int = SMALL_PROMPT) -> bytes:
    """A Messages request with a history of about `prompt` bytes, as it goes over the wire."""
    turn = ("Tell me about the quick brown fox and its dog.\n" * 100)[:4_000]
    messages = [{"role": "user", "content": turn}]
    while len(messages) * len(turn) < prompt:
        messages += [{"role": "assistant", "content": turn}, {"role": "user", "content": turn}]
    asked = {"model": model, "max_tokens": 1_000, "stream": stream, "messages": messages}
    body = json.dumps(asked, separators=(",", ":")).encode()
    head = (
        f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"anthropic-version: 2023-06-01\r\nx-api-key: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def text_of(answer: bytes, *, translated: bool) -> str:
    """The text in a whole answer, Anthropic's or (through the byte relay) OpenAI's; raises ValueError for a broken one."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        body = _joined(body)
    if b"event-stream" not in head:
        parsed = json.loads(body)
        return str(parsed["content"][0]["text"] if translated else parsed["choices"][0]["message"]["content"])
    data = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: ")]
    if (data[-1] == b"[DONE]") is translated:
        raise ValueError(f"the stream does not end as it should: {data[-1][:200]!r}")
    return "".join(_piece_of(json.loads(line), translated=translated) for line in data if line != b"[DONE]")


def _piece_of(event: dict[str, object], *, translated: bool) -> str:
    found: object = event
    path = ("delta", "text") if translated else ("choices", 0, "delta", "content")
    for key in path:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list):
            found = found[0]
    return found if isinstance(found, str) else ""


def _joined(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)
