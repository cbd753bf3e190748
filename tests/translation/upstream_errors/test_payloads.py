"""The shapes of error bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.upstream_errors.payloads import message_of, read_body, read_payload

SHAPES: list[tuple[str, Any, str]] = [
    ("OpenAI", {"error": {"message": "words", "type": "t", "code": "c"}}, "words"),
    ("error is a string", {"error": "words"}, "words"),
    ("message", {"object": "error", "message": "words", "code": 40}, "words"),
    ("detail is a string", {"detail": "words"}, "words"),
    (
        "FastAPI",
        {"detail": [{"loc": ["body", "messages", 0], "msg": "one"}, {"loc": "x", "msg": "two"}]},
        "body.messages.0: one; two",
    ),
    ("Mistral", {"object": "error", "message": {"detail": [{"loc": ["body"], "msg": "one"}]}}, "body: one"),
    ("errors", {"errors": [{"message": "words"}, {"message": "more"}]}, "words"),
    ("errors of strings", {"errors": ["words", "more"]}, "words"),
    ("Gemini", [{"error": {"code": 400, "message": "words", "status": "INVALID_ARGUMENT"}}], "words"),
    ("MiniMax", {"base_resp": {"status_code": 1008, "status_msg": "words"}}, "words"),
    ("error_msg", {"error_code": 17, "error_msg": "words"}, "words"),
    ("msg", {"code": 1, "msg": "words"}, "words"),
    ("OAuth", {"error_description": "words", "error": ""}, "words"),
    ("problem+json", {"title": "words", "status": 400}, "words"),
    (
        "OpenRouter",
        {
            "error": {
                "message": "Provider returned error",
                "code": 400,
                "metadata": {"raw": '{"error":{"message":"words"}}'},
            }
        },
        "words",
    ),
    ("OpenRouter, raw text", {"error": {"message": "m", "metadata": {"raw": "words"}}}, "words"),
    ("OpenRouter, nothing raw", {"error": {"message": "words", "metadata": {"raw": None}}}, "words"),
    ("OpenRouter, moderation", {"error": {"message": "words", "metadata": {"reasons": ["x"]}}}, "words"),
    ("JSON in the message", {"error": {"message": '{"error": {"message": "words"}}'}}, "words"),
    ("JSON without words", {"error": {"message": '{"a": 1}'}}, '{"a": 1}'),
    ("not quite JSON", {"error": {"message": "{oops"}}, "{oops"),
    ("HTML in the message", {"message": "<html><head><title>words</title>"}, "words"),
    ("empty", {}, ""),
    ("nothing human", {"error": {"code": 500}}, ""),
    ("empty array", [], ""),
    ("null", None, ""),
    ("number", 17, ""),
]


@pytest.mark.parametrize(("payload", "words"), [(p, w) for _, p, w in SHAPES], ids=[name for name, _, _ in SHAPES])
def test_r_err_1_finds_the_human_message(payload: Any, words: str) -> None:
    """Every known shape gives its message, decoded or as a body."""
    assert message_of(payload) == words
    assert read_payload(payload).message == words
    if isinstance(payload, (dict, list)):
        assert read_body(json.dumps(payload).encode()).message == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", ""),
        (b"  \n", ""),
        (b"plain words\n", "plain words"),
        (b'"a JSON string"', "a JSON string"),
        (b"404 page not found\n", "404 page not found"),
        (
            b"<html><head><title>502 Bad\n Gateway &amp; more</title></head><body>x</body></html>",
            "502 Bad Gateway & more",
        ),
        (b"<!DOCTYPE html><html><body><h1>Just a moment</h1><p>x</p></body></html>", "Just a moment"),
        (b"<html><style>p {}</style><body><p>Only   text</p></body></html>", "Only text"),
        (b'\xef\xbb\xbf{"error": "words"}', "words"),
        (b"\xff\xfe broken", "\ufffd\ufffd broken"),
        (b'{"error": {"message": "half', '{"error": {"message": "half'),
        (b'{"error": {"message": "\xff"}}', "\ufffd"),
    ],
)
def test_p_92_reads_odd_bodies(body: bytes, words: str) -> None:
    """HTML, text, nothing and broken UTF-8 are read as far as they go."""
    assert read_body(body).message == words


def test_d30_html_is_not_shown_raw() -> None:
    """An HTML page gives its title, never its markup."""
    assert "<" not in read_body(b"<html><head><title>Error</title></head><body><b>x</b></body></html>").message


def test_codes_are_collected_outermost_first() -> None:
    """Codes, types, status words and Google's reasons are found at every level, in lower case."""
    body = [
        {
            "error": {
                "code": 400,
                "message": "m",
                "status": "INVALID_ARGUMENT",
                "details": [{"reason": "API_KEY_INVALID"}, {"@type": "x"}],
            }
        }
    ]
    assert read_payload(body).codes == ("400", "invalid_argument", "api_key_invalid")
    assert read_payload({"base_resp": {"status_code": 1008}}).codes == ("base_resp:1008",)
    assert read_payload({"base_resp": {}, "code": ""}).codes == ()
    assert read_payload({"code": 429.0, "type": True, "status": 1.5}).codes == ("429",)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (429, 429),
        ("503", 503),
        (400, 400),
        (599, 599),
        (600, None),
        (399, None),
        ("x", None),
        ("\u0664\u0660\u0660", None),
        (None, None),
    ],
)
def test_r_err_5_a_status_is_a_code_from_400_to_599(code: Any, status: int | None) -> None:
    """Only an HTTP error status counts as one."""
    assert read_payload({"error": {"code": code, "message": "m"}}).status == status


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "error",
                        "message",
                        "detail",
                        "errors",
                        "metadata",
                        "raw",
                        "msg",
                        "loc",
                        "code",
                        "base_resp",
                        "status_code",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_p_92_never_raises(payload: Any) -> None:
    """Any value at all gives a report."""
    assert isinstance(read_payload(payload).message, str)


def test_a_deep_body_is_left_alone() -> None:
    """A hostile nesting costs nothing."""
    payload: Any = {"message": "deep"}
    for _ in range(50):
        payload = {"error": payload}
    assert read_payload(payload).message == ""
