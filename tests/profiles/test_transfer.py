"""Tests of profiles/transfer.py: no secret leaves, nothing comes in unseen, sizes are bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tray_app.profiles import transfer
from tray_app.profiles.model import DEMO_ID, EnvironmentCredential, KeyringCredential, Profile
from tray_app.profiles.transfer import (
    Choice,
    Kind,
    TransferError,
    apply_import,
    export_profiles,
    preview_import,
    preview_profiles,
)


def profile(profile_id: str, **fields: Any) -> Profile:
    given = {"id": profile_id, "name": profile_id, "base_url": f"https://{profile_id}.example.com/v1"} | fields
    return Profile(**given)


OURS = (profile("a", credential=KeyringCredential()), profile("b", credential=EnvironmentCredential("K")))


def edited(**changes: Any) -> bytes:
    return json.dumps(json.loads(export_profiles(OURS)) | changes).encode()


def test_an_export_comes_back_unchanged() -> None:
    """On an empty machine everything is added, and keyring profiles ask for their keys."""
    preview = preview_import(export_profiles(OURS), ())
    assert [(entry.kind, entry.needs_key) for entry in preview.entries] == [(Kind.ADDED, True), (Kind.ADDED, False)]
    assert apply_import(preview.entries, ()).profiles == OURS


def test_the_file_says_that_keys_are_not_included() -> None:
    """And lists what else was left out: headers that sound like secrets."""
    exported = export_profiles([profile("a", headers={"X-Gateway-Token": "s3cr3t", "X-Title": "Dragoman"})])
    assert b"s3cr3t" not in exported
    content = json.loads(exported)
    assert "Keys are not included" in content["note"]
    assert content["left_out"] == ["a: header X-Gateway-Token"]
    assert content["profiles"][0]["headers"] == {"X-Title": "Dragoman"}


def test_importing_over_the_same_profiles_proposes_nothing() -> None:
    """Same stays, changed is shown but skipped unless wanted."""
    changed = profile("b", notes="new", credential=EnvironmentCredential("K"))
    preview = preview_import(export_profiles([OURS[0], changed]), OURS)
    assert [entry.kind for entry in preview.entries] == [Kind.SAME, Kind.CHANGED]
    assert apply_import(preview.entries, OURS).profiles == OURS
    taken = apply_import(preview.entries, OURS, {"b": Choice.TAKE})
    assert (taken.profiles, taken.ids) == ((OURS[0], changed), {"b": "b"})


@pytest.mark.parametrize("choice", [None, Choice.BOTH, Choice.TAKE])
def test_a_foreign_address_never_gets_our_key(choice: Choice | None) -> None:
    """The key is stored under the id, so another provider of that id arrives under a new one, whatever is chosen."""
    foreign = profile("a", base_url="https://evil.example.net", credential=KeyringCredential())
    preview = preview_import(export_profiles([foreign]), OURS)
    assert preview.entries[0].kind is Kind.CONFLICT
    result = apply_import(preview.entries, OURS, {"a": choice} if choice else None)
    assert result.ids == {"a": "a-2"}
    assert [(found.id, found.base_url) for found in result.profiles] == [
        ("a", "https://a.example.com/v1"),
        ("b", "https://b.example.com/v1"),
        ("a-2", "https://evil.example.net"),
    ]


def test_one_bad_entry_does_not_lose_the_others() -> None:
    """It is named by its place."""
    entries = json.loads(export_profiles(OURS))["profiles"]
    data = edited(profiles=[{"id": "x"}, entries[0], entries[0], {**entries[1], "id": DEMO_ID}, entries[1]])
    preview = preview_import(data, ())
    assert [entry.profile.id for entry in preview.entries] == ["a", "b"]
    assert [problem.partition(":")[0] for problem in preview.problems] == [
        "profiles[0]",
        "profiles[2].id",
        "profiles[3].id",
    ]


def test_an_unusable_profile_is_shown_with_its_problems() -> None:
    """Before anything is saved."""
    preview = preview_import(export_profiles([profile("a", base_url="nonsense")]), ())
    assert preview.entries[0].problems[0].startswith("base_url")
    assert preview.entries[0].proposal is Choice.SKIP


def test_an_id_whose_key_may_still_be_stored_is_not_given_away() -> None:
    """The next free one is."""
    entries = preview_profiles(OURS, ())
    assert apply_import(entries, (), reserved=("a", "a-2")).ids == {"a": "a-3", "b": "b"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "not a file"),
        (b"[" * 100_000, "not a file"),
        (b"\xff", "not a file"),
        (edited(format="other"), "not a file"),
        (edited(version=2), "newer version"),
        (edited(profiles=[{}] * 201), "more than 200"),
        (b" " * (transfer.MAX_BYTES + 1), "larger than 1024 KiB"),
    ],
    ids=["broken", "deep", "bytes", "format", "version", "many", "large"],
)
def test_what_is_no_export_is_refused(data: bytes, words: str) -> None:
    """With a reason, before anything is decoded further."""
    with pytest.raises(TransferError, match=words):
        preview_import(data, OURS)
