"""Drafts of the editor and profiles, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tray_app.control.drafts import DraftError, draft_from, profile_from
from tray_app.profiles.model import (
    ApiKind,
    CommandCredential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    NoCredential,
    Profile,
    Timeouts,
)
from tray_app.state import KeyKind, ProfileDraft

DRAFT = ProfileDraft(name=" My Provider ", base_url=" https://api.example.com/v1 ", default_model=" big ")


def problems(draft: ProfileDraft, old: Profile | None = None) -> dict[str, str]:
    """Fields and codes of what is wrong."""
    with pytest.raises(DraftError) as caught:
        profile_from(draft, old, frozenset())
    return {problem.field: problem.code for problem in caught.value.problems}


def test_a_new_draft_becomes_a_profile_with_an_id_of_its_own() -> None:
    """Blanks round the fields go, and a taken id is avoided."""
    profile = profile_from(DRAFT, None, {"my-provider"})
    assert (profile.id, profile.name, profile.base_url) == (
        "my-provider-2",
        "My Provider",
        "https://api.example.com/v1",
    )
    assert profile.models == ModelMap(default="big")
    assert profile.credential == KeyringCredential()


def test_editing_keeps_what_the_editor_does_not_show() -> None:
    """Headers, timeouts, overrides, exact models and the id stay as they were."""
    old = Profile(
        id="x",
        name="Old",
        base_url="https://old.example",
        headers={"X-Team": "7"},
        timeouts=Timeouts(connect_s=3.0),
        models=ModelMap(exact={"a": "b"}, opus="o"),
        api=ApiKind.ANTHROPIC,
    )
    edited = profile_from(replace(draft_from(old), name="New", opus=""), old, {"x"})
    assert (edited.id, edited.name, edited.api) == ("x", "New", ApiKind.ANTHROPIC)
    assert (edited.headers, edited.timeouts) == (old.headers, old.timeouts)
    assert edited.models == ModelMap(exact={"a": "b"})


@pytest.mark.parametrize(
    ("kind", "source", "credential"),
    [
        (KeyKind.KEYRING, "", KeyringCredential()),
        (KeyKind.NONE, "ignored", NoCredential()),
        (KeyKind.ENVIRONMENT, " MY_KEY ", EnvironmentCredential("MY_KEY")),
        (KeyKind.COMMAND, "pass show 'my key'", CommandCredential(("pass", "show", "my key"))),
    ],
)
def test_each_source_of_a_key_survives_the_round_trip(kind: KeyKind, source: str, credential: object) -> None:
    """Draft to profile and back."""
    profile = profile_from(replace(DRAFT, key_kind=kind, key_source=source), None, frozenset())
    assert profile.credential == credential
    back = draft_from(profile)
    assert back.key_kind is kind
    assert profile_from(back, profile, frozenset()) == profile


def test_a_command_keeps_its_times() -> None:
    """Its time to live is not in the editor, so editing must not reset it."""
    old = Profile(id="x", name="X", base_url="https://x.example", credential=CommandCredential(("a",), ttl_s=7.0))
    edited = profile_from(replace(draft_from(old), key_source="b c"), old, frozenset())
    assert edited.credential == CommandCredential(("b", "c"), ttl_s=7.0)


def test_empty_fields_are_named() -> None:
    """All of them at once."""
    empty = ProfileDraft(key_kind=KeyKind.ENVIRONMENT, outbound_proxy=" ")
    wanted = dict.fromkeys(("name", "base_url", "outbound_proxy", "key_source"), "empty")
    assert problems(empty) == wanted


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"base_url": "not an address"}, "base_url", "invalid"),
        ({"base_url": "https://user:pass@example.com"}, "base_url", "invalid"),
        ({"outbound_proxy": "gopher://x"}, "outbound_proxy", "invalid"),
        ({"name": "x" * 81}, "name", "invalid"),
        ({"color": "red"}, "color", "invalid"),
        ({"key_kind": KeyKind.ENVIRONMENT, "key_source": "1 bad"}, "key_source", "invalid"),
        ({"key_kind": KeyKind.COMMAND, "key_source": "pass 'open"}, "key_source", "quotes"),
    ],
)
def test_malformed_fields_are_named(changes: dict[str, object], field: str, code: str) -> None:
    """By the name the editor knows them under."""
    assert problems(replace(DRAFT, **changes)) == {field: code}  # type: ignore[arg-type]
