"""The table of formats that leaked calls may have; what its readers read is in test_leaked_calls."""

from __future__ import annotations

import pytest

from tray_app.translation.answer.leaked_formats import FORMATS, Call


def test_23_8_the_formats_are_those_of_the_capability() -> None:
    """The names that `leaked_calls` may list."""
    assert set(FORMATS) == {"hermes", "kimi", "deepseek", "qwen_coder", "mistral", "invoke"}


def test_blocks_with_one_opening_have_one_closing() -> None:
    """A filter that has seen the opening must know where the block ends."""
    rows = [row for rows in FORMATS.values() for row in rows]
    assert all(one.closing == other.closing for one in rows for other in rows if one.opening == other.opening)


def test_a_reader_gets_what_is_between_the_markers() -> None:
    """And gives calls, or raises for anything else."""
    read = FORMATS["hermes"][0].read
    assert read('{"name": "f", "arguments": null}') == [Call("f", {})]
    with pytest.raises(ValueError, match="Expecting"):
        read("no call")
