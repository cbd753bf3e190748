"""User content: blocks to parts (spec section 8)."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import (
    assistant,
    chat,
    conversion,
    image,
    target,
    text,
    tool_result,
    tool_use,
    translated,
    user,
)
from tray_app.translation.request.content import block_parts


def parts_of(*blocks: dict[str, Any], **capabilities: Any) -> list[dict[str, Any]]:
    return block_parts(blocks, conversion(**capabilities))


def test_r_blk_3_p_24_text_is_a_string() -> None:
    """Small models mirror the structure of content lists back."""
    assert chat(user(text("a"), text("b")))[0]["content"] == "a\n\nb"


def test_r_blk_3_lists_where_the_upstream_wants_them() -> None:
    """Under `text_only_string: false`, for the string form as well."""
    to = target(text_only_string=False)
    assert chat(user("a"), to=to) == chat(user(text("a")), to=to) == [{"role": "user", "content": [text("a")]}]


def test_r_blk_4_empty_text_is_dropped() -> None:
    """An empty text block leaves no trace."""
    assert chat(user(text(""), text("a")))[0]["content"] == "a"


def test_r_blk_5_text_is_untouched() -> None:
    """White space at both ends, CRLF and NUL are the user's."""
    words = "  a\r\n\tb \x00 "
    assert chat(user(words))[0]["content"] == words


def test_r_adm_7_strip_nul() -> None:
    """Where a server refuses NUL characters they are removed, everywhere; by default they pass."""
    turns = [user("a\x00b"), assistant(tool_use("t1", command="x\x00")), user(tool_result("t1", [text("\x00out")]))]
    stripped = translated(*turns, to=target(strip_nul=True), system="s\x00").payload()
    assert b"\\u0000" not in stripped
    assert [part in stripped for part in (b'"ab"', b'{\\"command\\":\\"x\\"}', b'"out"', b'"s"')] == [True] * 4
    assert translated(*turns, system="s\x00").payload().count(b"u0000") == 4


def test_r_blk_8_order_of_parts() -> None:
    """Image before or after the text matters."""
    content = chat(user("a", image(), "b"))[0]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "text"]


def test_citations_are_ignored() -> None:
    """A text block is its text."""
    assert parts_of(text("a", citations=[{"type": "char_location"}])) == [text("a")]


def test_search_result() -> None:
    """Wrapped text with its source; images inside follow."""
    block = {"type": "search_result", "source": "http://x", "title": "T&T", "content": [text("one"), text("two")]}
    assert parts_of(block) == [
        text('<search_result source="http://x" title="T&amp;T">\none\ntwo\n</search_result>'),
    ]
    bare, picture = parts_of({"type": "search_result", "content": [image()]})
    assert (bare["type"], picture["type"]) == ("text", "image_url")


def test_container_upload() -> None:
    """A placeholder with the file's id, and a note."""
    result = translated(user({"type": "container_upload", "file_id": "file_9"}))
    assert "file_9" in result.body["messages"][0]["content"]
    assert any("container_upload" in note for note in result.context.losses)


def test_stray_tool_reference() -> None:
    """Outside a result it is a sentence."""
    assert parts_of({"type": "tool_reference", "tool_name": "WebFetch"}) == [text("Tool available: WebFetch")]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "novelty", "text": "T"}, "T"),
        ({"type": "novelty", "content": [text("a"), {"type": "inner", "text": "b"}]}, "a\n\nb"),
        ({"type": "novelty", "x": 1}, '<block type="novelty">{"type":"novelty","x":1}</block>'),
        ({"type": "n", "content": ["loose"]}, '<block type="n">{"type":"n","content":["loose"]}</block>'),
        ({"x": 1}, '<block type="None">{"x":1}</block>'),
    ],
)
def test_r_blk_9_unknown_blocks(block: dict[str, Any], words: str) -> None:
    """Text, then inner content, then JSON; always with a note."""
    result = translated(user(block))
    assert result.body["messages"][0]["content"] == words
    assert any("unknown block type" in note for note in result.context.losses)


def test_r_blk_9_unknown_blocks_are_bounded() -> None:
    """At most 8 kB of JSON; an empty text is nothing."""
    (part,) = parts_of({"type": "novelty", "data": "é" * 9000})
    assert 8000 < len(part["text"].encode()) < 8300
    assert parts_of({"type": "novelty", "text": ""}) == []


def test_r_blk_10_markers_follow_their_block() -> None:
    """A marker is carried only where the upstream takes any; elsewhere it is noted once."""
    block = text("a", cache_control={"type": "ephemeral"})
    assert parts_of(block, cache_control="anthropic") == [block]
    assert parts_of(block) == [text("a")]
    assert parts_of(text("a", cache_control="odd"), cache_control="anthropic") == [text("a")]
    assert "cache_control: the upstream takes no cache markers" in translated(user(block)).context.losses
