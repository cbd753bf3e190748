"""Admission of a Messages request (spec section 3): the shapes the translation relies on, and nothing beyond.

A proxy that is stricter than Anthropic breaks with every client release (P-07), so unknown fields and block types pass;
only a wrong type in a field that is translated is an error, told the way Anthropic tells it. Converters may trust what
passed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tray_app.translation import codec
from tray_app.translation.errors import invalid
from tray_app.translation.threads import continues_thread

Block = Mapping[str, Any]

ROLES: Final = ("user", "assistant", "system")
NESTING_MAX: Final = 16  # blocks inside blocks; real requests need three
MODEL_MAX_CHARS: Final = 256  # as Anthropic; it is kept with every request that is listed
_REQUIRED: Final = "Field required"
_MISSING: Final = object()


class _Kind(NamedTuple):
    types: tuple[type, ...]
    problem: str


_STRING: Final = _Kind((str,), "Input should be a valid string")
_OBJECT: Final = _Kind((dict,), "Input should be an object")
_LIST: Final = _Kind((list,), "Input should be a valid list")
_INTEGER: Final = _Kind((int,), "Input should be a valid integer")
_NUMBER: Final = _Kind((int, float), "Input should be a valid number")
_BOOLEAN: Final = _Kind((bool,), "Input should be a valid boolean")
_TEXT_OR_LIST: Final = _Kind((str, list), "Input should be a valid string or list")

_REQUEST_FIELDS: Final = {
    "stream": _BOOLEAN,
    "temperature": _NUMBER,
    "top_p": _NUMBER,
    "top_k": _INTEGER,
    "stop_sequences": _LIST,
    "tools": _LIST,
    "tool_choice": _OBJECT,
    "thinking": _OBJECT,
    "output_config": _OBJECT,
    "output_format": _OBJECT,
    "metadata": _OBJECT,
    "cache_control": _OBJECT,
    "context_management": _OBJECT,
    "system": _TEXT_OR_LIST,
}
_REQUEST_ITEMS: Final = {"stop_sequences": _STRING, "tools": _OBJECT}
_BLOCK_REQUIRED: Final = {
    "text": {"text": _STRING},
    "image": {"source": _OBJECT},
    "document": {"source": _OBJECT},
    "tool_use": {"id": _STRING, "name": _STRING},
    "tool_result": {"tool_use_id": _STRING},
    "tool_reference": {"tool_name": _STRING},
}
_BLOCK_OPTIONAL: Final = {
    "thinking": {"thinking": _STRING},
    "document": {"title": _STRING, "context": _STRING},
    "search_result": {"source": _STRING, "title": _STRING, "content": _LIST},
    "compaction": {"content": _TEXT_OR_LIST},
}
_SOURCE_REQUIRED: Final = {
    "base64": {"data": _STRING},
    "text": {"data": _STRING},
    "url": {"url": _STRING},
    "content": {"content": _TEXT_OR_LIST},
}
_STRICT_CONTAINERS: Final = ("tool_result", "mid_conv_system", "search_result", "document")


def parse_request(body: bytes) -> dict[str, Any]:
    """Decode and admit the body of ``POST /v1/messages``.

    Raises:
        ApiError: 400 `invalid_request_error`; the message starts with the path of the field (R-ADM-1 … R-ADM-5).
    """
    request = parse_count_request(body)
    _check(request.get("max_tokens", _MISSING), _INTEGER, "max_tokens")
    if request["max_tokens"] < 0:
        raise invalid("max_tokens", "Input should be greater than or equal to 0")
    return request


def parse_count_request(body: bytes) -> dict[str, Any]:
    """Decode and admit the body of ``POST /v1/messages/count_tokens``, which has no `max_tokens`.

    Raises:
        ApiError: as `parse_request`.
    """
    try:
        request = codec.loads(body)
    except codec.JSONError as error:
        raise invalid("", f"The request body is not valid JSON: {error}") from None
    if not isinstance(request, dict):
        raise invalid("", "The request body should be a JSON object")
    _check_request(request)
    return request


def content_blocks(content: object) -> Sequence[Block]:
    """Content as a list of blocks: a string is one text block, nothing is no block (spec section 6, step 3)."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content if isinstance(content, list) else []


def _check_request(request: dict[str, Any]) -> None:
    _check(request.get("model", _MISSING), _STRING, "model")
    if not request["model"]:
        raise invalid("model", "String should have at least 1 character")
    if len(request["model"]) > MODEL_MAX_CHARS:
        raise invalid("model", f"String should have at most {MODEL_MAX_CHARS} characters")
    for field, kind in _REQUEST_FIELDS.items():
        if field in request:
            _check_optional(request[field], kind, field)
    for field, kind in _REQUEST_ITEMS.items():
        for index, item in enumerate(request.get(field) or ()):
            _check(item, kind, f"{field}.{index}")
    _check_system(request.get("system"))
    _check_messages(request.get("messages", _MISSING), may_be_empty=continues_thread(request))


