"""Providers, their file, their keys and the switchboard stay in step."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.app_services import stack
from helpers.waiting import soon
from tray_app.control.drafts import DraftError
from tray_app.editing import ProfileDraft
from tray_app.profiles.files import FileError
from tray_app.profiles.model import DEMO_ID, EnvironmentCredential, KeyringCredential, Profile
from tray_app.profiles.secrets import SecretsError, SessionSecrets
from tray_app.profiles.store import ProfileStore
from tray_app.profiles.transfer import Choice, preview_profiles
from tray_app.proxy.upstream.addresses import InvalidUpstreamError
from tray_app.state import KeyKind

KEY = "sk-a-made-up-key"
DRAFT = ProfileDraft(name="One", base_url="https://one.example/v1")


class Forgetful(SessionSecrets):
    """A keyring that refuses to keep anything."""

    async def set(self, name: str, value: str) -> None:
        raise SecretsError("The keyring is locked.", "Unlock it and try again.")


def on_disk(folder: Path) -> str:
    """Every byte of every file."""
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def problems(error: pytest.ExceptionInfo[DraftError]) -> list[tuple[str, str]]:
    """Fields and codes."""
    return [(problem.field, problem.code) for problem in error.value.problems]


async def test_the_first_start_uses_the_demo(tmp_path: Path) -> None:
    """It needs no account, and no file."""
    async with stack(tmp_path) as parts:
        assert await parts.library.open() == ()
        assert parts.library.active_id == DEMO_ID
        assert [profile.name for profile in parts.library.all] == ["Demo"]
        assert not (tmp_path / "config").exists()


async def test_a_saved_provider_survives_and_its_key_is_not_on_disk(tmp_path: Path) -> None:
    """The key goes to the secrets, everything else into the file."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        assert await parts.secrets.get(profile.id) == KEY
        assert await parts.switchboard.pinned(profile.id).credential.token() == KEY
        await parts.library.activate(profile.id)
    assert KEY not in on_disk(tmp_path)
    async with stack(tmp_path) as parts:
        await parts.library.open()
        assert parts.library.active_id == profile.id
        assert parts.library.get(profile.id) == profile


@pytest.mark.parametrize("locked", [False, True])
async def test_the_key_is_read_when_its_provider_is_chosen(tmp_path: Path, locked: bool) -> None:
    """At the start and at every switch, so that no request waits for the keyring; a refusal is said to who needs it."""
    asked: list[str] = []

    class Asked(SessionSecrets):
        async def get(self, name: str, *, refresh: bool = False) -> str | None:
            asked.append(name)
            if locked:
                raise SecretsError("locked", "unlock it")
            return await super().get(name)

    async with stack(tmp_path, secrets=Asked()) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        without = await parts.library.save(replace(DRAFT, name="Two", key_kind=KeyKind.NONE), "")
        asked.clear()
        await parts.library.activate(profile.id)
        await soon(lambda: asked == [profile.id], "the key is read")
        await parts.library.activate(without.id)
        await parts.library.activate(profile.id)
        await soon(lambda: asked == [profile.id] * 2, "it is read once more")
        await parts.library.open()
        await soon(lambda: asked == [profile.id] * 3, "and at the start")


async def test_an_edit_keeps_place_id_and_key(tmp_path: Path) -> None:
    """An empty key field means: the one you have."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        one = await parts.library.save(DRAFT, KEY)
        await parts.library.save(replace(DRAFT, name="Two"), KEY)
        draft = parts.library.draft(one.id)
        edited = await parts.library.save(replace(draft, name="First"), "")
        assert [profile.name for profile in parts.library.all] == ["Demo", "First", "Two"]
        assert edited.id == one.id
        assert await parts.secrets.get(one.id) == KEY


async def test_a_new_key_is_used_by_the_next_request(tmp_path: Path) -> None:
    """Although the profile looks the same."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        before = parts.switchboard.pinned(profile.id)
        await parts.library.save(parts.library.draft(profile.id), "sk-another")
        after = parts.switchboard.pinned(profile.id)
        assert after is not before
        assert await after.credential.token() == "sk-another"


