"""Words about providers: how one is doing, and what to know of a preset."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from tray_app.profiles.model import ApiKind
from tray_app.state import Health, HealthKind
from tray_app.ui import text
from tray_app.ui.text import translate

_SPOKEN_WORDS: Final = 200  # characters of a provider's words in a tooltip
_HINTS: Final[dict[str, object]] = {
    "azure": QT_TRANSLATE_NOOP(
        "Presets", "Put the name of your resource into the address. Models are your deployments."
    ),
    "anthropic": QT_TRANSLATE_NOOP("Presets", "Requests pass through; models keep their names."),
    "qwen": QT_TRANSLATE_NOOP("Presets", "Keys belong to a region: choose the address of yours."),
    "github-models": QT_TRANSLATE_NOOP("Presets", "The token needs the permission models:read."),
    "ollama": QT_TRANSLATE_NOOP(
        "Presets", "Set OLLAMA_CONTEXT_LENGTH to 65536 or more: Ollama cuts longer prompts without saying so."
    ),
    "lm-studio": QT_TRANSLATE_NOOP("Presets", "Load the model with a context length of 65536 or more."),
    "llama-cpp": QT_TRANSLATE_NOOP("Presets", "Start llama-server with --jinja, or tools will not work."),
    "vllm": QT_TRANSLATE_NOOP(
        "Presets", "Start it with --enable-auto-tool-choice and the tool-call parser of your model."
    ),
    "custom": QT_TRANSLATE_NOOP("Presets", "What comes before /chat/completions, or before /v1/messages."),
}
_ADDRESSES: Final[dict[str, object]] = {
    "china": QT_TRANSLATE_NOOP("Presets", "Mainland China"),
    "coding-plan": QT_TRANSLATE_NOOP("Presets", "Coding plan"),
    "coding-plan-china": QT_TRANSLATE_NOOP("Presets", "Coding plan, mainland China"),
    "us": QT_TRANSLATE_NOOP("Presets", "United States"),
    "europe": QT_TRANSLATE_NOOP("Presets", "Europe"),
    "deployment": QT_TRANSLATE_NOOP("Presets", "One deployment, dated version of the API"),
    "organisation": QT_TRANSLATE_NOOP("Presets", "Billed to an organisation"),
}


def preset_hint(preset_id: str) -> str:
    """What to know before using a preset, or nothing."""
    return translate("Presets", str(_HINTS[preset_id])) if preset_id in _HINTS else ""


def address_label(name: str) -> str:
    """What a further address of a preset is for."""
    return translate("Presets", str(_ADDRESSES[name]))


def protocol(kind: ApiKind, *, whole: bool = False) -> str:
    """The name of a protocol, short for lists; proper names, not translated."""
    names = {
        ApiKind.OPENAI_CHAT: ("OpenAI Chat", "OpenAI Chat Completions"),
        ApiKind.ANTHROPIC: ("Anthropic", "Anthropic Messages"),
    }
    return names[kind][whole]


def copy_name(name: str) -> str:
    """A name for a duplicate."""
    return translate("Providers", "%1 (copy)").replace("%1", name)


def health_word(health: Health) -> str:
    """A few words for a list."""
    if health.kind is HealthKind.UNTESTED:
        return translate("Health", "Not tested yet")
    if health.kind is HealthKind.OK:
        return translate("Health", "Works")
    return translate("Health", "Failing since %1").replace("%1", text.clock_time(health.since)[:5])


def health_sentence(health: Health) -> str:
    """How it is known, and in the provider's words what is wrong."""
    if health.kind is HealthKind.UNTESTED:
        return translate("Health", "Neither tested nor used since Dragoman started")
    if health.kind is HealthKind.OK:
        since = (
            translate("Health", "The test passed, at %1") if health.tested else translate("Health", "Answers since %1")
        )
        return since.replace("%1", text.clock_time(health.since))
    lines = [translate("Health", "Failing since %1, %2 times in a row")]
    lines[0] = lines[0].replace("%1", text.clock_time(health.since)).replace("%2", str(health.failures))
    if health.failures == 1:
        lines[0] = translate("Health", "Failed at %1").replace("%1", text.clock_time(health.since))
    return "\n".join([*lines, health.words[:_SPOKEN_WORDS]])
