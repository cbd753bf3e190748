"""Checking and joining the addresses and headers of a profile."""

from __future__ import annotations

import pytest

from tray_app.proxy.upstream.addresses import (
    InvalidUpstreamError,
    check_headers,
    endpoint,
    messages_endpoint,
    parse_base_url,
    parse_outbound_proxy,
)


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:1/v1",
        "h/v1",
        "http://h/%zz",
        "ftp://h",
        "http://",
        "http:///x",
        "http://h:99999",
        "http://h /",
        "",
        "http://h/#x",
    ],
)
def test_d41_a_base_url_that_is_none_is_refused(text: str) -> None:
    """The seed died on every request instead."""
    with pytest.raises(InvalidUpstreamError, match="base URL"):
        parse_base_url(text)


def test_a_base_url_holds_no_credentials() -> None:
    """They would be stored in the profile."""
    with pytest.raises(InvalidUpstreamError, match="user name or password"):
        parse_base_url("https://user:pass@h/v1")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("http://h", "http://h/chat/completions"),
        ("http://h/d?api-version=X", "http://h/d/chat/completions?api-version=X&k=v"),
        ("http://h/v1/chat/completions", "http://h/v1/chat/completions"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
        ("http://h/a%2Fb", "http://h/a%2Fb/chat/completions"),
    ],
)
def test_d42_the_path_goes_before_the_query(base: str, expected: str) -> None:
    """Whatever the base looks like."""
    query = ("k=v",) if "k=v" in expected else ()
    assert str(endpoint(parse_base_url(base), "/chat/completions", *query)) == expected


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages?beta=true"),
        ("https://h/anthropic", "https://h/anthropic/v1/messages?beta=true"),
        ("https://h/v1/", "https://h/v1/messages?beta=true"),
        ("https://h/v1/messages", "https://h/v1/messages?beta=true"),
    ],
)
def test_messages_endpoints(base: str, expected: str) -> None:
    """With or without /v1 in the base URL."""
    if base.endswith("/v1/messages"):
        assert parse_base_url(base).path in ("", "/")
    assert str(messages_endpoint(parse_base_url(base), query="beta=true")) == expected


@pytest.mark.parametrize("text", ["127.0.0.1:7890", "localhost:7890", "ftp://h:1", "http://"])
def test_d43_an_outbound_proxy_without_a_scheme_is_an_error(text: str) -> None:
    """The seed used another proxy instead."""
    with pytest.raises(InvalidUpstreamError, match="outbound proxy"):
        parse_outbound_proxy(text)


def test_outbound_proxies() -> None:
    """The two words, and addresses."""
    assert parse_outbound_proxy("system") is parse_outbound_proxy("Direct") is None
    assert str(parse_outbound_proxy("socks5://127.0.0.1:1080")) == "socks5://127.0.0.1:1080"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "x"},
        {"accept-encoding": "gzip"},
        {"Connection": "close"},
        {"x-a": "1", "X-A": "2"},
        {"bad name": "1"},
        {"x": "line\r\nbreak"},
        {"": "x"},
    ],
)
def test_d49_d50_headers_that_cannot_be_set_are_refused(headers: dict[str, str]) -> None:
    """Host, framing, codings, duplicates and what is no header."""
    with pytest.raises(InvalidUpstreamError, match="headers"):
        check_headers(headers)


def test_good_headers_are_taken_as_they_are() -> None:
    """Values may be empty or hold Latin-1."""
    assert check_headers({"X-A": "", "authorization": "é"}) == {"X-A": "", "authorization": "é"}
