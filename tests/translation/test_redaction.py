"""Credentials in other people's texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.redaction import MASK, bound, header_safe, prepare, redact

SECRET_TEXTS = [
    ("Incorrect API key provided: sk-proj-Ab12Cd34Ef56.", "Ab12Cd34Ef56"),
    ("Incorrect API key provided: sk-abcd********wxyz", "wxyz"),
    ("Incorrect API key provided: sk-secretsecretsecret.", "secretsecret"),
    ("You passed gsk_1234567890abcdef", "1234567890abcdef"),
    ("key AIzaSyA1234567890abcdefghijk is not valid", "AIzaSyA1234567890"),
    ("aws AKIAABCDEFGHIJKLMNOP denied", "AKIAABCDEFGHIJKLMNOP"),
    ("token ya29.a0AfH6SMBx1234567890-abc", "a0AfH6SMBx"),
    ("hf_abcdEFGH1234 has no access", "abcdEFGH1234"),
    ("Authorization: Bearer abc.def-ghi_123", "abc.def-ghi_123"),
    ("sent `bearer zzzzzzzzzzzz` to us", "zzzzzzzzzzzz"),
    ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    ("GET https://api.example/v1?key=topsecret99&x=1 failed", "topsecret99"),
    ("GET https://api.example/v1?x=1&api_key=topsecret99 failed", "topsecret99"),
    ("retry with key=topsecret99", "topsecret99"),
    ("GET /v1?access_token=topsecret99", "topsecret99"),
    ('{"x-api-key": "topsecret99"}', "topsecret99"),
    ('{\\"api-key\\":\\"topsecret99\\"}', "topsecret99"),
    ("api_key=topsecret99", "topsecret99"),
    ("x-goog-api-key: topsecret99", "topsecret99"),
    ("refresh_token: topsecret99", "topsecret99"),
    ("client_secret = topsecret99", "topsecret99"),
    ("password: hunter2hunter2", "hunter2hunter2"),
    ("connect to https://user:hunter2@proxy.example:3128 failed", "hunter2"),
    ("jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2lnbmF0dXJl rejected", "eyJzdWIiOiIx"),
    ("The API key `f00dfeed1234567890ab` is unknown", "f00dfeed1234567890ab"),
    ("invalid token (0123456789abcdef0123)", "0123456789abcdef0123"),
    ("API key not found: 0123456789abcdef0123", "0123456789abcdef0123"),
]


@pytest.mark.parametrize(("text", "secret"), SECRET_TEXTS)
def test_r_err_2_masks_credentials(text: str, secret: str) -> None:
    """Nothing that looks like a credential survives, whatever announces it."""
    masked = redact(text)
    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "This model's maximum context length is 128000 tokens. However, you requested 130000 tokens",
        "Your request exceeded model token limit: 131072 (requested: 140000)",
        "max_tokens: 128000 > 8192, which is the maximum allowed number of output tokens",
        "Unknown parameter: 'parallel_tool_calls'.",
        "header.authorization: Field required",
        "Missing bearer authentication in header",
        "unexpected token < in JSON at position 0",
        "Rate limit reached for gpt-5 in organization org on tokens per min. Please try again in 1.2s.",
        "see https://platform.openai.com/account/api-keys",
        "The key 'temperature' is not permitted",
        "错误：余额不足，请充值",
    ],
)
def test_r_err_2_leaves_ordinary_words(text: str) -> None:
    """An error without a credential is shown as the provider wrote it."""
    assert redact(text) == text


def test_p_125_masks_the_given_secrets_wherever_they_stand() -> None:
    """A key of no known form is masked because the caller knows it; very short ones would mask words."""
    assert redact("I got my-odd-key! twice: my-odd-key!", ("my-odd-key!",)) == f"I got {MASK} twice: {MASK}"
    assert redact("a key of key", ("key",)) == "a key of key"


@given(st.text(max_size=200), st.text("abcdefXYZ0123", min_size=8, max_size=40))
def test_r_err_2_holds_in_any_surroundings(before: str, secret: str) -> None:
    """A bearer value is masked in any text."""
    assert secret not in redact(f"{before} Authorization: Bearer {secret}").removeprefix(before)


def test_r_err_2_is_stable() -> None:
    """What was masked once is not masked again."""
    once = redact(" ".join(text for text, _ in SECRET_TEXTS))
    assert redact(once) == once


def test_r_err_1_bounds_a_message() -> None:
    """A text of the limit passes, a longer one is cut and says so."""
    assert bound("x" * 10, 10) == "x" * 10
    assert bound("x" * 11, 10) == "x" * 9 + "\u2026"
    assert len(bound("x" * 100_000)) == 4000


def test_r_ovf_4_header_text_is_one_line_of_ascii() -> None:
    """Line ends, control characters and non-ASCII cannot break a header; 300 characters are kept."""
    assert header_safe("two\r\nlines\tand \x00 caf\u00e9") == "two lines and ? caf?"
    assert header_safe("x" * 301) == "x" * 297 + "..."
    assert header_safe("x" * 300) == "x" * 300


def test_preparing_changes_nothing_but_the_time() -> None:
    """The patterns are the same before and after."""
    before = redact("Bearer abc.def-ghi_123")
    prepare()
    assert redact("Bearer abc.def-ghi_123") == before
