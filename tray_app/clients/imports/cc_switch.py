"""Reads the providers of cc-switch: ``~/.cc-switch/config.json`` of its earlier versions, the database of its later ones.

Only those it keeps for Claude Code: the entries for other programs speak other protocols. Facts from the program's sources
(farion1231/cc-switch: ``app_config.rs``, ``provider.rs``, ``database/schema.rs``).
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tray_app.clients.imports.found import MAX_FOUND, Found, FoundFile, NotReadableError, table, text
from tray_app.profiles.model import ApiKind, Credential, KeyringCredential, ModelMap, NoCredential, Profile, slug

PROGRAM: Final = "cc-switch"
DATABASE_MAGIC: Final = b"SQLite format 3\0"
_WAL_BYTES, _ROLLBACK_JOURNAL = slice(18, 20), b"\x01\x01"
_STEPS: Final = 5_000_000  # of the database's machine: a crafted file must not keep us busy
_QUERY: Final = """
    SELECT name, settings_config, notes, icon_color, meta FROM providers
    WHERE app_type = 'claude' ORDER BY sort_index, created_at LIMIT ?
"""
_KEYS: Final = ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY")
_MODELS: Final = {
    "default": ("ANTHROPIC_MODEL",),
    "opus": ("ANTHROPIC_DEFAULT_OPUS_MODEL",),
    "sonnet": ("ANTHROPIC_DEFAULT_SONNET_MODEL",),
    "haiku": ("ANTHROPIC_DEFAULT_HAIKU_MODEL", "ANTHROPIC_SMALL_FAST_MODEL"),
}
_CHAT: Final = "openai_chat"  # its word for what it would translate itself
_RESPONSES: Final = "openai_responses"
DEFAULT_COLOR: Final = Profile(id="x", name="x", base_url="").color
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")


def is_own(content: Mapping[str, Any]) -> bool:
    """Whether this is one of its configurations: of its second version, or of its first."""
    return "providers" in table(content.get("claude")) or isinstance(content.get("providers"), dict)


def from_config(content: Mapping[str, Any]) -> FoundFile:
    """The providers for Claude Code, in the user's order where the file has one."""
    manager = table(content.get("claude")) or content
    entries = [table(entry) for entry in list(table(manager.get("providers")).values())[:MAX_FOUND]]
    entries.sort(key=_place)
    return _file(
        (
            text(entry.get("name")),
            table(entry.get("settingsConfig")),
            text(entry.get("notes")),
            text(entry.get("iconColor")),
            table(entry.get("meta")),
        )
        for entry in entries
    )


def from_database(data: bytes) -> FoundFile:
    """The same from a copy of its database, which is only read and stays in memory.

    Raises:
        NotReadableError: it is damaged, or of another program.
    """
    # A copy that was kept with a write-ahead log cannot be opened alone unless it says that it has none.
    copy = bytearray(data)
    copy[_WAL_BYTES] = _ROLLBACK_JOURNAL
    steps = iter(range(_STEPS // 1_000))
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(bytes(copy))
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.set_progress_handler(lambda: next(steps, None) is None, 1_000)
        found = connection.execute(_QUERY, (MAX_FOUND,)).fetchall()
    except sqlite3.Error as error:
        raise NotReadableError(f"This database is damaged or of another program ({error}).") from None
    finally:
        connection.close()
    return _file(
        (text(name), _object(settings), text(notes), text(color), _object(meta))
        for name, settings, notes, color, meta in found
    )


def _place(entry: Mapping[str, Any]) -> tuple[int, int]:
    sort, made = entry.get("sortIndex"), entry.get("createdAt")
    return (sort if isinstance(sort, int) else MAX_FOUND, made if isinstance(made, int) else 0)


def _object(value: Any) -> dict[str, Any]:
    try:
        return table(json.loads(value))
    except (ValueError, TypeError, RecursionError):
        return {}


Entry = tuple[str, dict[str, Any], str, str, dict[str, Any]]


def _file(entries: Iterable[Entry]) -> FoundFile:
    found: dict[str, Found] = {}
    problems: list[str] = []
    for name, settings, notes, color, meta in entries:
        env, shown = table(settings.get("env")), name[:80] or "?"
        address = text(env.get("ANTHROPIC_BASE_URL"))
        if not address:
            problems.append(f"{shown}: has no address; Claude Code signs in to Anthropic by itself")
        elif meta.get("apiFormat") == _RESPONSES:
            problems.append(f"{shown}: speaks the Responses API, which Dragoman does not")
        else:
            profile_id = slug(shown, set(found))
            found[profile_id] = _found(profile_id, shown, address, env, notes, color, meta)
    return FoundFile(program=PROGRAM, found=tuple(found.values()), problems=tuple(problems))


def _found(
    profile_id: str, name: str, address: str, env: Mapping[str, Any], notes: str, color: str, meta: Mapping[str, Any]
) -> Found:
    secret = next(filter(None, (text(env.get(key)) for key in _KEYS)), "")
    credential: Credential = KeyringCredential() if secret else NoCredential()
    models: dict[str, Any] = {
        role: next(filter(None, (text(env.get(name)).removesuffix("[1m]") for name in names)), "")
        for role, names in _MODELS.items()
    }
    profile = Profile(
        id=profile_id,
        name=name,
        api=ApiKind.OPENAI_CHAT if meta.get("apiFormat") == _CHAT else ApiKind.ANTHROPIC,
        base_url=address.rstrip("/"),
        credential=credential,
        models=ModelMap(**models),
        notes=notes,
        color=color if _COLOR.fullmatch(color) else DEFAULT_COLOR,
    )
    return Found(profile=profile, secret=secret)
