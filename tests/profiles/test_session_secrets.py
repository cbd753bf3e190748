"""Tests of profiles/session_secrets.py: the fallback keeps secrets as long as the program runs."""

from __future__ import annotations

import pytest

from tray_app.profiles.session_secrets import LOCAL_TOKEN, SecretsError, SessionSecrets
from tray_app.profiles.validation import InvalidProfileError, decode_profile

KEY = "sk-a-made-up-key-0123456789"


async def test_session_secrets_live_in_memory() -> None:
    """The same interface, nothing kept."""
    store = SessionSecrets()
    await store.set("x", KEY)
    assert [await store.get("x"), await store.get("y", refresh=True)] == [KEY, None]
    await store.delete("x")
    await store.delete("x")
    assert await store.get("x") is None
    assert (await store.status()).usable


async def test_an_empty_key_is_refused() -> None:
    """It would look like a stored one."""
    with pytest.raises(SecretsError, match="empty") as caught:
        await SessionSecrets().set("x", "")
    assert caught.value.hint


def test_the_local_tokens_name_is_no_profiles() -> None:
    """Keys are kept under profile ids, so this one must never be one."""
    with pytest.raises(InvalidProfileError):
        decode_profile({"id": LOCAL_TOKEN, "name": "x", "base_url": "https://x"}, "")
