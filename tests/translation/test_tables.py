"""The data tables beside the translation."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tray_app import translation
from tray_app.translation.tables import load


def test_a_table_is_checked_against_its_form() -> None:
    """A field of the wrong type is named when the table is read."""
    with pytest.raises(msgspec.ValidationError, match="signature"):
        load("rectifier", type("Wrong", (msgspec.Struct,), {"__annotations__": {"signature": int}}))


def test_every_table_is_toml() -> None:
    """Every data file of the package can be read as a mapping."""
    names = [path.stem for path in (Path(translation.__file__).parent / "data").glob("*.toml")]
    assert {"errors", "overflow", "redaction", "rectifier"} <= set(names)
    assert all(load(name, dict) for name in names)
