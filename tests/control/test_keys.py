"""Who needs a key, and what can be one."""

from __future__ import annotations

import pytest

from tray_app.control.drafts import DraftError
from tray_app.control.keys import keeps_key, keyed, refuse_unsendable
from tray_app.profiles.model import KeyringCredential, NoCredential, Profile


def test_a_typed_key_must_be_sendable() -> None:
    """One line of plain characters, said where it is typed."""
    with pytest.raises(DraftError) as caught:
        refuse_unsendable("a\nb")
    assert caught.value.problems[0].field == "secret"
    refuse_unsendable("sk-1")


def test_only_some_providers_need_a_key_of_ours() -> None:
    """Those that keep it in the keyring."""
    kept = Profile(id="x", name="X", base_url="https://x.example", credential=KeyringCredential())
    none = Profile(id="y", name="Y", base_url="https://y.example", credential=NoCredential())
    assert [keeps_key(found) for found in (kept, none, None)] == [True, False, False]
    assert keyed((kept, none)) == {"x"}
