"""Tests of profiles/presets.py: the table is complete and every preset makes a valid profile."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
import pytest

from tray_app.profiles.model import DEMO_ID, EnvironmentCredential, KeyringCredential, NoCredential
from tray_app.profiles.presets import Preset, environment_credential, preset, presets, profile_from
from tray_app.profiles.validation import decode_profile, problems_of
from tray_app.proxy.upstream.addresses import endpoint, parse_base_url
from tray_app.translation.capabilities import UNKNOWN_PROVIDER, provider_of

WANTED = (
    "openai azure openrouter anthropic deepseek moonshot zai qwen minimax gemini groq mistral xai together fireworks "
    "cerebras nvidia siliconflow huggingface github-models ollama lm-studio llama-cpp vllm litellm custom"
)


def test_every_provider_of_the_product_is_there() -> None:
    """In the order they are offered, each once."""
    assert [found.id for found in presets()] == WANTED.split()


@pytest.mark.parametrize("found", presets(), ids=lambda found: found.id)
def test_a_preset_makes_a_usable_profile(found: Preset) -> None:
    """It survives the file and has no problems once its placeholders are filled."""
    profile = profile_from(found)
    assert decode_profile(msgspec.to_builtins(profile), "") == profile
    filled = msgspec.structs.replace(profile, base_url=profile.base_url.replace("<", "").replace(">", ""))
    assert problems_of(filled) == ()
    assert found.placeholders == (filled.base_url != profile.base_url)
    assert not profile.base_url.endswith("/")


@pytest.mark.parametrize("found", presets(), ids=lambda found: found.id)
def test_every_address_leads_to_the_record_of_its_provider(found: Preset) -> None:
    """What the upstream accepts is found by host, for the regional and special addresses too."""
    for url in (found.base_url, *found.addresses.values()):
        filled = url.replace("<", "").replace(">", "")
        assert provider_of(urlsplit(filled).netloc) == found.record
        assert problems_of(msgspec.structs.replace(profile_from(found), base_url=filled)) == ()
    assert (found.record == UNKNOWN_PROVIDER) == (found.id == "custom")


@pytest.mark.parametrize("found", presets(), ids=lambda found: found.id)
@pytest.mark.parametrize("ground", ["#ffffff", "#1f1f23"])
def test_a_mark_is_seen_in_light_and_dark(found: Preset, ground: str) -> None:
    """With twice the luminance of the ground or half of it; the name beside it says what it is."""
    lighter, darker = sorted((_luminance(found.color), _luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 2.0


def _luminance(color: str) -> float:
    """Relative luminance as in WCAG 2."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_the_dated_api_of_azure_is_only_an_address() -> None:
    """Its deployment and its version stand in the base URL, which keeps its query for every request."""
    azure = preset("azure")
    assert azure is not None
    base = parse_base_url(azure.addresses["deployment"].replace("<", "").replace(">", ""))
    wanted = "/openai/deployments/deployment/chat/completions?api-version=2024-10-21"
    assert str(endpoint(base, "/chat/completions")).endswith(wanted)


@pytest.mark.parametrize("found", presets(), ids=lambda found: found.id)
def test_keys_are_never_sent_in_the_clear(found: Preset) -> None:
    """Plain http is for this machine only; whoever needs a key has a page where it is made."""
    if found.base_url.startswith("http://"):
        assert found.base_url.startswith("http://127.0.0.1:")
    if found.key == "needed" and found.id != "custom":
        assert found.key_page.startswith("https://")
        assert found.docs.startswith("https://")


def test_the_profile_takes_a_free_id_and_the_usual_credential() -> None:
    """Keyring for those that need a key, none for local servers, or what the user chose."""
    openai, ollama = preset("openai"), preset("ollama")
    assert openai is not None
    assert ollama is not None
    first = profile_from(openai)
    second = profile_from(openai, name="OpenAI work", taken={first.id}, credential=EnvironmentCredential("K"))
    third = profile_from(openai, taken={first.id, DEMO_ID})
    assert (first.id, second.id, third.id) == ("openai", "openai-work", "openai-2")
    assert (first.credential, second.credential) == (KeyringCredential(), EnvironmentCredential("K"))
    assert profile_from(ollama).credential == NoCredential()
    assert first.preset == "openai"


def test_the_customary_variable_is_offered() -> None:
    """Where a provider has one."""
    assert [environment_credential(found) for found in presets() if found.id in {"deepseek", "custom"}] == [
        EnvironmentCredential("DEEPSEEK_API_KEY"),
        None,
    ]


def test_an_unknown_preset_is_none() -> None:
    """Profiles name presets only for display."""
    assert preset("gone") is None
