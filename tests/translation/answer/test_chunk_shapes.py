"""The typed shape of an ordinary chunk takes what it can hold and refuses the rest."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tray_app.translation.answer.chunk_shapes import shape

ODD: list[dict[str, Any]] = [
    {"finish_reason": 1}, {"native_finish_reason": "x"}, {"matched_stop": 1}, {"stop_reason": "x"},
    {"index": 1}, {"message": {}}, {"text": "x"}, {"usage": {}}, {"error": {}}, {"delta": None},
    *({"delta": delta} for delta in (
        {"content": []}, {"tool_calls": {}}, {"function_call": {}}, {"refusal": "no"}, {"reasoning_details": [1]},
        {"reasoning_opaque": "x"}, {"extra_content": {}}, {"annotations": [1]}, {"images": [1]}, {"audio": {}}, {"r": {}},
        {"tool_calls": [{"index": -1}]}, {"tool_calls": [{"index": 1001}]}, {"tool_calls": [{"index": "0"}]},
        {"tool_calls": [{"extra_content": {}}]}, {"tool_calls": [{"function": {"arguments": {}}}]},
    )),
]  # fmt: skip


def decode(choice: dict[str, Any], **fields: Any) -> Any:
    return shape(("r", "s")).decode(json.dumps({"choices": [{"delta": {}, **choice}], **fields}).encode())


@pytest.mark.parametrize("choice", ODD, ids=str)
def test_odd_choices_are_refused(choice: dict[str, Any]) -> None:
    """Whatever has a meaning that the short way does not know."""
    with pytest.raises(msgspec.ValidationError):
        decode(choice)


@pytest.mark.parametrize("field", ["x_groq", "base_resp", "error", "stop_reason"])
def test_odd_chunks_are_refused(field: str) -> None:
    """The same round the choice; and more choices than one, or something that is no list of them."""
    with pytest.raises(msgspec.ValidationError):
        decode({}, **{field: {"a": 1}})
    for choices in ([{"delta": {}}, {"delta": {}}], None):
        with pytest.raises(msgspec.ValidationError):
            decode({}, choices=choices)


def test_ordinary_chunks_pass() -> None:
    """Nulls, empty lists and fields nobody needs."""
    nothing = {
        "role": "assistant",
        "refusal": "",
        "tool_calls": [],
        "reasoning_details": [],
        "annotations": [],
        "x": {},
    }
    chunk = decode(
        {"delta": {**nothing, "content": "x", "s": "y"}, "finish_reason": "stop", "logprobs": {}}, usage={"a": 1}
    )
    assert chunk.choices[0].finish_reason == "stop"
    delta = chunk.choices[0].delta
    assert (delta.content, delta.r0, delta.r1, chunk.usage) == ("x", None, "y", {"a": 1})


def test_reasoning_fields_have_a_place_of_their_own() -> None:
    """By order, once each, and never that of another meaning."""
    assert shape(("r", "content", "s", "r", "reasoning_details")).sources[:2] == ("r", "s")


@pytest.mark.parametrize("fields", [(), ("r",), ("r", "s", "t")])
def test_reasoning_is_found_however_many_fields_it_may_have(fields: tuple[str, ...]) -> None:
    """As many texts as fields, in their order, and nothing true behind them."""
    found = shape(fields)
    for at, field in enumerate(fields):
        chunk = found.decode(json.dumps({"choices": [{"delta": {field: "Hm", "content": "x"}}]}).encode())
        texts = found.reasoning_of(chunk.choices[0].delta)
        assert texts[: len(fields)] == tuple("Hm" if n == at else None for n in range(len(fields)))
        assert not any(texts[len(fields) :])
