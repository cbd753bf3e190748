"""The four locks, one by one and in their order."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict

from tray_app.proxy.endpoint.guard import Guard, OpenBindError, check_bind, host_name, is_loopback
from tray_app.translation.errors import ApiError

TOKEN = "secret-token"
GOOD = {"Host": "127.0.0.1:8417", "x-api-key": TOKEN, "Content-Type": "application/json"}


def status(
    changes: dict[str, str | None], *, guard: Guard | None = None, route: str = "messages", method: str = "POST"
) -> int:
    """What the locks say: a status, 200 for "pass"."""
    headers = CIMultiDict({name: value for name, value in (GOOD | changes).items() if value is not None})
    try:
        (guard or Guard(token=TOKEN)).check(route, method, headers)
    except ApiError as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Host": "localhost"},
        {"Host": "LOCALHOST:1"},
        {"Host": "[::1]:8417"},
        {"Host": "127.0.0.2"},
        {"x-api-key": None, "Authorization": f"Bearer {TOKEN}"},
        {"x-api-key": None, "Authorization": f"bearer  {TOKEN} "},
        {"x-api-key": "wrong", "Authorization": f"Bearer {TOKEN}"},
        {"Authorization": "Bearer wrong"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Content-Type": "Application/JSON"},
    ],
)
def test_r_hdr_what_passes(changes: dict[str, str | None]) -> None:
    """Loopback names, either credential header, JSON in any spelling."""
    assert status(changes) == 200


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "127.0.0.1.evil.example", "192.168.0.7:8417", "localhost.evil"]
)
def test_d46_a_foreign_host_header_is_refused(host: str | None) -> None:
    """DNS rebinding: the name in the Host header is not ours."""
    assert status({"Host": host}) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8417", ""])
def test_d46_any_origin_is_refused(origin: str) -> None:
    """Only browsers send it, and none has business here."""
    assert status({"Origin": origin}) == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"x-api-key": None},
        {"x-api-key": ""},
        {"x-api-key": TOKEN + "x"},
        {"x-api-key": "tökén"},
        {"x-api-key": None, "Authorization": TOKEN},
        {"x-api-key": None, "Authorization": f"Basic {TOKEN}"},
    ],
)
def test_d46_a_missing_or_wrong_token_is_401_and_not_to_be_retried(changes: dict[str, str | None]) -> None:
    """Claude Code repeats a 401 for minutes unless told not to."""
    assert status(changes) == 401
    with pytest.raises(ApiError) as raised:
        Guard(token=TOKEN).check("messages", "POST", CIMultiDict({"Host": "localhost"}))
    assert (raised.value.type, raised.value.should_retry) == ("authentication_error", False)


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
)
def test_d46_a_body_a_web_page_could_send_is_415(kind: str | None) -> None:
    """Types that need no preflight never pass."""
    assert status({"Content-Type": kind}) == 415


def test_a_get_needs_no_content_type() -> None:
    """Only bodies have one."""
    assert status({"Content-Type": None}, route="models", method="GET") == 200


@pytest.mark.parametrize("route", ["root", "hello", "healthz"])
def test_signs_of_life_need_no_token_but_the_other_locks_hold(route: str) -> None:
    """Clients send HEAD / before they show their key."""
    assert status({"x-api-key": None}, route=route, method="HEAD") == 200
    assert status({"x-api-key": None, "Host": "evil.example"}, route=route, method="HEAD") == 403


def test_without_a_token_every_local_program_may_come_in() -> None:
    """`--no-token`: the other locks stay."""
    guard = Guard(token=None)
    assert status({"x-api-key": None}, guard=guard) == 200
    assert status({"x-api-key": None, "Origin": "x"}, guard=guard) == 403


def test_behind_an_open_bind_addresses_and_given_names_are_accepted() -> None:
    """Rebinding needs a name; a literal address cannot be rebound."""
    guard = Guard(token=TOKEN, loopback_only=False, names=frozenset({"proxy.lan"}))
    assert status({"Host": "192.168.0.7:8417"}, guard=guard) == 200
    assert status({"Host": "Proxy.LAN:80"}, guard=guard) == 200
    assert status({"Host": "evil.example"}, guard=guard) == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.com"])
def test_an_open_bind_needs_the_token(host: str) -> None:
    """Loopback is free, everything else is not."""
    with pytest.raises(OpenBindError, match="without a token"):
        check_bind(host, None)
    check_bind(host, TOKEN)


def test_loopback_has_many_names() -> None:
    """Names and addresses, not what merely looks like one."""
    assert all(is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "127.9.9.9"))
    assert not any(is_loopback(host) for host in ("", "0.0.0.0", "localhost.example", "::"))
    assert [host_name(text) for text in ("[::1]:80", "A:1", " b ")] == ["::1", "a", "b"]


def test_the_token_is_not_in_the_guards_repr() -> None:
    """Logs may print it."""
    assert TOKEN not in repr(Guard(token=TOKEN))
