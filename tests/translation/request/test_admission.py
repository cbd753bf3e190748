"""Admission: what is refused and how, and that everything else passes."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.builders import BASH, assistant, document, image, request_body, text, tool_result, tool_use, user
from tray_app.translation import codec
from tray_app.translation.errors import ApiError
from tray_app.translation.request.admission import content_blocks, parse_count_request, parse_request


def refused(body: bytes) -> str:
    """The message of the 400 that `body` causes."""
    with pytest.raises(ApiError) as caught:
        parse_request(body)
    assert (caught.value.status, caught.value.type) == (400, "invalid_request_error")
    return caught.value.message


def refused_with(*messages: Any, **fields: Any) -> str:
    return refused(codec.dumps({**request_body(*messages), **fields}))


def accepted(*messages: Any, **fields: Any) -> dict[str, Any]:
    return parse_request(codec.dumps({**request_body(*messages), **fields}))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff{}", b"[]", b"null", b'"x"'])
def test_r_adm_1_body_is_a_json_object(body: bytes) -> None:
    """Anything but a JSON object in UTF-8 is refused."""
    assert "JSON" in refused(body)


def test_r_adm_1_byte_order_mark_is_tolerated() -> None:
    """A BOM in front of the object does no harm."""
    assert parse_request(b"\xef\xbb\xbf" + codec.dumps(request_body(user("hi"))))["model"] == "claude-x"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": None}, "model: Input should be a valid string"),
        ({"model": ""}, "model: String should have at least 1 character"),
        ({"model": "m" * 257}, "model: String should have at most 256 characters"),
        ({"messages": []}, "messages: at least one message is required"),
        ({"messages": "hi"}, "messages: Input should be a valid list"),
        ({"max_tokens": -1}, "max_tokens: Input should be greater than or equal to 0"),
        ({"max_tokens": "9"}, "max_tokens: Input should be a valid integer"),
        ({"max_tokens": True}, "max_tokens: Input should be a valid integer"),
    ],
)
def test_r_adm_2_required_fields(change: dict[str, Any], message: str) -> None:
    """Model, messages and max_tokens are there and of their type."""
    assert refused_with(user("hi"), **change) == message


@pytest.mark.parametrize("field", ["model", "messages", "max_tokens"])
def test_r_adm_2_missing_fields(field: str) -> None:
    """A missing field is named."""
    body = request_body(user("hi"))
    del body[field]
    assert refused(codec.dumps(body)) == f"{field}: Field required"


def test_r_adm_2_zero_max_tokens_is_a_cache_prewarm() -> None:
    """`max_tokens: 0` is legal."""
    assert accepted(user("hi"), max_tokens=0)["max_tokens"] == 0


def test_r_adm_2_count_tokens_needs_no_max_tokens() -> None:
    """The count request has none."""
    assert "max_tokens" not in parse_count_request(codec.dumps({"model": "m", "messages": [user("hi")]}))


def test_r_adm_3_unknown_fields_and_blocks_pass() -> None:
    """Unknown keys at any level and unknown block types are no error (P-07)."""
    accepted(
        user(text("a", novelty=1, cache_control={"type": "ephemeral", "scope": "global"}), {"type": "novelty"}),
        assistant({"type": "novelty", "content": ["loose", {"type": "text", "text": "x"}]}, tool_use("t1")),
        user(tool_result("t1", {"an": "object"}, novelty=True)),
        tools=[{**BASH, "eager_input_streaming": True}],
        diagnostics={"x": 1},
        context_management={"edits": []},
    )


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"type": "text", "text": 5}, "text: Input should be a valid string"),
        ({"type": "text"}, "text: Field required"),
        ({"type": 7}, "type: Input should be a valid string"),
        ({"type": "image"}, "source: Field required"),
        ({"type": "image", "source": {"type": "base64"}}, "source.data: Field required"),
        ({"type": "image", "source": {"type": "url", "url": 1}}, "source.url: Input should be a valid string"),
        ({"type": "image", "source": {"data": "x"}}, "source.type: Input should be a valid string"),
        ({"type": "tool_result"}, "tool_use_id: Field required"),
        ({"type": "tool_result", "tool_use_id": "t", "content": ["x"]}, "content.0: Input should be an object"),
        (
            {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": None}]},
            "content.0.text: Input should be a valid string",
        ),
        ({"type": "document", "source": {"type": "text"}}, "source.data: Field required"),
        (
            {"type": "document", "source": {"type": "content", "content": [{"type": "text"}]}},
            "source.content.0.text: Field required",
        ),
        ({**document(), "title": 5}, "title: Input should be a valid string"),
        ({"type": "search_result", "content": "x"}, "content: Input should be a valid list"),
        ({"type": "mid_conv_system", "content": [1]}, "content.0: Input should be an object"),
        ("bare", "Input should be an object"),
    ],
)
def test_r_adm_4_wrong_types_are_named_by_path(block: Any, message: str) -> None:
    """The message begins with the path of the field, as Anthropic's does."""
    joint = "." if ":" in message else ": "
    assert refused_with(user("hi"), {"role": "user", "content": [text("a"), block]}) == (
        f"messages.1.content.1{joint}{message}"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"stream": "yes"}, "stream: Input should be a valid boolean"),
        ({"temperature": "hot"}, "temperature: Input should be a valid number"),
        ({"temperature": True}, "temperature: Input should be a valid number"),
        ({"top_k": 1.5}, "top_k: Input should be a valid integer"),
        ({"stop_sequences": [1]}, "stop_sequences.0: Input should be a valid string"),
        ({"tools": {}}, "tools: Input should be a valid list"),
        ({"tools": ["x"]}, "tools.0: Input should be an object"),
        ({"thinking": "on"}, "thinking: Input should be an object"),
        ({"system": 5}, "system: Input should be a valid string or list"),
        ({"system": [image()]}, "system.0.type: Input should be 'text'"),
        ({"system": ["x"]}, "system.0: Input should be an object"),
        ({"system": [{"type": "text"}]}, "system.0.text: Field required"),
        ({"messages": ["x"]}, "messages.0: Input should be an object"),
        (
            {"messages": [{"role": "tool", "content": "x"}]},
            "messages.0.role: Input should be 'user', 'assistant' or 'system'",
        ),
        ({"messages": [{"role": "user"}]}, "messages.0.content: Field required"),
        (
            {"messages": [{"role": "user", "content": None}]},
            "messages.0.content: Input should be a valid string or list",
        ),
    ],
)
def test_r_adm_4_top_level_types(fields: dict[str, Any], message: str) -> None:
    """Fields that are translated have their type; null is absent; system holds text only (R-SYS-4)."""
    assert refused_with(user("hi"), **fields) == message


