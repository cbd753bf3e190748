"""Events: frozen, and nothing in them that should not leave the proxy."""

from __future__ import annotations

import msgspec
import pytest

from tray_app.proxy import events

KINDS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, events.Event)]


@pytest.mark.parametrize("kind", KINDS)
def test_events_are_frozen_and_carry_no_body_prompt_or_secret(kind: type[events.Event]) -> None:
    """By the names of their fields, so that a new one has to be thought about."""
    assert kind.__struct_config__.frozen
    fields = {field.name for field in msgspec.structs.fields(kind)}
    assert not fields & {"body", "prompt", "messages", "token", "key", "headers", "request", "response"}
    assert "at" in fields
