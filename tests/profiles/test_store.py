"""Tests of profiles/store.py: load, save, one bad profile among good ones, and several processes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tray_app.profiles.files import ChangedElsewhereError
from tray_app.profiles.model import (
    DEMO_ID,
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
from tray_app.profiles.store import Profiles, ProfileStore
from tray_app.profiles.validation import InvalidProfileError

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def profile(profile_id: str, **fields: Any) -> Profile:
    return Profile(**{"id": profile_id, "name": profile_id, "base_url": "https://api.example.com/v1"} | fields)


def store(path: Path) -> ProfileStore:
    found = ProfileStore(path / "profiles.json", lambda: NOON)
    found.load()
    return found


def document(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((path / "profiles.json").read_bytes())
    return content


def rewrite(path: Path, **changes: Any) -> None:
    (path / "profiles.json").write_text(json.dumps(document(path) | changes))


def test_the_first_start_has_no_profiles(tmp_path: Path) -> None:
    """The built-in Demo is active, and reading creates nothing."""
    assert ProfileStore(tmp_path / "profiles.json").load() == Profiles(active_id=DEMO_ID)
    assert list(tmp_path.iterdir()) == []


PROFILES = st.builds(
    Profile,
    id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True).filter(lambda found: found != DEMO_ID),
    name=st.text(min_size=1, max_size=80),
    api=st.sampled_from(ApiKind),
    base_url=st.just("https://api.example.com/v1"),
    credential=st.sampled_from(
        [KeyringCredential(), EnvironmentCredential("KEY"), CommandCredential(("op", "read")), NoCredential()]
    ),
    models=st.builds(ModelMap, exact=st.dictionaries(st.text(), st.text(), max_size=2), opus=st.text()),
    headers=st.dictionaries(st.sampled_from(["x-a", "x-b"]), st.sampled_from(["", "1"])),
    timeouts=st.builds(Timeouts, idle_s=st.floats(0.1, 86_400)),
    retry=st.builds(RetryPolicy, connect=st.integers(0, 5)),
    notes=st.text(max_size=50),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(profiles=st.lists(PROFILES, max_size=4, unique_by=lambda found: found.id))
def test_whatever_is_saved_is_loaded(profiles: list[Profile], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every valid profile survives the file, in the user's order."""
    folder = tmp_path_factory.mktemp("store")
    active = profiles[-1].id if profiles else DEMO_ID
    saved = store(folder).save(profiles, active)
    loaded = ProfileStore(folder / "profiles.json").load()
    assert loaded.problems == ()
    assert (loaded.profiles, loaded.active_id) == (saved.profiles, saved.active_id) == (tuple(profiles), active)


def test_saving_twice_changes_nothing(tmp_path: Path) -> None:
    """The revision counts changes, not clicks."""
    mine = store(tmp_path)
    assert [mine.save([profile("a")], active).revision for active in ("a", "a", DEMO_ID, DEMO_ID)] == [1, 1, 2, 2]
    assert store(tmp_path).save([profile("a")], DEMO_ID).revision == 2


def test_switching_makes_no_backup(tmp_path: Path) -> None:
    """Ten switches must not push out every version worth having."""
    mine = store(tmp_path)
    mine.save([profile("a"), profile("b")], "a")
    for active in "ba" * 8:
        mine.save([profile("a"), profile("b")], active)
    assert [p.name for p in (tmp_path / "backups").iterdir()] == ["profiles-00000001.json"]


def test_a_profile_is_found_by_its_id(tmp_path: Path) -> None:
    """And the built-in one is not among them."""
    saved = store(tmp_path).save([profile("a"), profile("b")], "b")
    assert saved.get("b") == profile("b")
    assert saved.get(DEMO_ID) is None


def test_one_bad_profile_does_not_lose_the_others(tmp_path: Path) -> None:
    """It is reported with the field's path, left out, and still in the file after the next save."""
    store(tmp_path).save([profile("a"), profile("b")], "a")
    bad = {"id": "c", "name": "C", "base_url": 17, "notes": "mine"}
    entries = document(tmp_path)["profiles"]
    rewrite(tmp_path, profiles=[entries[0], bad, entries[1], entries[0], {**entries[0], "id": DEMO_ID}])
    mine = ProfileStore(tmp_path / "profiles.json")
    loaded = mine.load()
    assert [found.id for found in loaded.profiles] == ["a", "b"]
    assert [problem.partition(": ")[0] for problem in loaded.problems] == [
        "profiles[1].base_url",
        "profiles[3].id",
        "profiles[4].id",
    ]
    mine.save([profile("b")], "b")
    assert bad in document(tmp_path)["profiles"]
    assert len(document(tmp_path)["profiles"]) == 4


