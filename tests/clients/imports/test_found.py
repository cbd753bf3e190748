"""Careful reading of other people's values."""

from __future__ import annotations

import pytest

from tray_app.clients import imports
from tray_app.clients.imports import NotReadableError, read_foreign
from tray_app.clients.imports.found import MAX_FOUND, MAX_TEXT, rows, table, text


def test_only_what_has_the_right_form_is_taken() -> None:
    """And the right size."""
    assert [text(value) for value in (" a ", 3, None, "x" * (MAX_TEXT + 1))] == ["a", "", "", ""]
    assert [table(value) for value in ({"a": 1}, [], None)] == [{"a": 1}, {}, {}]
    assert [len(rows(value)) for value in ([1, 2], {}, [0] * (MAX_FOUND + 1))] == [2, 0, MAX_FOUND]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"providers": []}'])
def test_what_belongs_to_nobody_is_refused(data: bytes) -> None:
    """Without quoting it."""
    with pytest.raises(NotReadableError):
        read_foreign(data)


def test_a_file_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything in it is looked at."""
    monkeypatch.setattr(imports, "MAX_BYTES", 3)
    with pytest.raises(NotReadableError, match="larger"):
        read_foreign(b"    ")