def _check_system(system: object) -> None:
    """R-SYS-4: text blocks only."""
    for index, block in enumerate(content_blocks(system)):
        path = f"system.{index}"
        _check(block, _OBJECT, path)
        if block.get("type", "text") != "text":
            raise invalid(f"{path}.type", "Input should be 'text'")
        _check(block.get("text", _MISSING), _STRING, f"{path}.text")


def _check_messages(messages: object, *, may_be_empty: bool) -> None:
    _check(messages, _LIST, "messages")
    assert isinstance(messages, list)
    if not messages and not may_be_empty:
        raise invalid("messages", "at least one message is required")
    for index, message in enumerate(messages):
        if _is_ordinary(message):
            continue
        path = f"messages.{index}"
        _check(message, _OBJECT, path)
        if message.get("role") not in ROLES:
            raise invalid(f"{path}.role", "Input should be 'user', 'assistant' or 'system'")
        if message["role"] == "system" and message.get("content") is None:
            continue  # a directive (R-SYS-14)
        _check(message.get("content", _MISSING), _TEXT_OR_LIST, f"{path}.content")
        _check_blocks(message["content"], f"{path}.content", 0)


def _check_blocks(content: object, path: str, depth: int) -> None:
    if depth > NESTING_MAX:
        raise invalid(path, "Input is nested too deeply")
    if isinstance(content, list):
        for index, block in enumerate(content):
            _check_block(block, f"{path}.{index}", depth)


def _is_ordinary(message: Any) -> bool:
    """The same checks for what nearly every message is, without a path for each of its parts; False proves nothing."""
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        return False
    content = message.get("content")
    if not isinstance(content, list):
        return isinstance(content, str)
    for block in content:
        if not isinstance(block, dict):
            return False
        kind = block.get("type")
        if kind == "text":
            plain = isinstance(block.get("text"), str) and "content" not in block
        elif kind == "tool_use":
            plain = isinstance(block.get("id"), str) and isinstance(block.get("name"), str) and "content" not in block
        elif kind == "tool_result":
            plain = isinstance(block.get("tool_use_id"), str) and _is_plain(block.get("content"))
        else:
            return False
        if not plain:
            return False
    return True


def _is_plain(content: Any) -> bool:
    """Text, or a list of nothing but text blocks."""
    if not isinstance(content, list):
        return isinstance(content, str)
    for block in content:
        if not isinstance(block, dict) or block.get("type") != "text":
            return False
        if not isinstance(block.get("text"), str) or "content" in block:
            return False
    return True


def _check_block(block: object, path: str, depth: int) -> None:
    _check(block, _OBJECT, path)
    assert isinstance(block, dict)
    known = block.get("type", "")
    _check(known, _STRING, f"{path}.type")
    for field, kind in _BLOCK_REQUIRED.get(known, {}).items():
        _check(block.get(field, _MISSING), kind, f"{path}.{field}")
    for field, kind in _BLOCK_OPTIONAL.get(known, {}).items():
        _check_optional(block.get(field), kind, f"{path}.{field}")
    if known in {"image", "document"}:
        _check_source(block["source"], f"{path}.source", depth)
    _check_inner(block.get("content"), known, f"{path}.content", depth)


def _check_inner(content: object, known: str, path: str, depth: int) -> None:
    """Blocks inside a block; an unknown block may hold what it likes, as long as it is not bottomless."""
    if known not in _STRICT_CONTAINERS and isinstance(content, list):
        content = [item for item in content if isinstance(item, dict)]
    _check_blocks(content, path, depth + 1)


def _check_source(source: dict[str, Any], path: str, depth: int) -> None:
    kind = source.get("type")
    _check(kind, _STRING, f"{path}.type")
    for field, wanted in _SOURCE_REQUIRED.get(str(kind), {}).items():
        _check(source.get(field, _MISSING), wanted, f"{path}.{field}")
    _check_blocks(source.get("content"), f"{path}.content", depth + 1)


def _check_optional(value: object, kind: _Kind, path: str) -> None:
    if value is not None:
        _check(value, kind, path)


def _check(value: object, kind: _Kind, path: str) -> None:
    if value is _MISSING:
        raise invalid(path, _REQUIRED)
    if not isinstance(value, kind.types) or (isinstance(value, bool) and bool not in kind.types):
        raise invalid(path, kind.problem)
