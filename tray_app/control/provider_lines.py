"""Profiles and presets as the values that lists and the editor show. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from tray_app.control.drafts import draft_from
from tray_app.editing import PresetChoice
from tray_app.profiles.model import DEMO_ID, ModelMap, Profile
from tray_app.profiles.presets import Preset, profile_from
from tray_app.state import Provider

ROLES: Final = ("default", "opus", "sonnet", "haiku")


def provider_line(profile: Profile) -> Provider:
    """A profile as a line of a list. Where the Demo listens is nobody's business: it changes with every start."""
    demo = profile.id == DEMO_ID
    return Provider(
        id=profile.id,
        name=profile.name,
        color=profile.color,
        kind=profile.api,
        host="" if demo else urlsplit(profile.base_url).netloc,
        base_url="" if demo else profile.base_url,
        models=_models(profile.models),
        key_kind=draft_from(profile).key_kind,
        demo=demo,
    )


def preset_choices(presets: Iterable[Preset]) -> tuple[PresetChoice, ...]:
    """The presets as the editor offers them."""
    return tuple(
        PresetChoice(
            id=preset.id,
            name=preset.name,
            draft=replace(draft_from(profile_from(preset)), id=""),
            key_page=preset.key_page,
            addresses=tuple(preset.addresses.items()),
        )
        for preset in presets
    )


def _models(models: ModelMap) -> tuple[tuple[str, str], ...]:
    return tuple((role, name) for role in ROLES if (name := getattr(models, role)))
