"""Anthropic messages, blocks and targets for tests, in as few words as they need."""

from __future__ import annotations

from typing import Any

from tray_app.translation import codec
from tray_app.translation.capabilities import Capabilities
from tray_app.translation.context import Target
from tray_app.translation.losses import Losses
from tray_app.translation.request.admission import parse_request
from tray_app.translation.request.conversation import Exchange, read_history
from tray_app.translation.request.conversion import Conversion
from tray_app.translation.request.pipeline import Translated, translate
from tray_app.translation.thinking import ThinkingMemory

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKJSVFT0YK"
EPHEMERAL = {"type": "ephemeral"}
BASH = {
    "name": "Bash",
    "description": "Run a command",
    "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
}
READ = {
    "name": "Read",
    "description": "Read a file",
    "input_schema": {"type": "object", "properties": {"file_path": {"type": "string"}}, "required": ["file_path"]},
}


def user(*content: Any) -> dict[str, Any]:
    """A user message: of one string, or of blocks (strings among them become text blocks)."""
    return {"role": "user", "content": _content(content)}


def assistant(*content: Any) -> dict[str, Any]:
    """An assistant message, as `user`."""
    return {"role": "assistant", "content": _content(content)}


def system(*content: Any, **fields: Any) -> dict[str, Any]:
    """A message of role system, as `user`; without content it is a directive."""
    return {"role": "system", "content": _content(content), **fields}


def _content(content: tuple[Any, ...]) -> Any:
    if len(content) == 1 and isinstance(content[0], str):
        return content[0]
    return [text(block) if isinstance(block, str) else block for block in content]


def text(words: str, **fields: Any) -> dict[str, Any]:
    """A text block."""
    return {"type": "text", "text": words, **fields}


def thinking(words: str, signature: str = "foreign") -> dict[str, Any]:
    """A thinking block."""
    return {"type": "thinking", "thinking": words, "signature": signature}


def tool_use(tool_use_id: str, name: str = "Bash", **arguments: Any) -> dict[str, Any]:
    """A tool_use block."""
    return {"type": "tool_use", "id": tool_use_id, "name": name, "input": arguments}


def tool_result(tool_use_id: str, content: Any = "out", **fields: Any) -> dict[str, Any]:
    """A tool_result block."""
    return {"type": "tool_result", "tool_use_id": tool_use_id, "content": content, **fields}


def image(data: str = PNG, media_type: str | None = "image/png", **fields: Any) -> dict[str, Any]:
    """An image block with base64 data."""
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}, **fields}


def image_url(url: str = "https://example.org/a.png") -> dict[str, Any]:
    """An image block with a URL."""
    return {"type": "image", "source": {"type": "url", "url": url}}


def document(source: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A document block, by default a PDF."""
    pdf = {"type": "base64", "media_type": "application/pdf", "data": PDF}
    return {"type": "document", "source": source or pdf, **fields}


def target(*, provider: str = "test", model: str = "model-1", **capabilities: Any) -> Target:
    """A target whose capability record differs from the default in `capabilities`."""
    return Target(provider=provider, model=model, capabilities=Capabilities(**capabilities))


def conversion(*, memory: ThinkingMemory | None = None, **capabilities: Any) -> Conversion:
    """What converters share, with tool names left as they are."""
    return Conversion(target=target(**capabilities), memory=memory or ThinkingMemory(), upstream_name=lambda name: name)


def request_body(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A Messages request."""
    return {"model": "claude-x", "max_tokens": 1024, "messages": list(messages), **fields}


def translated(
    *messages: dict[str, Any],
    to: Target | None = None,
    memory: ThinkingMemory | None = None,
    betas: frozenset[str] = frozenset(),
    session: str = "",
    **fields: Any,
) -> Translated:
    """The translation of a conversation, through the bytes a client would send."""
    request = parse_request(codec.dumps(request_body(*messages, **fields)))
    memory = ThinkingMemory() if memory is None else memory
    return translate(request, to or target(), memory=memory, betas=betas, session=session)


def read_exchanges(messages: list[dict[str, Any]]) -> list[Exchange]:
    """Of a history, the exchanges."""
    return read_history(messages, Losses()).exchanges


def translate_body(*messages: dict[str, Any], to: Target | None = None, **fields: Any) -> dict[str, Any]:
    """The chat request of a conversation; `fields` as for `translated`."""
    return translated(*messages, to=to, **fields).body


def chat(*messages: dict[str, Any], to: Target | None = None, **fields: Any) -> list[dict[str, Any]]:
    """The chat messages of a conversation."""
    found: list[dict[str, Any]] = translate_body(*messages, to=to, **fields)["messages"]
    return found
