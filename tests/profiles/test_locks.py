"""Tests of profiles/locks.py: one holder at a time, also between processes, and none after a death."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tray_app.profiles.locks import file_lock

HOLDER = """
import sys
from pathlib import Path
from tray_app.profiles.locks import file_lock
with file_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_until_it_dies(tmp_path: Path) -> None:
    """While a process holds the lock nobody else gets it; killed, it holds nothing."""
    path = tmp_path / "profiles.json"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(OSError), file_lock(path, attempts=2):  # noqa: PT011 - the kind differs by system
            pass
        holder.kill()
        holder.wait()
        with file_lock(path):
            pass
