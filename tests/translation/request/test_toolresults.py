"""One tool result to one tool message (spec 10.2)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    assistant,
    chat,
    document,
    image,
    system,
    target,
    text,
    tool_result,
    tool_use,
    translated,
    user,
)
from tray_app.translation.request.toolresults import INTERRUPTED, NO_OUTPUT


def results(*blocks: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    """The messages after a turn that called t1 and t2 with these results."""
    return chat(user("go"), assistant(tool_use("t1"), tool_use("t2", "Read")), user(*blocks), **fields)[2:]


def output(content: Any, **fields: Any) -> str:
    """The text of the tool message for a result with this content."""
    return str(results(tool_result("t1", content, **fields), tool_result("t2"))[0]["content"])


REFERENCE = {"type": "tool_reference", "tool_name": "WebFetch"}
EMPTY_FORMS = [None, "", [], [text("")], [text(""), text("")]]


@pytest.mark.parametrize("content", EMPTY_FORMS)
def test_r_trs_2_p_14_empty_results_say_so(content: Any) -> None:
    """Never an empty tool message, never a missing one."""
    assert output(content) == NO_OUTPUT
    assert output(content, is_error=True) == f"Error: {NO_OUTPUT}"


def test_r_trs_2_p_14_missing_content() -> None:
    """The field may be absent."""
    assert results({"type": "tool_result", "tool_use_id": "t1"}, tool_result("t2"))[0]["content"] == NO_OUTPUT


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("out", "out"),
        ([text("a"), text("b")], "a\nb"),
        ([REFERENCE, {**REFERENCE, "tool_name": "X"}], "Tool available: WebFetch\nTool available: X"),
        ([{"type": "search_result", "source": "s", "title": "t", "content": [text("SR")]}],
         '<search_result source="s" title="t">\nSR\n</search_result>'),
        ([{"type": "novelty", "text": "T"}], "T"),
        ({"stdout": "x"}, '{"stdout":"x"}'),
        (7, "7"),
    ],
)  # fmt: skip
def test_r_trs_4_contents(content: Any, words: str) -> None:
    """Strings as they are, texts by lines, references by name, unknown things by R-BLK-9, objects as JSON."""
    assert output(content) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("boom", "Error: boom"),
        ("error: boom", "error: boom"),
        ("ERROR", "ERROR"),
        ("<tool_use_error>x</tool_use_error>", "<tool_use_error>x</tool_use_error>"),
        ([text("boom"), text("more")], "Error: boom\nmore"),
    ],
)
def test_r_trs_1_p_15_errors_say_so(content: Any, words: str) -> None:
    """The model must know that the tool failed."""
    assert output(content, is_error=True) == words


def test_r_trs_1_error_with_media_only() -> None:
    """Even when there is no text."""
    assert output([image()], is_error=True) == "Error: the output is attached\n[image attached below]"


def test_r_trs_3_content_is_a_string() -> None:
    """Tool messages hold no lists unless the record allows it."""
    messages = results(tool_result("t1", [text("a"), image()]), tool_result("t2"))
    assert all(isinstance(message["content"], str) for message in messages if message["role"] == "tool")


def test_r_ord_2_p_12_images_are_lifted_out() -> None:
    """They come in one user message after all tool messages, each with its label."""
    messages = results(tool_result("t1", [text("seen"), image()]), tool_result("t2", [image()]), "and")
    assert [message["role"] for message in messages] == ["tool", "tool", "user"]
    assert messages[0]["content"] == "seen\n[image attached below]"
    assert messages[1]["content"] == "[image attached below]"
    labels = [part.get("text", part["type"]) for part in messages[2]["content"]]
    assert labels == [
        "[image from tool result Bash t1]",
        "image_url",
        "[image from tool result Read t2]",
        "image_url",
        "and",
    ]


def test_r_ord_2_p_13_documents_are_lifted_out() -> None:
    """Claude Code's Read of a PDF is a document inside the result."""
    messages = results(
        tool_result("t1", [text("PDF read"), document(), image()]), tool_result("t2"), to=target(documents="file")
    )
    assert messages[0]["content"] == "PDF read\n[document attached below]\n[image attached below]"
    assert messages[2]["content"][0] == text("[document from tool result Bash t1]")
    assert messages[2]["content"][1]["type"] == "file"


def test_p_13_documents_the_upstream_does_not_take() -> None:
    """The placeholder stays in the tool message."""
    assert output([text("PDF read"), document(title="spec")]).startswith("PDF read\n[document omitted: spec ")


def test_images_none_stay_in_the_text() -> None:
    """Nothing is announced that does not come."""
    content = results(tool_result("t1", [image()]), tool_result("t2"), to=target(images="none"))[0]["content"]
    assert content == "[image omitted: the model does not accept images]"


def test_tool_result_parts_stay_inside() -> None:
    """Where a tool message may hold media it does; text alone is a string all the same."""
    to = target(tool_result_parts=True)
    first, second = results(tool_result("t1", [text("a"), image()]), tool_result("t2", [text("b"), text("c")]), to=to)
    assert [part["type"] for part in first["content"]] == ["text", "image_url"]
    assert second["content"] == "b\nc"


def test_tool_result_name() -> None:
    """Added where the upstream wants it."""
    first, second = results(tool_result("t1"), tool_result("t2"), to=target(tool_result_name=True))
    assert (first["name"], second["name"]) == ("Bash", "Read")


def test_r_pair_2_p_16_interrupted_call() -> None:
    """A call without a result gets one that says so, after the others."""
    messages = results(tool_result("t1"), "never mind")
    assert [message["content"] for message in messages] == ["out", INTERRUPTED, "never mind"]


def test_r_pair_2_last_turn_too() -> None:
    """A conversation that ends in calls."""
    messages = chat(user("go"), assistant(tool_use("t1")))
    assert messages[-1] == {"role": "tool", "tool_call_id": "t1", "content": INTERRUPTED}


def test_r_pair_3_p_114_duplicate_results_are_joined() -> None:
    """Two results for one id are one tool message."""
    messages = results(tool_result("t1", "a"), tool_result("t2"), tool_result("t1", [text("b")]))
    assert [message["content"] for message in messages] == ["a\n\nb", "out"]


@pytest.mark.parametrize("extra", [[], [system("late")]])
def test_r_pair_1_orphan_results_become_text(extra: list[Any]) -> None:
    """No call in the turn before: told to the model, with its media, and noted."""
    messages = [user("go"), assistant("hi"), *extra, user(tool_result("t9", [text("lost"), image()]), "on")]
    result = translated(*messages)
    content = result.body["messages"][2]["content"]
    assert text("[result of an earlier tool call t9]\nlost") in content
    assert [part["type"] for part in content[-2:]] == ["image_url", "text"]
    assert any("no call in the turn before" in note for note in result.context.losses)


def test_r_pair_1_call_further_back_is_no_match() -> None:
    """An unanswered call of an earlier turn was interrupted; its late result is an orphan."""
    messages = chat(
        user("go"), assistant(tool_use("t1")), user("wait"), assistant("ok"), user(tool_result("t1", "late"))
    )
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "user", "assistant", "user"]
    assert messages[-1]["content"] == "[result of an earlier tool call t1]\nlate"


def test_r_pair_4_result_before_its_call() -> None:
    """The same as an orphan."""
    messages = chat(user(tool_result("t1", "early")), assistant(tool_use("t1")), user("on"))
    assert messages[0]["content"] == "[result of an earlier tool call t1]\nearly"
    assert messages[2]["content"] == INTERRUPTED
