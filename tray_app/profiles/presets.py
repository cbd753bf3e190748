"""The providers offered under "Add a provider": read from `data/presets.toml`, which is all there is to edit.

A preset fills the editor; nothing refers back to it except by name. What an upstream accepts is not here but in the
capability table, found by host; `record` says what will be found there.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from tray_app.profiles.model import (
    ApiKind,
    Credential,
    EnvironmentCredential,
    KeyringCredential,
    ModelMap,
    Name,
    NoCredential,
    Profile,
    Slug,
    slug,
)


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider. `base_url` may hold `<words>` the user has to replace; `models` are examples, not promises."""

    id: Slug
    name: Name
    base_url: str
    api: ApiKind = ApiKind.OPENAI_CHAT
    key: Literal["needed", "optional", "none"] = "needed"
    key_page: str = ""  # where a key is made
    environment: str = ""  # the variable the provider's own tools read
    docs: str = ""
    record: str  # the provider's name in the capability table, which finds it by the host
    color: str = "#5b7cfa"
    models: ModelMap = ModelMap()
    addresses: dict[str, str] = {}  # further base URLs by what they are for (the words are in `ui/provider_text.py`)

    @property
    def placeholders(self) -> bool:
        """Whether the base URL must be completed before it can be used."""
        return "<" in self.base_url


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    preset: tuple[Preset, ...]


@cache
def presets() -> tuple[Preset, ...]:
    """All of them, in the order they are offered."""
    data = resources.files("tray_app.profiles").joinpath("data/presets.toml").read_bytes()
    return msgspec.toml.decode(data, type=_Table).preset


def preset(preset_id: str) -> Preset | None:
    """The preset of that id."""
    return next((found for found in presets() if found.id == preset_id), None)


def profile_from(
    chosen: Preset,
    *,
    name: str = "",
    taken: frozenset[str] | set[str] = frozenset(),
    credential: Credential | None = None,
) -> Profile:
    """A new profile filled from a preset, with an id that is not in `taken`. The key is kept in the keyring if needed."""
    shown = name or chosen.name
    return Profile(
        id=slug(shown, taken),
        name=shown,
        api=chosen.api,
        base_url=chosen.base_url,
        credential=credential if credential is not None else _usual_credential(chosen),
        models=chosen.models,
        color=chosen.color,
        preset=chosen.id,
    )


def environment_credential(chosen: Preset) -> EnvironmentCredential | None:
    """The customary environment variable as a credential, for those who keep their keys there."""
    return EnvironmentCredential(chosen.environment) if chosen.environment else None


def _usual_credential(chosen: Preset) -> Credential:
    return KeyringCredential() if chosen.key == "needed" else NoCredential()