async def test_a_key_that_is_not_needed_any_more_is_forgotten(tmp_path: Path) -> None:
    """When it comes from elsewhere from now on."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        draft = replace(parts.library.draft(profile.id), key_kind=KeyKind.ENVIRONMENT, key_source="MY_KEY")
        changed = await parts.library.save(draft, "")
        assert changed.credential == EnvironmentCredential("MY_KEY")
        assert await parts.secrets.get(profile.id) is None


async def test_what_is_missing_is_said_before_anything_changes(tmp_path: Path) -> None:
    """No key, a key that cannot be sent, a wrong field."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        for draft, secret, problem in (
            (DRAFT, "", ("secret", "empty")),
            (DRAFT, "two\nlines", ("secret", "invalid")),
            (replace(DRAFT, base_url=""), KEY, ("base_url", "empty")),
        ):
            with pytest.raises(DraftError) as caught:
                await parts.library.save(draft, secret)
            assert problems(caught) == [problem]
        assert [profile.name for profile in parts.library.all] == ["Demo"]
        assert await parts.secrets.get("one") is None


async def test_a_keyring_that_refuses_leaves_no_half_saved_provider(tmp_path: Path) -> None:
    """Its words stand beside the key field."""
    async with stack(tmp_path, secrets=Forgetful()) as parts:
        await parts.library.open()
        with pytest.raises(DraftError) as caught:
            await parts.library.save(DRAFT, KEY)
        assert caught.value.problems[0].detail == "The keyring is locked. Unlock it and try again."
        assert [profile.name for profile in parts.library.all] == ["Demo"]


async def test_a_file_that_cannot_be_written_leaves_no_orphaned_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would ever find that key again: neither when the disk is full from the start, nor when it fills up."""
    write = ProfileStore.save

    async with stack(tmp_path) as parts:
        await parts.library.open()
        for writes in (0, 1):
            left = iter(range(writes))

            def save(self: ProfileStore, *given: Any, left: Any = left) -> Any:
                if next(left, None) is None:
                    raise FileError("profiles.json: the disk is full")
                return write(self, *given)

            monkeypatch.setattr(ProfileStore, "save", save)
            with pytest.raises(FileError, match="full"):
                await parts.library.save(DRAFT, KEY)
            assert await parts.secrets.get("one") is None
        monkeypatch.undo()
        await parts.library.forget_deleted()
        assert (await parts.library.save(DRAFT, KEY)).id == "one"


async def test_a_key_left_behind_by_a_crash_is_removed_at_the_next_start(tmp_path: Path) -> None:
    """Whether it came before its profile or stayed after it: the note was in the file first."""
    keys = SessionSecrets()
    async with stack(tmp_path, secrets=keys) as parts:
        await parts.library.open()
        one = await parts.library.save(DRAFT, KEY)
        await parts.library.delete(one.id)  # and no goodbye
        parts.store.save((), DEMO_ID, ("never-saved", "one"))
        await keys.set("never-saved", KEY)
    async with stack(tmp_path, secrets=keys) as parts:
        await parts.library.open()
        assert [await keys.get(name) for name in ("one", "never-saved")] == [None, None]
        assert parts.store.load().stale_keys == ()


async def test_a_keyring_that_keeps_a_key_is_asked_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At the next start; the provider is gone either way, and its id is not given to another."""

    class Stubborn(SessionSecrets):
        async def delete(self, name: str) -> None:
            raise SecretsError("The keyring is locked.", "Unlock it.")

    keys = Stubborn()
    async with stack(tmp_path, secrets=keys) as parts:
        await parts.library.open()
        await parts.library.save(DRAFT, KEY)
        await parts.library.delete("one")
        await parts.library.forget_deleted()
        assert parts.store.load().stale_keys == ("one",)
    async with stack(tmp_path, secrets=keys) as parts:
        await parts.library.open()
        assert (await parts.library.save(DRAFT, KEY)).id == "one-2"


