"""What the Demo provider says."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.proxy.upstream.demo_script import script_for

TOOL = {
    "type": "function",
    "function": {
        "name": "Bash",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string"}, "mode": {"enum": ["fast"]}, "n": {"type": "integer"}},
            "required": ["command", "mode", "n", "other"],
        },
    },
}


def asked(text: str, **fields: Any) -> dict[str, Any]:
    """A chat request."""
    return {"model": "demo", "messages": [{"role": "user", "content": text}], **fields}


def test_it_answers_with_usage_and_the_same_words_every_time() -> None:
    """Deterministic, and honest about its size."""
    script = script_for(asked("hi there"))
    whole = script.whole()
    assert whole == script_for(asked("hi there")).whole()
    assert whole["choices"][0]["message"]["content"].endswith("You said: hi there")
    assert whole["choices"][0]["finish_reason"] == "stop"
    streamed = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in script.chunks() if chunk["choices"])
    assert streamed == whole["choices"][0]["message"]["content"]
    assert list(script.chunks())[-1]["usage"] == whole["usage"]
    assert whole["usage"]["total_tokens"] == whole["usage"]["prompt_tokens"] + whole["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(("effort", "thinks"), [("high", True), ("none", False), (None, False)])
def test_it_thinks_when_an_effort_is_asked_for(effort: str | None, thinks: bool) -> None:
    """So that the thinking blocks can be seen."""
    message = script_for(asked("hi", reasoning_effort=effort)).whole()["choices"][0]["message"]
    assert ("reasoning_content" in message) is thinks


def test_it_calls_a_tool_when_told_to_and_thanks_for_the_result() -> None:
    """With an example of every required argument."""
    script = script_for(asked("please USE the tool", tools=[TOOL]))
    call = script.whole()["choices"][0]["message"]["tool_calls"][0]
    assert call["function"] == {"name": "Bash", "arguments": '{"command":"demo","mode":"fast","n":1,"other":"demo"}'}
    assert script.whole()["choices"][0]["finish_reason"] == "tool_calls"
    pieces = [chunk["choices"][0]["delta"].get("tool_calls") for chunk in script.chunks() if chunk["choices"]]
    assert "".join(piece[0]["function"]["arguments"] for piece in pieces if piece) == call["function"]["arguments"]
    after = {"role": "tool", "tool_call_id": "call_demo", "content": "use the tool"}
    again = script_for({"messages": [after], "tools": [TOOL]}).whole()["choices"][0]
    assert (again["finish_reason"], again["message"]["content"][:8]) == ("stop", "The tool")


def test_it_stops_at_the_limit_and_echoes_only_so_much() -> None:
    """Bounded in both directions."""
    cut = script_for(asked("hi", max_tokens=3)).whole()["choices"][0]
    assert (len(cut["message"]["content"].split()), cut["finish_reason"]) == (3, "length")
    assert len(script_for(asked("x" * 100_000)).whole()["choices"][0]["message"]["content"]) < 1000
    parts = [{"type": "text", "text": "in parts"}, {"type": "image_url"}]
    assert (
        "in parts"
        in script_for({"messages": [{"role": "user", "content": parts}]}).whole()["choices"][0]["message"]["content"]
    )


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"messages": 3}, []])
def test_what_is_no_request_raises(body: Any) -> None:
    """The server turns it into a 400."""
    with pytest.raises((KeyError, TypeError, AttributeError, IndexError)):
        script_for(body)
