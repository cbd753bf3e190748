"""The file and the keyring, in step."""

from __future__ import annotations

from pathlib import Path

import pytest

from tray_app.control.shelf import Shelf
from tray_app.profiles.model import DEMO_ID, KeyringCredential, NoCredential, Profile
from tray_app.profiles.secrets import SecretsError, SessionSecrets
from tray_app.profiles.store import ProfileStore

ONE = Profile(id="one", name="One", base_url="https://one.example", credential=KeyringCredential())
FREE = Profile(id="one", name="One", base_url="https://one.example", credential=NoCredential())


class Watching(SessionSecrets):
    """A keyring that remembers what the file said when a key came in."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.noted: list[tuple[str, ...]] = []

    async def set(self, name: str, value: str) -> None:
        self.noted.append(ProfileStore(self.path).load().stale_keys)
        await super().set(name, value)


async def test_a_key_is_noted_before_it_is_stored(tmp_path: Path) -> None:
    """So that a crash between the two leaves a trace; a key that only changes has its profile already."""
    path = tmp_path / "profiles.json"
    keyring = Watching(path)
    shelf = Shelf(ProfileStore(path), keyring)
    await shelf.load()
    await shelf.write((ONE,), DEMO_ID, {"one": "sk-1"})
    await shelf.write((ONE,), DEMO_ID, {"one": "sk-2"})
    assert keyring.noted == [("one",), ()]
    assert (await keyring.get("one"), shelf.stored.stale_keys) == ("sk-2", ())


@pytest.mark.parametrize("after", [(), (FREE,)])
async def test_a_key_that_nobody_needs_is_noted_and_then_removed(tmp_path: Path, after: tuple[Profile, ...]) -> None:
    """Unless its profile may come back."""
    keyring = SessionSecrets()
    shelf = Shelf(ProfileStore(tmp_path / "profiles.json"), keyring)
    await shelf.write((ONE,), DEMO_ID, {"one": "sk-1"})
    await shelf.write(after, DEMO_ID)
    shelf.spared = "one"
    await shelf.remove_stale_keys()
    assert (shelf.stored.stale_keys, await keyring.get("one")) == (("one",), "sk-1")
    shelf.spared = None
    await shelf.remove_stale_keys()
    assert (shelf.stored.stale_keys, await keyring.get("one")) == ((), None)


async def test_a_profile_that_comes_back_finds_its_key(tmp_path: Path) -> None:
    """The note goes with it."""
    keyring = SessionSecrets()
    shelf = Shelf(ProfileStore(tmp_path / "profiles.json"), keyring)
    await shelf.write((ONE,), DEMO_ID, {"one": "sk-1"})
    await shelf.write((), DEMO_ID)
    await shelf.write((ONE,), DEMO_ID)
    await shelf.remove_stale_keys()
    assert await keyring.get("one") == "sk-1"


async def test_a_refused_key_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The first of two that came in is taken out again."""

    class Full(SessionSecrets):
        async def set(self, name: str, value: str) -> None:
            if name == "two":
                raise SecretsError("The keyring is full.", "Make room.")
            await super().set(name, value)

    keyring = Full()
    shelf = Shelf(ProfileStore(tmp_path / "profiles.json"), keyring)
    two = Profile(id="two", name="Two", base_url="https://two.example", credential=KeyringCredential())
    with pytest.raises(SecretsError):
        await shelf.write((ONE, two), DEMO_ID, {"one": "sk-1", "two": "sk-2"})
    assert (shelf.stored.profiles, shelf.stored.stale_keys, await keyring.get("one")) == ((), (), None)