async def test_a_deleted_provider_comes_back_as_it_was(tmp_path: Path) -> None:
    """Its place, its key, and that it was in use; it can be deleted again."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        for name in ("One", "Two", "Three"):
            await parts.library.save(replace(DRAFT, name=name), KEY + name)
        await parts.library.activate("two")
        before = parts.library.all
        await parts.library.delete("two")
        assert (parts.library.active_id, parts.library.deleted) == (DEMO_ID, before[2])
        assert await parts.secrets.get("two") == KEY + "Two"
        assert (await parts.library.save(replace(DRAFT, name="Two"), KEY)).id == "two-2"
        await parts.library.delete("two-2")
        await parts.library.restore()
        await parts.library.delete("two-2")
        await parts.library.forget_deleted()
        assert [profile.id for profile in parts.library.all] == [DEMO_ID, "one", "three"]
        await parts.library.delete("one")
        await parts.library.restore()
        await parts.library.restore()
        assert [profile.id for profile in parts.library.all] == [DEMO_ID, "one", "three"]
        await parts.library.activate("one")
        await parts.library.delete("one")
        await parts.library.restore()
        assert (parts.library.active_id, parts.library.deleted) == ("one", None)
        assert await parts.switchboard.pinned("one").credential.token() == KEY + "One"
    async with stack(tmp_path) as parts:
        await parts.library.open()
        assert ([profile.id for profile in parts.library.all], parts.library.active_id) == (
            [DEMO_ID, "one", "three"],
            "one",
        )


async def test_the_order_is_remembered(tmp_path: Path) -> None:
    """A place beyond the end is the end; the Demo stays first."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        for name in ("One", "Two", "Three"):
            await parts.library.save(replace(DRAFT, name=name), KEY)
        for moved, place, order in (
            ("three", 0, "three one two"),
            ("three", 9, "one two three"),
            ("one", 1, "two one three"),
        ):
            await parts.library.move(moved, place)
            assert " ".join(profile.id for profile in parts.library.all[1:]) == order
        with pytest.raises(KeyError):
            await parts.library.move("gone", 0)
    async with stack(tmp_path) as parts:
        await parts.library.open()
        assert [profile.id for profile in parts.library.all] == [DEMO_ID, "two", "one", "three"]


async def test_deleting_the_active_provider_falls_back_to_the_demo(tmp_path: Path) -> None:
    """Its key goes when it cannot be brought back any more; doing it again is an error of the caller."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        await parts.library.activate(profile.id)
        await parts.library.delete(profile.id)
        assert parts.library.active_id == DEMO_ID
        await parts.library.forget_deleted()
        assert await parts.secrets.get(profile.id) is None
        for act in (parts.library.delete, parts.library.activate):
            with pytest.raises(KeyError):
                await act(profile.id)
        with pytest.raises(KeyError):
            parts.library.draft(profile.id)


async def test_deleting_another_provider_switches_nothing(tmp_path: Path) -> None:
    """One without a key in the keyring, for a change."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        one = await parts.library.save(DRAFT, KEY)
        two = await parts.library.save(replace(DRAFT, name="Two", key_kind=KeyKind.NONE), "")
        await parts.library.activate(one.id)
        await parts.library.delete(two.id)
        assert parts.library.active_id == one.id
        assert [profile.name for profile in parts.library.all] == ["Demo", "One"]


async def test_a_provider_chosen_while_it_is_deleted_is_gone(tmp_path: Path) -> None:
    """Two clicks in one moment: no request goes to what is not there any more."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(DRAFT, KEY)
        done = await asyncio.gather(
            parts.library.delete(profile.id), parts.library.activate(profile.id), return_exceptions=True
        )
        assert [type(each) for each in done] == [type(None), KeyError]
        assert parts.switchboard.active is not None
        assert parts.switchboard.active.profile.id == DEMO_ID


async def test_a_provider_that_cannot_be_used_at_start_leaves_the_demo_active(tmp_path: Path) -> None:
    """The file was edited by hand; the error names what is wrong."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        profile = await parts.library.save(replace(DRAFT, key_kind=KeyKind.NONE), "")
        await parts.library.activate(profile.id)
    path = tmp_path / "config" / "profiles.json"
    path.write_text(path.read_text().replace("https://one.example/v1", "nonsense"))
    async with stack(tmp_path) as parts:
        with pytest.raises(InvalidUpstreamError):
            await parts.library.open()
        assert parts.library.active_id == DEMO_ID


