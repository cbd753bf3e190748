"""Prompt-cache markers (spec 17.2)."""

from __future__ import annotations

from typing import Any

from helpers.builders import (
    BASH,
    EPHEMERAL,
    READ,
    assistant,
    image,
    system,
    target,
    text,
    tool_result,
    tool_use,
    translate_body,
    user,
)
from tray_app.translation import codec

ANTHROPIC = target(cache_control="anthropic", system_parts=True)
BREAKPOINT = target(cache_control="openai_breakpoint")


def marked(words: str, **marker: Any) -> dict[str, Any]:
    return text(words, cache_control={**EPHEMERAL, **marker})


def markers(body: dict[str, Any]) -> list[str]:
    """Texts that carry a marker."""
    parts = [p for m in body["messages"] if isinstance(m.get("content"), list) for p in m["content"]]
    return [part["text"] for part in parts if "cache_control" in part]


def test_r_cac_1_none() -> None:
    """No marker anywhere, content stays a string."""
    body = translate_body(
        user(marked("a")), system=[marked("s")], tools=[{**BASH, "cache_control": EPHEMERAL}], cache_control=EPHEMERAL
    )
    assert "cache_control" not in codec.dumps_text(body)
    assert body["messages"][-1]["content"] == "a"


def test_r_cac_2_last_of_each_area() -> None:
    """At most four: tools, system, the last two of the conversation."""
    tools = [{**BASH, "cache_control": EPHEMERAL}, {**READ, "cache_control": EPHEMERAL}, {**BASH, "name": "C"}]
    body = translate_body(
        user(marked("a")),
        assistant(marked("b")),
        user(marked("c"), marked("d")),
        to=ANTHROPIC,
        system=[marked("s1"), marked("s2")],
        tools=tools,
    )
    assert markers(body) == ["s2", "c", "d"]
    assert ["cache_control" in tool for tool in body["tools"]] == [False, True, False]
    assert body["messages"][1]["content"] == "a"
    assert body["messages"][0]["content"][0] == text("s1")


def test_r_cac_2_only_known_keys_are_carried() -> None:
    """`scope` and the like stay here."""
    body = translate_body(user(marked("a", ttl="1h", scope="global")), to=ANTHROPIC)
    assert body["messages"][0]["content"][0]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}


def test_r_cac_2_marker_of_a_tool_result_moves_to_the_next_text() -> None:
    """A tool message is a string: the marker goes to the text part after it."""
    result = tool_result("t1", "out", cache_control=EPHEMERAL)
    body = translate_body(user("a"), assistant(tool_use("t1")), user(result, "b"), to=ANTHROPIC)
    assert markers(body) == ["b"]


def test_r_cac_2_marker_of_a_tool_result_moves_back() -> None:
    """Or to the last text part before it; not twice onto one that is marked."""
    result = tool_result("t1", "out", cache_control=EPHEMERAL)
    assert markers(translate_body(user("a"), assistant("b", tool_use("t1")), user(result), to=ANTHROPIC)) == ["b"]
    assert markers(translate_body(user(marked("a")), assistant(tool_use("t1")), user(result), to=ANTHROPIC)) == ["a"]


def test_r_cac_2_marker_inside_a_tool_message() -> None:
    """Where tool messages take parts it stays."""
    to = target(cache_control="anthropic", tool_result_parts=True)
    result = tool_result("t1", "out", cache_control=EPHEMERAL)
    body = translate_body(user("a"), assistant(tool_use("t1")), user(result), to=to)
    assert markers(body) == ["out"]


def test_r_cac_2_marker_of_a_call() -> None:
    """A turn of calls alone has no text: the marker moves on."""
    call = {**tool_use("t1"), "cache_control": EPHEMERAL}
    body = translate_body(user("a"), assistant(call), user(tool_result("t1"), "b"), to=ANTHROPIC)
    assert markers(body) == ["b"]


def test_r_cac_2_marker_of_an_image() -> None:
    """It goes to the next text part, or the last one before."""
    assert markers(translate_body(user("a", image(cache_control=EPHEMERAL), "b"), to=ANTHROPIC)) == ["b"]
    assert markers(translate_body(user("a", image(cache_control=EPHEMERAL)), to=ANTHROPIC)) == ["a"]
    alone = translate_body(user(image(cache_control=EPHEMERAL)), to=ANTHROPIC)
    assert "cache_control" not in codec.dumps_text(alone)


def test_r_cac_2_marker_of_a_late_system_message() -> None:
    """It marks the reminder that the system text becomes; kept system strings carry none."""
    late = [user("a"), system(marked("late"))]
    assert markers(translate_body(*late, to=ANTHROPIC)) == ["<system-reminder>\nlate\n</system-reminder>"]
    kept = target(cache_control="anthropic", mid_system="keep")
    assert markers(translate_body(*late, to=kept)) == []
    assert markers(
        translate_body(*late, to=target(cache_control="anthropic", mid_system="keep", system_parts=True))
    ) == ["late"]


def test_automatic_caching_marks_the_end() -> None:
    """A top-level marker is about the end of the conversation."""
    body = translate_body(user("a"), assistant("b"), user("c"), to=ANTHROPIC, cache_control=EPHEMERAL)
    assert markers(body) == ["c"]


def test_r_cac_3_breakpoints() -> None:
    """OpenAI's words for the same, with its own option for the time to live."""
    body = translate_body(user(marked("a", ttl="1h")), to=BREAKPOINT, tools=[{**BASH, "cache_control": EPHEMERAL}])
    assert body["messages"][0]["content"] == [text("a", prompt_cache_breakpoint={"mode": "explicit"})]
    assert body["prompt_cache_options"] == {"ttl": "1h"}
    assert "cache_control" not in codec.dumps_text(body)
    assert "prompt_cache_options" not in translate_body(user(marked("a")), to=BREAKPOINT)


def test_r_cac_4_markers_do_not_change_texts() -> None:
    """The words are the same with and without."""
    with_markers = translate_body(user(marked("a "), marked(" b")), assistant(marked("c")), user("d"), to=ANTHROPIC)
    texts = [
        message["content"] if isinstance(message["content"], str) else [part["text"] for part in message["content"]]
        for message in with_markers["messages"]
    ]
    assert texts == [["a ", " b"], ["c"], "d"]
