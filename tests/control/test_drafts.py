"""Drafts of the editor and profiles, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tray_app.control.drafts import DraftError, draft_from, profile_from
from tray_app.editing import ProfileDraft
from tray_app.profiles.model import (
    ApiKind,
    CommandCredential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    NoCredential,
    Profile,
    RetryPolicy,
    Timeouts,
)
from tray_app.state import KeyKind

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


WHOLE = Profile(
    id="x",
    name="Old",
    base_url="https://old.example",
    headers={"X-Team": "7"},
    timeouts=Timeouts(connect_s=3.0, silence_s=0.5),
    retry=RetryPolicy(connect=0, statuses=2, fallback=("other",)),
    models=ModelMap(exact={"a": "b"}, globs=(("claude-*", "c"), ("*", "d")), opus="o"),
    api=ApiKind.ANTHROPIC,
    capabilities={"max_tools": 3, "drop": ["seed"], "effort_map": {"x high": "high"}, "user_field": "none"},
    outbound_proxy="socks5://127.0.0.1:9",
    notes="mine",
    preset="openai",
)


def test_a_profile_survives_the_editor() -> None:
    """Every field of it, and its id."""
    assert profile_from(draft_from(WHOLE), WHOLE, {"x"}) == WHOLE
    edited = profile_from(replace(draft_from(WHOLE), name="New", opus=""), WHOLE, {"x"})
    assert (edited.id, edited.name, edited.models.opus) == ("x", "New", "")


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
    """Editing the command resets neither; they are fields of their own."""
    old = Profile(id="x", name="X", base_url="https://x.example", credential=CommandCredential(("a",), ttl_s=7.0))
    edited = profile_from(replace(draft_from(old), key_source="b c"), old, frozenset())
    assert edited.credential == CommandCredential(("b", "c"), ttl_s=7.0)
    changed = profile_from(replace(draft_from(old), key_ttl_s="9", key_timeout_s="1.5"), old, frozenset())
    assert changed.credential == CommandCredential(("a",), ttl_s=9.0, timeout_s=1.5)


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
        ({"key_kind": KeyKind.COMMAND, "key_source": "a", "key_ttl_s": "soon"}, "key_ttl_s", "number"),
        ({"key_kind": KeyKind.COMMAND, "key_source": "a", "key_timeout_s": "0"}, "key_timeout_s", "invalid"),
        ({"base_url": "https://<resource>.example"}, "base_url", "placeholder"),
        ({"connect_s": "0"}, "connect_s", "invalid"),
        ({"idle_s": "nan"}, "idle_s", "number"),
        ({"connect_retries": 9}, "connect_retries", "invalid"),
        ({"status_retries": 9}, "status_retries", "invalid"),
        ({"fallback": ("My Provider",)}, "fallback", "invalid"),
        ({"name": "a", "fallback": ("a",)}, "fallback", "invalid"),
        ({"aliases": (("a", ""),)}, "aliases", "half"),
        ({"aliases": (("a", "1"), ("a[1m]", "2"))}, "aliases", "twice"),
        ({"headers": (("X Team", "7"),)}, "headers", "invalid"),
        ({"headers": (("X-Token", "abcdefghijklmnop1234"),)}, "headers", "secret"),
        ({"overrides": "max_tools = "}, "overrides", "toml"),
        ({"overrides": "max_tools = 'three'"}, "overrides", "invalid"),
        ({"overrides": "no_such_thing = 1"}, "overrides", "invalid"),
    ],
)
def test_malformed_fields_are_named(changes: dict[str, object], field: str, code: str) -> None:
    """By the name the editor knows them under."""
    assert problems(replace(DRAFT, **changes)) == {field: code}  # type: ignore[arg-type]


def test_what_is_wrong_inside_a_field_is_named_there() -> None:
    """Which header, which override."""
    with pytest.raises(DraftError) as caught:
        profile_from(replace(DRAFT, headers=(("Host", "x"),), overrides="max_tools = 'x'"), None, frozenset())
    assert [(problem.field, problem.detail.partition(":")[0]) for problem in caught.value.problems] == [
        ("headers", "Host"),
        ("overrides", "max_tools"),
    ]
