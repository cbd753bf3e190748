"""What may be seen of a request."""

from __future__ import annotations

from tray_app.proxy.redact import CLIENT_CHARS, client_name, error_info, safe_headers
from tray_app.translation.errors import ApiError, Fault

KEY = "my-odd-key-123"


def test_d48_credentials_in_headers_are_masked_whatever_their_name() -> None:
    """Known names lose their value, other values what looks like a key."""
    headers = {
        "Authorization": "Bearer abc",
        "X-API-Key": "abc",
        "Cookie": "a=b",
        "X-Note": "sk-abcdefghijklmnop",
        "Accept": "*/*",
    }
    shown = safe_headers(headers)
    assert shown["Accept"] == "*/*"
    assert not any(secret in str(shown) for secret in ("abc", "a=b", "sk-"))


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
