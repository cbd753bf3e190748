"""Who needs a key in the keyring, and whether a key that was typed can be one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tray_app.control.drafts import DraftError
from tray_app.editing import FieldProblem
from tray_app.profiles.credentials import CredentialError, sendable
from tray_app.profiles.model import KeyringCredential, Profile


def keeps_key(profile: Profile | None) -> bool:
    """Whether this provider's key belongs into the keyring."""
    return profile is not None and isinstance(profile.credential, KeyringCredential)


def keyed(profiles: Iterable[Profile]) -> set[str]:
    """The ids under which a key belongs into the keyring."""
    return {profile.id for profile in profiles if keeps_key(profile)}


def refuse_unsendable(secret: str) -> None:
    """A key must fit into a header.

    Raises:
        DraftError: it does not; the problem is that of the field for the key.
    """
    try:
        sendable(secret, "The key")
    except CredentialError as error:
        raise DraftError((FieldProblem("secret", "invalid", str(error)),)) from None
