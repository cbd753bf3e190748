"""What may be seen of a request."""

from __future__ import annotations

from multidict import CIMultiDict

from tray_app.proxy.redact import CLIENT_CHARS, client_name, credentials_in, error_info, masked_headers
from tray_app.translation.errors import ApiError, Fault
from tray_app.translation.redaction import MASK

KEY = "my-odd-key-123"


def test_d48_headers_that_carry_credentials_keep_only_their_name() -> None:
    """By what their name says; counted tokens are no credentials."""
    headers = {
        "Authorization": "Bearer abc",
        "X-API-Key": "abc",
        "api-key": "abc",
        "Cookie": "a=abc",
        "X-Auth-Token": "abc",
        "My-Client-Secret": "abc",
        "Accept": "*/*",
        "x-ratelimit-remaining-tokens": "12",
    }
    shown = dict(masked_headers(headers))
    assert (shown["Accept"], shown["x-ratelimit-remaining-tokens"]) == ("*/*", "12")
    assert list(shown) == list(headers)
    assert "abc" not in str(shown)


def test_a_header_that_comes_twice_is_masked_twice() -> None:
    """Repeated names keep their places."""
    headers = CIMultiDict([("Set-Cookie", "a=abc"), ("Accept", "x"), ("set-cookie", "b=abc"), ("Accept", "y")])
    assert masked_headers(headers) == (("Set-Cookie", MASK), ("Accept", "x"), ("set-cookie", MASK), ("Accept", "y"))


def test_credentials_are_known_without_their_scheme() -> None:
    """So that they are found where they stand alone."""
    assert credentials_in({"Authorization": "Bearer abcdef", "x-api-key": "ghijkl", "Accept": "x"}) == {
        "abcdef",
        "ghijkl",
    }


def test_an_error_is_told_without_the_key_it_quotes() -> None:
    """P-125: in both texts."""
    error = ApiError(
        "authentication_error", f"bad {KEY}", fault=Fault.UPSTREAM, upstream_status=401, upstream_text=f"no {KEY}"
    )
    info = error_info(error, [KEY])
    assert KEY not in str(info)
    assert (info.type, info.status, info.fault, info.upstream_status) == ("authentication_error", 401, "upstream", 401)
    assert error_info(ApiError("api_error", "x")).upstream_text is None


def test_the_clients_name_is_one_short_line() -> None:
    """A user agent is somebody else's text."""
    assert client_name({"User-Agent": "claude-cli/2.1\x1b[31m"}) == "claude-cli/2.1[31m"
    assert len(client_name({"User-Agent": "x" * 500})) == CLIENT_CHARS
    assert client_name({}) == ""
