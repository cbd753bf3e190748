"""What the user types into the editor, as values."""

from __future__ import annotations

from tray_app.control.drafts import draft_from
from tray_app.editing import ProfileDraft
from tray_app.profiles.model import KeyringCredential, Profile


def test_an_empty_draft_has_the_defaults_of_a_profile() -> None:
    """So that a provider added by hand behaves as one from the file; the two lists of defaults cannot drift apart."""
    bare = Profile(id="x", name="X", base_url="https://x.example", credential=KeyringCredential())
    assert draft_from(bare) == ProfileDraft(id="x", name="X", base_url="https://x.example")