async def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    """And the program goes on with the Demo."""
    path = tmp_path / "config" / "profiles.json"
    path.parent.mkdir()
    path.write_text("{")
    async with stack(tmp_path) as parts:
        (problem,) = await parts.library.open()
        assert "profiles.json" in problem
        assert parts.library.active_id == DEMO_ID


async def test_a_candidate_uses_the_key_that_was_typed(tmp_path: Path) -> None:
    """Else the stored one; the Demo has its own."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        _, typed = parts.library.candidate(DRAFT, KEY)
        assert await typed.token() == KEY
        profile = await parts.library.save(DRAFT, "sk-stored")
        _, stored = parts.library.candidate(parts.library.draft(profile.id), "")
        assert await stored.token() == "sk-stored"
        demo, own = parts.library.candidate(parts.library.draft(DEMO_ID), "")
        assert (demo.id, await own.token()) == (DEMO_ID, await parts.switchboard.pinned(DEMO_ID).credential.token())


async def test_our_own_address_is_refused(tmp_path: Path) -> None:
    """Requests would come back for ever: not saved, and not used when the file says so."""
    loop = replace(DRAFT, name="Loop", base_url="http://localhost:8417/v1")
    async with stack(tmp_path, port=8417) as parts:
        with pytest.raises(DraftError) as refused:
            await parts.library.save(loop, KEY)
        assert problems(refused) == [("base_url", "loop")]
        with pytest.raises(DraftError):
            parts.library.candidate(loop, KEY)
    async with stack(tmp_path, port=8418) as parts:
        await parts.library.open()
        await parts.library.save(loop, KEY)
        await parts.library.activate("loop")
    async with stack(tmp_path, port=8417) as parts:
        with pytest.raises(InvalidUpstreamError, match="Dragoman's own address"):
            await parts.library.open()
        assert parts.library.active_id == DEMO_ID
        with pytest.raises(InvalidUpstreamError, match="Dragoman's own address"):
            await parts.library.activate("loop")


async def test_an_import_brings_its_keys_into_the_keyring(tmp_path: Path) -> None:
    """Under the ids the providers get here; ours keep theirs, and what was deleted a moment ago is gone for good."""
    async with stack(tmp_path) as parts:
        await parts.library.open()
        for name in ("One", "Two"):
            await parts.library.save(replace(DRAFT, name=name), KEY)
        await parts.library.delete("two")
        foreign = [
            Profile(id=name, name=name, base_url=f"https://{name}.else.example", credential=KeyringCredential())
            for name in ("one", "two", "three")
        ]
        entries = preview_profiles(foreign, parts.library.all)
        secrets = {"one": "sk-1", "two": "sk-2", "three": "sk-3"}
        came = await parts.library.take_over(entries, {"three": Choice.SKIP}, secrets)
        assert came == ("one-2", "two")
        assert [await parts.secrets.get(name) for name in ("one", "one-2", "two", "three")] == [
            KEY,
            "sk-1",
            "sk-2",
            None,
        ]
        assert parts.store.load().stale_keys == ()
        assert "sk-1" not in on_disk(tmp_path)
        assert await parts.switchboard.pinned("one-2").credential.token() == "sk-1"


async def test_an_import_that_fails_changes_nothing(tmp_path: Path) -> None:
    """Neither the list nor, once it can be reached again, the keyring."""
    async with stack(tmp_path, secrets=Forgetful()) as parts:
        await parts.library.open()
        foreign = Profile(id="one", name="One", base_url="https://one.example", credential=KeyringCredential())
        with pytest.raises(SecretsError):
            await parts.library.take_over(preview_profiles((foreign,), ()), {}, {"one": "sk-1"})
        assert [profile.name for profile in parts.library.all] == ["Demo"]
        assert parts.store.load().stale_keys == ()
