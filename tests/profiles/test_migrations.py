"""Tests of profiles/migrations.py: a newer schema is refused, ours passes."""

from __future__ import annotations

import msgspec
import pytest

from tray_app.profiles.migrations import SCHEMA, NewerSchemaError, check_schema


def test_a_newer_schema_is_refused_by_name() -> None:
    """The message says what to do."""
    with pytest.raises(NewerSchemaError, match=r"newer version of Dragoman .*update"):
        check_schema(b'{"schema": %d}' % (SCHEMA + 1))


def test_our_schema_passes_and_nonsense_does_not() -> None:
    """Anything without a schema is not a file of ours."""
    check_schema(b'{"schema": %d, "other": []}' % SCHEMA)
    for data in (b"[]", b"{}", b'{"schema": "1"}', b"\x00"):
        with pytest.raises(msgspec.MsgspecError):
            check_schema(data)
