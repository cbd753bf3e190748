"""Tests of profiles/settings.py: defaults, one wrong value among good ones, unknown keys, other writers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tray_app.profiles.files import ChangedElsewhereError
from tray_app.profiles.settings import InvalidSettingError, LoadedSettings, Settings, SettingsStore


def store(path: Path) -> SettingsStore:
    found = SettingsStore(path / "settings.json")
    found.load()
    return found


def put(path: Path, **values: Any) -> None:
    (path / "settings.json").write_text(json.dumps({"schema": 1, "revision": 4, "settings": values}))


def test_the_first_start_has_the_defaults(tmp_path: Path) -> None:
    """Revision 0 tells that nothing was ever saved; the locks are on, capture is off."""
    loaded = SettingsStore(tmp_path / "settings.json").load()
    assert loaded == LoadedSettings(settings=Settings(), revision=0)
    settings = loaded.settings
    assert (settings.port, settings.host, settings.require_token, settings.body_capture) == (
        8417, "127.0.0.1", True, False,
    )  # fmt: skip


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """And saving the same again changes nothing."""
    wanted = Settings(port=9000, theme="dark", language="zh_CN", retention_days=7)
    mine = store(tmp_path)
    assert [mine.save(wanted).revision, mine.save(wanted).revision] == [1, 1]
    assert store(tmp_path).load() == LoadedSettings(settings=wanted, revision=1)


def test_one_wrong_value_does_not_cost_the_others(tmp_path: Path) -> None:
    """It is reported by name, and its default is used."""
    put(tmp_path, port=70000, theme="pink", retention_days=7)
    loaded = SettingsStore(tmp_path / "settings.json").load()
    assert loaded.settings == Settings(retention_days=7)
    assert [problem.partition(":")[0] for problem in loaded.problems] == ["port", "theme"]


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    """A later version wrote them and will want them back."""
    put(tmp_path, later="yes", port=9000)
    store(tmp_path).save(Settings(port=9001))
    kept = json.loads((tmp_path / "settings.json").read_text())["settings"]
    assert (kept["later"], kept["port"]) == ("yes", 9001)


@pytest.mark.parametrize("change", [{"port": 0}, {"retention_days": 0}, {"theme": "pink"}, {"daily_budget_usd": -1.0}])
def test_nonsense_is_not_saved(change: dict[str, Any], tmp_path: Path) -> None:
    """The setting is named and nothing is written."""
    with pytest.raises(InvalidSettingError, match=next(iter(change))):
        store(tmp_path).save(msgspec.structs.replace(Settings(), **change))
    assert list(tmp_path.iterdir()) == []


def test_another_writer_is_noticed(tmp_path: Path) -> None:
    """As with profiles."""
    first, second = store(tmp_path), store(tmp_path)
    first.save(Settings(port=9000))
    with pytest.raises(ChangedElsewhereError):
        second.save(Settings(port=9001))


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    """And moved aside, with the last good version restored."""
    store(tmp_path).save(Settings(port=9000))
    (tmp_path / "settings.json").write_text("{")
    loaded = SettingsStore(tmp_path / "settings.json").load()
    assert loaded.settings.port == 9000
    assert "damaged" in loaded.problems[0]
