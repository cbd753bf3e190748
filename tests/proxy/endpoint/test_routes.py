"""The HTTP surface: which path means what."""

from __future__ import annotations

import pytest

from tray_app.proxy.endpoint.routes import UNKNOWN, check_method, match
from tray_app.translation.errors import ApiError


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/messages", "messages"),
        ("/v1/messages/", "messages"),
        ("//v1//messages", "messages"),
        ("/messages", "messages"),
        ("/v1/v1/messages", "messages"),
        ("/anthropic/v1/messages", "messages"),
        ("/v1/messages/count_tokens", "count_tokens"),
        ("/v1/models", "models"),
        ("/", "root"),
        ("", "root"),
        ("/anthropic", "root"),
        ("/api/hello", "hello"),
        ("/healthz", "healthz"),
        ("/v1/messages/batches", UNKNOWN),
        ("/v1/files", UNKNOWN),
        ("/api/event_logging/batch", UNKNOWN),
        ("/v1/message", UNKNOWN),
        ("/v1/MESSAGES", UNKNOWN),
        ("/other/v1/messages", UNKNOWN),
    ],
)
def test_r_lis_1_paths(path: str, name: str) -> None:
    """Tolerant in slashes, prefix and /v1; strict in names."""
    assert match(path).name == name


def test_a_path_pins_a_profile() -> None:
    """``/p/<id>`` in front of any route, prefix included."""
    for path in ("/p/my%2Done/v1/messages", "//p//my-one/anthropic/v1/messages/"):
        route = match(path)
        assert (route.name, route.pinned) == ("messages", "my-one")
    assert match("/v1/messages").pinned is None
    assert match("/p/my-one").name == "root"
    assert match("/p").name == UNKNOWN


def test_r_mdl_5_a_model_id_may_hold_slashes() -> None:
    """Matched by the decoded tail."""
    route = match("/v1/models/meta%2Fllama-3/instruct")
    assert (route.name, route.tail) == ("model", "meta/llama-3/instruct")


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/x", "GET", 404), ("/v1/messages", "GET", 405), ("/", "POST", 405)]
)
def test_d34_d47_unknown_paths_and_wrong_methods(path: str, method: str, status: int) -> None:
    """404 and 405, both in words."""
    with pytest.raises(ApiError) as raised:
        check_method(match(path), method, path)
    assert raised.value.status == status
    assert path in raised.value.message or "use" in raised.value.message


def test_right_methods_pass() -> None:
    """What the table allows raises nothing."""
    check_method(match("/v1/messages"), "POST", "/v1/messages")
    check_method(match("/"), "HEAD", "/")
