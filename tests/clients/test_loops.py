"""Tests of clients/loops.py: addresses that lead back to ourselves are recognised."""

from __future__ import annotations

import pytest

from tray_app.clients.loops import is_self


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8417",
        "http://127.0.0.1:8417/p/openai/v1",
        "http://localhost:8417/v1",
        "http://LOCALHOST.:8417",
        "http://proxy.localhost:8417",
        "http://[::1]:8417",
        "http://[::ffff:127.0.0.1]:8417",
        "http://127.8.9.1:8417",
        "http://0.0.0.0:8417",
    ],
)
def test_our_own_address_is_recognised(url: str) -> None:
    """In all its spellings."""
    assert is_self(url, 8417)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11434/v1",
        "https://api.example.com:8417",
        "http://10.0.0.1:8417",
        "http://localhost",
        "",
        "x://[",
        "http://h:x",
    ],
)
def test_other_addresses_are_not_ours(url: str) -> None:
    """Another port, another machine, or no address."""
    assert not is_self(url, 8417)


def test_the_schemes_own_ports_count() -> None:
    """An address without a port has one all the same."""
    assert is_self("http://localhost/v1", 80)
    assert is_self("https://localhost", 443)
