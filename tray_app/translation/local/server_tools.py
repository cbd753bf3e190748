"""Tools that Anthropic's servers would run: the graceful "unavailable" (33.3) and what they left in the history (33.4, 33.5).

Nothing is searched or fetched here. A request that is more than one bare search goes the ordinary way, with the tool left
out by `request/pipeline.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tray_app.translation import codec
from tray_app.translation.local.messages import local_message

# Tool type without its date -> name of the tool, for those whose absence a result block can express.
_ANSWERABLE: Final = {"web_search_": "web_search", "web_fetch_": "web_fetch"}
_INPUT_FIELD: Final = {"web_search": "query", "web_fetch": "url"}
_SEARCH_PREFIX: Final = "Perform a web search for the query:"
_HISTORY_CHARS: Final = 8000  # as for unknown blocks (R-BLK-9)


def is_search_only(request: Mapping[str, Any]) -> bool:
    """Whether the request is one bare search: its only tool is a web tool of the server, and no turn was answered yet."""
    tools = request.get("tools")
    if not isinstance(tools, list) or len(tools) != 1 or _server_tool(tools[0]) is None:
        return False
    return all(message.get("role") != "assistant" for message in request.get("messages", ()))


def _server_tool(tool: Mapping[str, Any]) -> str | None:
    """Its name by its type, never by what a client's own tool happens to be called (R-BIN-1, P-19)."""
    kind = tool.get("type")
    if not isinstance(kind, str):
        return None
    return next((name for prefix, name in _ANSWERABLE.items() if kind.startswith(prefix)), None)


def unavailable_answer(request: Mapping[str, Any], new_id: Callable[[], str]) -> dict[str, Any]:
    """The Message for `is_search_only`: the call, its error, and a sentence; the agent sees "unavailable" (P-109)."""
    name = _server_tool(request["tools"][0]) or "web_search"
    call_id = f"srvtoolu_{new_id()}"
    error = {"type": f"{name}_tool_result_error", "error_code": "unavailable"}
    text = f"The {name.replace('_', ' ')} tool is not available with this provider."
    content: list[dict[str, Any]] = [
        {"type": "server_tool_use", "id": call_id, "name": name, "input": {_INPUT_FIELD[name]: _query(request)}},
        {"type": f"{name}_tool_result", "tool_use_id": call_id, "content": error},
        {"type": "text", "text": text},
    ]
    return local_message(request, new_id, content, stop_reason="end_turn", output_tokens=1)


def _query(request: Mapping[str, Any]) -> str:
    """The last user text without Claude Code's introduction."""
    texts = [
        text for message in request["messages"] if message.get("role") == "user" for text in _texts(message["content"])
    ]
    return texts[-1].strip().removeprefix(_SEARCH_PREFIX).strip() if texts else ""


def _texts(content: Any) -> list[str]:
    """Every text in a string, a block or a list of them."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, list):
        return [text for item in content for text in _texts(item)]
    if not isinstance(content, dict):
        return []
    own = [content[key] for key in ("text", "stdout", "stderr") if isinstance(content.get(key), str) and content[key]]
    return own + _texts(content.get("content")) + _texts(_source_text(content))


def _source_text(block: Mapping[str, Any]) -> Any:
    source = block.get("source")
    return source.get("data") if isinstance(source, dict) and source.get("type") == "text" else None


def history_text(block: Mapping[str, Any]) -> str | None:
    """What a server tool's block of the history says, as text for the model; None for every other block.

    Equal blocks give equal texts (R-PIP-1); what only Anthropic can decrypt is left out.
    """
    kind = block.get("type")
    if not isinstance(kind, str) or kind in ("tool_use", "tool_result"):
        return None
    if kind in ("server_tool_use", "mcp_tool_use"):
        return f"[{block.get('name')}: {_arguments(block.get('input'))}]"
    if kind == "compaction":
        return f"<summary>{''.join(_texts(block.get('content')))}</summary>"
    return _result_text(kind, block) if kind.endswith("_tool_result") else None


def _arguments(value: Any) -> str:
    """The only argument when it is a text (a query, an URL), else all of them as JSON."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(only := next(iter(value.values())), str):
        return only
    return codec.dumps_text(value or {})


def _result_text(kind: str, block: Mapping[str, Any]) -> str:
    content = block.get("content")
    name = kind.removesuffix("_tool_result")
    if isinstance(content, dict) and "error_code" in content:
        return f"[{name} failed: {content['error_code']}]"
    if block.get("is_error"):
        return f"[{name} failed: {' '.join(_texts(content)) or 'no reason given'}]"
    lines = [line for item in (content if isinstance(content, list) else [content]) for line in _result_lines(item)]
    return "\n".join(["[results]", *lines])[:_HISTORY_CHARS]


def _result_lines(item: Any) -> list[str]:
    if isinstance(item, dict) and "url" in item:
        snippets = [f"  {text}" for text in _texts(item)]
        return [f"- {item.get('title') or item['url']} ({item['url']})", *snippets]
    return _texts(item)
