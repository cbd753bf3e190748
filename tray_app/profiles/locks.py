"""A lock between processes for the moment of a save: held while the revision is compared and the file replaced.

The lock file stays on disk, empty; the operating system drops the lock when its holder dies, so none is ever stale.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

RETRY_S: Final = 0.01
ATTEMPTS: Final = 200  # two seconds; a save takes milliseconds, so whoever holds it longer is stopped or stuck

if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
    import msvcrt

    def _try_lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def file_lock(path: Path, *, attempts: int = ATTEMPTS) -> Iterator[None]:
    """Hold the lock that belongs to `path` (a file `.<name>.lock` beside it).

    Raises:
        OSError: it cannot be made, or another process holds it for longer than two seconds.
    """
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(handle, attempts)
        yield
    finally:
        os.close(handle)  # drops the lock


def _wait(handle: int, attempts: int) -> None:
    for _ in range(attempts - 1):
        try:
            return _try_lock(handle)
        except OSError:
            time.sleep(RETRY_S)
    return _try_lock(handle)
