"""Reads the providers out of the files of other programs: facts about their formats, one small module each.

Bytes in, values out; whose file it is tells its content. Keys travel beside the profiles, in memory only: who asked puts them
into the keyring, and nothing here writes or logs anything.
"""

from __future__ import annotations

import json
from typing import Final

from tray_app.clients.imports import cc_switch, claude_code_router
from tray_app.clients.imports.found import Found, FoundFile, NotReadableError

MAX_BYTES: Final = 64 * 1024 * 1024  # a database of cc-switch holds its log of requests as well

__all__ = ["MAX_BYTES", "Found", "FoundFile", "NotReadableError", "read_foreign"]


def read_foreign(data: bytes) -> FoundFile:
    """The providers in a configuration of cc-switch or claude-code-router.

    Raises:
        NotReadableError: it is too large, damaged, or of neither program.
    """
    if len(data) > MAX_BYTES:
        raise NotReadableError(f"The file is larger than {MAX_BYTES >> 20} MiB.")
    if data.startswith(cc_switch.DATABASE_MAGIC):
        return cc_switch.from_database(data)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise NotReadableError(
            "This is neither a file of exported providers nor one of a program known here."
        ) from None
    if isinstance(content, dict):
        if claude_code_router.is_own(content):
            return claude_code_router.from_config(content)
        if cc_switch.is_own(content):
            return cc_switch.from_config(content)
    raise NotReadableError("No providers were found in this file.")
