"""Identifiers: long enough, base62, never the same."""

from __future__ import annotations

import os

import pytest

from tray_app.proxy.ids import ALPHABET, LENGTH, new_id


def test_r_lis_2_ids_are_long_base62_and_fresh() -> None:
    """24 characters of the alphabet, a thousand of them all different."""
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == LENGTH and set(each) <= set(ALPHABET) for each in made)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_gives_ids_of_its_own() -> None:
    """Several workers begin with the memory of one process, the ids made ahead included."""
    new_id()
    theirs, ours = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(ours, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(theirs, 100).decode()
    os.close(theirs)
    os.close(ours)
    assert told not in {new_id() for _ in range(200)}
