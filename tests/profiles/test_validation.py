"""Tests of profiles/validation.py: what a profile must satisfy before a request is sent with it."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.profiles.model import Profile, RetryPolicy
from tray_app.profiles.validation import InvalidProfileError, decode_profile, problems_of


def profile(**fields: Any) -> Profile:
    return Profile(**{"id": "p", "name": "P", "base_url": "https://api.example.com/v1"} | fields)


def fields_with_problems(**fields: Any) -> list[str]:
    return [problem.partition(":")[0] for problem in problems_of(profile(**fields))]


def test_a_plain_profile_has_no_problems() -> None:
    """Also with a port, a path, a query, another proxy and headers of its own."""
    assert problems_of(profile()) == ()
    assert not problems_of(
        profile(
            base_url="http://[::1]:8000/openai/v1?api-version=1",
            outbound_proxy="socks5://me@127.0.0.1:1080",
            headers={"X-Title": "Dragoman"},
            capabilities={"max_output": 8192},
        )
    )


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:1/v1",
        "http://h%zz/v1",
        "",
        "ftp://example.com",
        "https://",
        "http://a b/",
        "http://[::1",
        "http://h:99999",
        "http://h:0/",
        "https://user:secret@example.com/v1",
        "https://example.com/v1#x",
        "https://example.com/v1\n",
        "https://example.com/v1?a=1&api_key=secret",
        "https://example.com/v1?key=secret",
    ],
)
def test_d41_an_unusable_address_is_refused_before_the_first_request(url: str) -> None:
    """The seed panicked on every request instead."""
    assert fields_with_problems(base_url=url) == ["base_url"]


@pytest.mark.parametrize("proxy", ["127.0.0.1:7890", "localhost:7890", "", "ftp://h", "http://", "http://u:secret@h:1"])
def test_d43_an_unusable_proxy_is_refused(proxy: str) -> None:
    """The seed silently took the environment's proxy instead."""
    assert fields_with_problems(outbound_proxy=proxy) == ["outbound_proxy"]


@pytest.mark.parametrize("proxy", ["system", "direct", "http://127.0.0.1:7890", "https://h", "socks5h://h:1"])
def test_usable_proxies_pass(proxy: str) -> None:
    """The two words and four schemes."""
    assert fields_with_problems(outbound_proxy=proxy) == []


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"Host": "x"}, "set by Dragoman"),
        ({"Accept-Encoding": "gzip"}, "set by Dragoman"),
        ({"x-a": "1", "X-A": "2"}, "given twice"),
        ({"Authorization": "Bearer x"}, "secret"),
        ({"x y": "1"}, "not a header name"),
        ({"": "1"}, "not a header name"),
        ({"x-a": "1\r\nx-b: 2"}, "cannot be sent"),
    ],
)
def test_d49_d50_headers_that_break_an_exchange_are_refused(headers: dict[str, str], problem: str) -> None:
    """Reserved, doubled, secret or unsendable headers are named with the reason."""
    (found,) = problems_of(profile(headers=headers))
    assert found.startswith("headers.")
    assert problem in found


def test_capability_overrides_are_checked_one_by_one() -> None:
    """An unknown key and a wrong type are told with their path."""
    found = problems_of(profile(capabilities={"max_output": "many", "nonsense": 1, "stop_max": 2}))
    assert [problem.partition(":")[0] for problem in found] == ["capabilities.max_output", "capabilities.nonsense"]


def test_a_profile_is_not_its_own_fallback() -> None:
    """It would only try the same again."""
    assert fields_with_problems(retry=RetryPolicy(fallback=("q", "p"))) == ["retry.fallback"]


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"id": "x", "name": "X", "base_url": 1}, "profiles[3].base_url"),
        ({"id": "x", "name": "X"}, "profiles[3]"),
        ({"id": "X!", "name": "X", "base_url": "u"}, "profiles[3].id"),
        ("text", "profiles[3]"),
        ({"id": "x", "name": "X", "base_url": "u", "timeouts": {"idle_s": 0}}, "profiles[3].timeouts.idle_s"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(entry: Any, place: str) -> None:
    """The message starts with the place in the file."""
    with pytest.raises(InvalidProfileError) as caught:
        decode_profile(entry, "profiles[3]")
    assert caught.value.place == place
    assert str(caught.value).startswith(f"{place}: ")
