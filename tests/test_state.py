"""The values that are shown."""

from __future__ import annotations

import pytest

from helpers.ui_values import ONE, app_state, last_error
from tray_app.proxy.events import ServerState
from tray_app.state import AppState, Look


@pytest.mark.parametrize(
    ("fields", "look"),
    [
        ({}, Look.IDLE),
        ({"running": 2}, Look.WORKING),
        ({"server": ServerState.STOPPED}, Look.STOPPED),
        ({"server": ServerState.STARTING}, Look.STOPPED),
        ({"server": ServerState.DRAINING}, Look.STOPPED),
        ({"server": ServerState.FAILED}, Look.TROUBLE),
        ({"last_error": last_error()}, Look.TROUBLE),
        ({"last_error": last_error(), "running": 1}, Look.TROUBLE),
        ({"last_error": last_error(resolved=True), "running": 1}, Look.WORKING),
    ],
)
def test_the_icon_tells_the_most_important_thing(fields: dict[str, object], look: Look) -> None:
    """Trouble outshines work, and a resolved error is no trouble."""
    assert app_state(**fields).look is look


def test_the_address_is_the_endpoint_for_people() -> None:
    """Host and port, and nothing while nothing is bound."""
    assert app_state().address == "127.0.0.1:8417"
    assert AppState().address == ""


def test_the_active_provider_is_found_by_its_id() -> None:
    """None if the id is not among the providers."""
    assert app_state().active is ONE
    assert app_state(active_id="gone").active is None
