"""What converters share."""

from __future__ import annotations

from helpers.builders import conversion


def test_notes_name_the_message() -> None:
    """A loss is entered at the message being converted, or bare outside any."""
    shared = conversion()
    shared.note("text", "why")
    shared.path = "messages.3"
    shared.note("text", "why")
    assert shared.losses.as_tuple() == ("text: why", "messages.3.text: why")


def test_capabilities_are_the_targets() -> None:
    """One record for all converters of a request, and for its ids."""
    shared = conversion(tool_id_rule="mistral9")
    assert shared.capabilities is shared.target.capabilities
    assert len(shared.ids.allocate("toolu_1")) == 9
