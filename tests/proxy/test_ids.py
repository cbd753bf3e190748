"""Identifiers: long enough, base62, never the same."""

from __future__ import annotations

from tray_app.proxy.ids import ALPHABET, LENGTH, new_id


def test_r_lis_2_ids_are_long_base62_and_fresh() -> None:
    """24 characters of the alphabet, a thousand of them all different."""
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == LENGTH and set(each) <= set(ALPHABET) for each in made)