def test_an_unusable_profile_is_loaded_and_reported(tmp_path: Path) -> None:
    """A wrong address can be corrected in the editor, so the profile must be there."""
    store(tmp_path).save([profile("a", base_url="nonsense")], "a")
    loaded = ProfileStore(tmp_path / "profiles.json").load()
    assert loaded.get("a") is not None
    assert loaded.problems[0].startswith("profiles[0].base_url: ")


def test_an_unknown_active_id_falls_back_to_the_demo(tmp_path: Path) -> None:
    """The program starts, and says so."""
    store(tmp_path).save([profile("a")], "a")
    rewrite(tmp_path, active="gone")
    loaded = ProfileStore(tmp_path / "profiles.json").load()
    assert loaded.active_id == DEMO_ID
    assert loaded.problems == ("active: there is no profile 'gone'",)


@pytest.mark.parametrize(
    ("profiles", "active", "place"),
    [
        ([profile("a"), profile("a")], "a", "profiles[1].id"),
        ([profile(DEMO_ID)], DEMO_ID, "profiles[0].id"),
        ([profile("Not An Id")], DEMO_ID, "profiles[0].id"),
        ([profile("a", name="")], "a", "profiles[0].name"),
        ([profile("a")], "b", "active"),
    ],
)
def test_nonsense_is_not_saved(profiles: list[Profile], active: str, place: str, tmp_path: Path) -> None:
    """The field is named and the old file stays."""
    mine = store(tmp_path)
    mine.save([profile("old")], "old")
    with pytest.raises(InvalidProfileError) as caught:
        mine.save(profiles, active)
    assert caught.value.place == place
    assert [entry["id"] for entry in document(tmp_path)["profiles"]] == ["old"]


def test_a_corrupt_file_is_moved_aside_and_reported(tmp_path: Path) -> None:
    """The profiles come back from the newest backup and can be saved again."""
    store(tmp_path).save([profile("a")], "a")
    (tmp_path / "profiles.json").write_bytes(b'{"schema": 1, "revision": 1, "profiles": {}}')
    mine = ProfileStore(tmp_path / "profiles.json", lambda: NOON)
    loaded = mine.load()
    assert [found.id for found in loaded.profiles] == ["a"]
    assert "profiles.damaged-20261123T120000Z.json" in loaded.problems[0]
    assert mine.save([profile("b")], "b").revision == 2


def test_a_second_process_is_noticed(tmp_path: Path) -> None:
    """Its work is not overwritten; after loading again the save goes through."""
    first, second = store(tmp_path), store(tmp_path)
    first.save([profile("a")], "a")
    with pytest.raises(ChangedElsewhereError):
        second.save([profile("b")], "b")
    known = second.load().profiles
    assert second.save([*known, profile("b")], "b").revision == 2


WRITER = """
import sys
from pathlib import Path
from tray_app.profiles.files import ChangedElsewhereError
from tray_app.profiles.model import Profile
from tray_app.profiles.store import ProfileStore
store = ProfileStore(Path(sys.argv[1]))
for number in range(20):
    while True:
        known = store.load()
        assert not known.problems, known.problems
        new = Profile(id=f"{sys.argv[2]}{number}", name="n", base_url="https://api.example.com")
        try:
            store.save([*known.profiles, new], "demo")
            break
        except ChangedElsewhereError:
            pass
"""


def test_three_processes_lose_nothing(tmp_path: Path) -> None:
    """Sixty profiles added by three processes at once are all there: nobody overwrote anybody."""
    path = tmp_path / "profiles.json"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    loaded = ProfileStore(path).load()
    assert (len(loaded.profiles), loaded.revision) == (60, 60)


def test_no_profile_field_can_hold_a_key() -> None:
    """A credential is a reference: of its kinds none has a field for the secret itself."""
    fields = {
        kind: kind.__struct_fields__
        for kind in (KeyringCredential, EnvironmentCredential, CommandCredential, NoCredential)
    }
    assert fields == {
        KeyringCredential: (),
        EnvironmentCredential: ("variable",),
        CommandCredential: ("argv", "ttl_s", "timeout_s"),
        NoCredential: (),
    }
    assert "key" not in " ".join(msgspec.structs.asdict(profile("a")))