def test_r_adm_4_null_is_absent() -> None:
    """SDKs send null for fields that were not given."""
    accepted(user("hi"), tools=None, system=None, temperature=None, thinking=None)


def test_r_adm_4_bottomless_nesting_is_refused() -> None:
    """Blocks inside blocks end somewhere, for unknown types as well."""
    block: dict[str, Any] = text("x")
    for _ in range(40):
        block = {"type": "novelty", "content": [block]}
    assert refused_with(user(block)).endswith("Input is nested too deeply")


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
def test_r_adm_5_constants_that_are_not_json(constant: bytes) -> None:
    """NaN and Infinity are refused."""
    body = codec.dumps(request_body(user("hi"))).replace(b"1024", constant)
    assert "is not JSON" in refused(body)


def test_r_adm_5_big_integers_are_kept() -> None:
    """A number beyond 64 bits goes through unchanged."""
    body = codec.dumps(request_body(user(tool_result("t", {"n": 0})))).replace(b'"n":0', b'"n":123456789012345678901')
    assert parse_request(body)["messages"][0]["content"][0]["content"]["n"] == 123456789012345678901


def test_r_adm_6_p_112_lone_surrogates_are_repaired() -> None:
    """A split pair is joined, an unpaired half becomes U+FFFD."""
    body = b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"\\ud83d\\ude00 \\ud83d"}]}'
    assert parse_request(body)["messages"][0]["content"] == "\U0001f600 \ufffd"


def test_directive_without_content_is_admitted() -> None:
    """A system message may lack content altogether."""
    accepted(user("hi"), {"role": "system", "output_config": {"effort": "low"}})


def test_content_blocks_normalises() -> None:
    """A string is one text block, nothing is none."""
    assert content_blocks("a") == [text("a")]
    assert content_blocks(None) == []
    assert content_blocks([text("b")]) == [text("b")]
