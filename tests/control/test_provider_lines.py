"""Profiles and presets as lists show them."""

from __future__ import annotations

from tray_app.control.provider_lines import preset_choices, provider_line
from tray_app.profiles.model import DEMO_ID, EnvironmentCredential, ModelMap, Profile
from tray_app.profiles.presets import presets
from tray_app.state import KeyKind


def test_a_profile_becomes_a_line() -> None:
    """With its host, the models it names, and where its key comes from."""
    profile = Profile(
        id="x",
        name="X",
        base_url="https://api.example.com:8443/v1",
        models=ModelMap(default="big", haiku="small", exact={"a": "b"}),
        credential=EnvironmentCredential("MY_KEY"),
    )
    line = provider_line(profile)
    assert (line.id, line.name, line.host, line.demo) == ("x", "X", "api.example.com:8443", False)
    assert line.models == (("default", "big"), ("haiku", "small"))
    assert line.key_kind is KeyKind.ENVIRONMENT


def test_where_the_demo_listens_is_not_shown() -> None:
    """It changes with every start."""
    line = provider_line(Profile(id=DEMO_ID, name="Demo", base_url="http://127.0.0.1:1234/v1"))
    assert (line.demo, line.host, line.base_url) == (True, "", "")


def test_every_preset_is_a_draft_of_a_new_provider() -> None:
    """In the order of the table, each remembering what it came from, none with an id of its own."""
    choices = preset_choices(presets())
    assert [choice.id for choice in choices] == [preset.id for preset in presets()]
    for choice in choices:
        assert (choice.draft.id, choice.draft.preset) == ("", choice.id)
        assert choice.draft.name == choice.name
