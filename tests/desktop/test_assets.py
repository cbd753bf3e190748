"""Resources are found wherever the program runs from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tray_app.desktop import assets


def test_the_checkout_has_its_resources() -> None:
    """Every icon the program names is there."""
    for name in ("dragoman", "tray-idle", "tray-working", "tray-trouble", "tray-stopped"):
        assert assets.icon_path(name).is_file()


def test_a_frozen_program_looks_beside_itself_first() -> None:
    """Then in the wheel, then above the package."""
    package = Path("/site/tray_app")
    assert assets.candidates(package, "/bundle") == (
        Path("/bundle/resources"),
        Path("/site/tray_app/resources"),
        Path("/site/resources"),
    )
    assert assets.candidates(package, None)[0] == Path("/site/tray_app/resources")


def test_an_incomplete_installation_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the places that were looked at; a complete one is found again afterwards."""
    assets.resources.cache_clear()
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "tray_app")
    with pytest.raises(FileNotFoundError, match="tray_app"):
        assets.resources()
    (tmp_path / "tray_app/resources/icons").mkdir(parents=True)
    assert assets.resources() == tmp_path / "tray_app/resources"
    assets.resources.cache_clear()
