"""Words about providers."""

from __future__ import annotations

from helpers.ui_values import NOON
from tray_app.profiles.model import ApiKind
from tray_app.profiles.presets import presets
from tray_app.state import UNTESTED, Health, HealthKind
from tray_app.ui import provider_text, text


def test_every_address_of_a_preset_has_a_label_and_every_hint_a_preset() -> None:
    """The words are here, the data elsewhere: neither without the other."""
    for preset in presets():
        assert all(provider_text.address_label(name) for name in preset.addresses)
    assert provider_text._HINTS.keys() <= {preset.id for preset in presets()}
    assert {name for preset in presets() for name in preset.addresses} == provider_text._ADDRESSES.keys()
    assert provider_text.preset_hint("ollama").startswith("Set OLLAMA")
    assert provider_text.preset_hint("gone") == ""


def test_every_protocol_has_a_name() -> None:
    """A short one and a whole one."""
    for kind in ApiKind:
        assert provider_text.protocol(kind) in provider_text.protocol(kind, whole=True)


def test_health_in_a_word_and_in_a_sentence() -> None:
    """How it is known, since when, how often, and what the provider says."""
    at = text.clock_time(NOON)
    tested = Health(kind=HealthKind.OK, tested=True, since=NOON)
    used = Health(kind=HealthKind.OK, since=NOON)
    once = Health(kind=HealthKind.FAILING, since=NOON, failures=1, words="401: bad")
    often = Health(kind=HealthKind.FAILING, since=NOON, failures=3, words="x" * 1_000)
    assert [provider_text.health_word(health) for health in (UNTESTED, tested, once)] == [
        "Not tested yet",
        "Works",
        f"Failing since {at[:5]}",
    ]
    assert provider_text.health_sentence(UNTESTED).startswith("Neither")
    assert provider_text.health_sentence(tested) == f"The test passed, at {at}"
    assert provider_text.health_sentence(used) == f"Answers since {at}"
    assert provider_text.health_sentence(once) == f"Failed at {at}\n401: bad"
    assert provider_text.health_sentence(often).startswith(f"Failing since {at}, 3 times in a row\nxxx")
    assert len(provider_text.health_sentence(often)) < 300


def test_a_copy_is_named_after_its_model() -> None:
    """So that the two can be told apart."""
    assert provider_text.copy_name("OpenRouter") == "OpenRouter (copy)"
