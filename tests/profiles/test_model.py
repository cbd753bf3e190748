"""Tests of profiles/model.py: ids made from names."""

from __future__ import annotations

from tray_app.profiles.model import slug


def test_a_name_becomes_an_id() -> None:
    """Letters and digits stay, the rest becomes single dashes; a name of other scripts still gives an id."""
    assert [slug(name) for name in ("Open Router!", "--", "深度求索", "A" * 80)] == [
        "open-router",
        "provider",
        "provider",
        "a" * 48,
    ]


def test_a_taken_or_reserved_id_gets_a_number() -> None:
    """Two providers never share an id, and the built-in one keeps its own."""
    assert (slug("X", {"x", "x-2"}), slug("Demo")) == ("x-3", "demo-2")
