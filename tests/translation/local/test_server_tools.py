"""Server tools that nobody here runs."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.answers import events, sdk_message
from helpers.builders import BASH, assistant, request_body, system, text, tool_result, tool_use, user
from tray_app.translation.local.messages import message_events
from tray_app.translation.local.server_tools import history_text, is_search_only, unavailable_answer

SEARCH_TOOL = {"type": "web_search_20250305", "name": "web_search", "max_uses": 8}
# Claude Code's WebSearch sub-request as it was captured.
SEARCH = request_body(
    user("Perform a web search for the query: aiohttp 3.14 release notes"),
    system=[text("You are an assistant for performing a web search tool use")],
    tools=[SEARCH_TOOL],
    tool_choice={"type": "auto"},
    output_config={"effort": "high"},
    stream=True,
)


def test_p_109_the_search_sub_request_is_recognised() -> None:
    """33.3: its only tool is a web tool of the server; a system message in between changes nothing."""
    assert is_search_only(SEARCH)
    assert is_search_only({**SEARCH, "messages": [*SEARCH["messages"], system("env")]})
    assert is_search_only({**SEARCH, "tools": [{"type": "web_fetch_20250910", "name": "web_fetch"}]})


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [SEARCH_TOOL, BASH]},
        {"tools": []},
        {"tools": None},
        {"tools": [{**BASH, "name": "web_search"}]},
        {"tools": [{**BASH, "type": "custom", "name": "web_search"}]},
        {"tools": [{**BASH, "type": 5}]},
        {"tools": [{"type": "code_execution_20250522", "name": "code_execution"}]},
        {"messages": [user("a"), assistant("b"), user("c")]},
    ],
)
def test_p_19_other_requests_go_upstream(fields: dict[str, Any]) -> None:
    """A custom tool of that name is ordinary (R-BIN-1), and a conversation can go on without searching."""
    assert not is_search_only({**SEARCH, **fields})


def test_p_109_the_answer_is_graceful() -> None:
    """The call, an error result, a sentence, end_turn: never a 400."""
    message = unavailable_answer(SEARCH, lambda: "abc")
    call, result, words = message["content"]
    assert call == {
        "type": "server_tool_use",
        "id": "srvtoolu_abc",
        "name": "web_search",
        "input": {"query": "aiohttp 3.14 release notes"},
    }
    assert result == {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_abc",
        "content": {"type": "web_search_tool_result_error", "error_code": "unavailable"},
    }
    assert "not available" in words["text"]
    assert message["stop_reason"] == "end_turn"


def test_33_3_the_answer_streams() -> None:
    """The SDK reads the same Message from the events; the result is whole at its start."""
    message = unavailable_answer(SEARCH, lambda: "abc")
    data = message_events(message)
    assert [block["type"] for block in sdk_message(data)["content"]] == [b["type"] for b in message["content"]]
    start = next(event for event in events(data) if event.get("index") == 1)
    assert start["content_block"] == message["content"][1]


def test_33_3_a_fetch_has_its_own_words() -> None:
    """The other web tool answers with its own types."""
    body = {**SEARCH, "tools": [{"type": "web_fetch_20250910"}], "messages": [user(text("a"), text(" https://x "))]}
    call, result, _ = unavailable_answer(body, lambda: "abc")["content"]
    assert (call["name"], call["input"]) == ("web_fetch", {"url": "https://x"})
    assert result["content"]["type"] == "web_fetch_tool_result_error"


def test_33_3_without_user_text_the_query_is_empty() -> None:
    """Nothing to quote is no failure."""
    body = {**SEARCH, "messages": [user(tool_result("t", None)), {"role": "user", "content": [{"type": "image"}]}]}
    assert unavailable_answer(body, lambda: "abc")["content"][0]["input"] == {"query": ""}


RESULTS = [
    {"type": "web_search_result", "title": "One", "url": "https://one", "encrypted_content": "xxx", "page_age": None},
    {"type": "web_search_result", "title": "", "url": "https://two", "encrypted_content": "yyy"},
]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "server_tool_use", "name": "web_search", "input": {"query": "q"}}, "[web_search: q]"),
        ({"type": "server_tool_use", "name": "x", "input": {"a": 1, "b": 2}}, '[x: {"a":1,"b":2}]'),
        ({"type": "server_tool_use", "name": "x", "input": None}, "[x: {}]"),
        ({"type": "mcp_tool_use", "name": "echo", "input": {"text": "t"}}, "[echo: t]"),
        (
            {"type": "web_search_tool_result", "content": RESULTS},
            "[results]\n- One (https://one)\n- https://two (https://two)",
        ),
        ({"type": "web_search_tool_result", "content": []}, "[results]"),
        (
            {
                "type": "web_search_tool_result",
                "content": {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"},
            },
            "[web_search failed: max_uses_exceeded]",
        ),
        ({"type": "mcp_tool_result", "is_error": True, "content": [text("no")]}, "[mcp failed: no]"),
        ({"type": "mcp_tool_result", "is_error": True, "content": ""}, "[mcp failed: no reason given]"),
        ({"type": "mcp_tool_result", "content": [text("one"), text("two")]}, "[results]\none\ntwo"),
        ({"type": "mcp_tool_result", "content": "one"}, "[results]\none"),
        (
            {
                "type": "web_fetch_tool_result",
                "content": {
                    "type": "web_fetch_result",
                    "url": "https://x",
                    "content": {"type": "document", "source": {"type": "text", "data": "page"}, "title": "T"},
                },
            },
            "[results]\n- https://x (https://x)\n  page",
        ),
        (
            {
                "type": "code_execution_tool_result",
                "content": {"type": "code_execution_result", "stdout": "out", "stderr": "err", "return_code": 0},
            },
            "[results]\nout\nerr",
        ),
        ({"type": "compaction", "content": "so far"}, "<summary>so far</summary>"),
        ({"type": "compaction", "content": [text("so"), text(" far")]}, "<summary>so far</summary>"),
        (tool_use("t", command="ls"), None),
        (tool_result("t"), None),
        (text("x"), None),
        ({"type": "fallback"}, None),
        ({"type": 5}, None),
        ({}, None),
    ],
)
def test_33_4_33_5_history_becomes_text(block: dict[str, Any], words: str | None) -> None:
    """Server tools of the history as text, the same on every turn; everything else is somebody else's."""
    assert history_text(block) == words
    assert history_text(block) == history_text(dict(block))


def test_33_4_results_are_bounded() -> None:
    """A fetched page does not fill the window."""
    assert len(history_text({"type": "mcp_tool_result", "content": "x" * 100_000}) or "") == 8000
