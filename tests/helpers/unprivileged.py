"""Run a block without root's power to write anywhere, so that permission tests also mean something in a container."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[Path]:
    """Yield a private folder of a user who is not root; for a root process the effective user changes meanwhile.

    Import before it what the block needs: the interpreter's own files may be root's, and a failed import is remembered.
    """
    folder = Path(tempfile.mkdtemp(prefix="dragoman-test-"))
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
        _open_below(folder)
        shutil.rmtree(folder)


def _open_below(folder: Path) -> None:
    # scandir without following links: a link a test made must never lead the chmod out of the folder.
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            Path(entry.path).chmod(0o700)
            _open_below(Path(entry.path))
