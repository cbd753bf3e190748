"""What the Demo provider answers: a pure function from a chat request to the chunks of its answer.

Deterministic and bounded: an equal request gets an equal answer. Its counterpart is `demo.py`, which serves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tray_app.translation import codec

MODEL: Final = "demo"
ECHO_CHARS: Final = 200
_TOKEN_CHARS: Final = 4
_TOOL_PHRASE: Final = "use the tool"
_REASONING: Final = "The demo does not think. It only shows where a model's thinking would appear."
_GREETING: Final = (
    "Hello from the built-in demo. It answers without a network and without a model, so the words are always these. "
    "Add a provider to talk to a real one."
)
_AFTER_TOOL: Final = "The tool has answered, and the demo has nothing to add."
_EXAMPLES: Final[dict[str, Any]] = {
    "string": "demo",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "array": [],
    "object": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One answer. `words` is its text in the pieces it is streamed in; `tool` a call's name and arguments as JSON."""

    model: str
    reasoning: str
    words: tuple[str, ...]
    tool: tuple[str, str] | None
    prompt_tokens: int
    cut: bool  # the client's limit was reached

    @property
    def _finish(self) -> str:
        if self.tool:
            return "tool_calls"
        return "length" if self.cut else "stop"

    @property
    def _usage(self) -> dict[str, Any]:
        reasoning = _tokens(self.reasoning)
        completion = reasoning + _tokens("".join(self.words)) + (_tokens(self.tool[1]) if self.tool else 0)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        }

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The chunks of the streamed answer, usage last."""
        yield self._chunk({"role": "assistant", "content": ""})
        for word in _pieces(self.reasoning):
            yield self._chunk({"reasoning_content": word})
        for word in self.words:
            yield self._chunk({"content": word})
        if self.tool:
            yield self._chunk({"tool_calls": [{"index": 0, **self._call("")}]})
            for piece in _pieces(self.tool[1]):
                yield self._chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        yield self._chunk({}, self._finish)
        yield {**self._chunk({}), "choices": [], "usage": self._usage}

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
        return {
            "id": "chatcmpl-demo",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": self.model,
            "choices": [choice],
        }

    def _call(self, arguments: str) -> dict[str, Any]:
        name = self.tool[0] if self.tool else ""
        return {"id": "call_demo", "type": "function", "function": {"name": name, "arguments": arguments}}

    def whole(self) -> dict[str, Any]:
        """The answer as one object."""
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self.words) or None}
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        if self.tool:
            message["tool_calls"] = [self._call(self.tool[1])]
        choice = {"index": 0, "message": message, "finish_reason": self._finish}
        head = {"id": "chatcmpl-demo", "object": "chat.completion", "created": 0, "model": self.model}
        return {**head, "choices": [choice], "usage": self._usage}


def script_for(body: Mapping[str, Any]) -> Script:
    """The answer to a chat request.

    Raises:
        LookupError, TypeError, AttributeError: it is not one.
    """
    messages = body["messages"]
    said = _last_text(messages)
    tool = _tool_call(body, said) if messages[-1]["role"] != "tool" else None
    text = _AFTER_TOOL if messages[-1]["role"] == "tool" else _answer(said)
    words = () if tool else _pieces(text)
    limit = body.get("max_completion_tokens") or body.get("max_tokens") or len(words)
    return Script(
        model=str(body.get("model") or MODEL),
        reasoning=_REASONING if _wants_reasoning(body) else "",
        words=words[:limit],
        tool=tool,
        prompt_tokens=_tokens(codec.dumps_text([messages, body.get("tools")])),
        cut=limit < len(words),
    )


def _wants_reasoning(body: Mapping[str, Any]) -> bool:
    return body.get("reasoning_effort") not in (None, "none", "minimal")


def _last_text(messages: list[Mapping[str, Any]]) -> str:
    content = messages[-1].get("content")
    if isinstance(content, list):
        content = " ".join(part.get("text", "") for part in content if part.get("type") == "text")
    return content if isinstance(content, str) else ""


def _answer(said: str) -> str:
    echo = " ".join(said.split())[:ECHO_CHARS]
    return f"{_GREETING} You said: {echo}" if echo else _GREETING


def _tool_call(body: Mapping[str, Any], said: str) -> tuple[str, str] | None:
    tools = body.get("tools") or ()
    if not tools or _TOOL_PHRASE not in said.lower():
        return None
    function = tools[0]["function"]
    return function["name"], codec.dumps_text(_example(function.get("parameters") or {}))


def _example(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An object with the required properties of a JSON schema, each an example of its type."""
    properties = schema.get("properties") or {}
    return {
        name: (properties.get(name) or {}).get("enum", [None])[0]
        or _EXAMPLES.get((properties.get(name) or {}).get("type", ""), "demo")
        for name in schema.get("required") or ()
    }


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\S+\s*", text))


def _tokens(text: str) -> int:
    return -(-len(text) // _TOKEN_CHARS)
