"""Limits and sampling (spec section 14)."""

from __future__ import annotations

from typing import Any

import pytest

from tray_app.translation.capabilities import Capabilities, resolve
from tray_app.translation.losses import Losses
from tray_app.translation.request.sampling import SamplingPart, sampling_fields


def sample(
    request: dict[str, Any], capabilities: Capabilities | None = None, estimate: int = 0
) -> tuple[SamplingPart, list[str]]:
    losses = Losses()
    part = sampling_fields(request, capabilities or Capabilities(), lambda: estimate, losses)
    return part, list(losses)


def limit(asked: int, estimate: int = 0, **values: Any) -> int:
    capabilities = Capabilities(**values)
    fields = sample({"max_tokens": asked}, capabilities, estimate)[0].fields
    return int(fields[capabilities.max_tokens_field])


def test_p_98_exactly_one_limit_field_by_profile() -> None:
    """Either name, never both (R-LIM-5)."""
    assert sample({"max_tokens": 77})[0].fields == {"max_tokens": 77}
    openai = resolve("api.openai.com", "gpt-5")
    assert sample({"max_tokens": 77}, openai)[0].fields == {"max_completion_tokens": 77}


@pytest.mark.parametrize("asked", [8193, 32000, 64000, 128000])
def test_p_97_a_limit_above_the_models_is_clamped(asked: int) -> None:
    """After a cut answer Claude Code asks for 128000; the upstream's own maximum is sent instead (R-LIM-1)."""
    part, losses = sample({"max_tokens": asked}, Capabilities(max_output=8192))
    assert part.fields["max_tokens"] == 8192
    assert losses == [f"max_tokens: {asked} sent as 8192"]


def test_r_lim_1_without_a_known_maximum_the_number_stays() -> None:
    """Nothing is clamped on a guess."""
    assert sample({"max_tokens": 128000}) == (SamplingPart({"max_tokens": 128000}, (), False), [])


@pytest.mark.parametrize(
    ("estimate", "window", "sent"),
    [
        (20000, 32768, 32768 - 20000 - 512),
        (20000, 0, 32000),
        (32000, 32768, 256),
        (32001, 32768, 32000),
        (40000, 32768, 32000),
        (100, 200000, 32000),
    ],
)
def test_r_lim_2_the_answer_must_fit_the_window(estimate: int, window: int, sent: int) -> None:
    """Clamped only when the window is known and 256 tokens remain; else the upstream answers for itself."""
    assert limit(32000, estimate, context_window=window) == sent


@pytest.mark.parametrize(("minimum", "sent"), [(1, 1), (16, 16)])
def test_r_lim_3_a_cache_warm_up_asks_for_the_least(minimum: int, sent: int) -> None:
    """max_tokens 0 is no number an upstream takes."""
    assert limit(0, min_output=minimum) == sent


@pytest.mark.parametrize(("asked", "sent"), [(1, 16), (15, 16), (16, 16), (17, 17)])
def test_r_lim_4_small_limits_are_raised_to_the_models_floor(asked: int, sent: int) -> None:
    """Reasoning models refuse less than their minimum."""
    assert limit(asked, min_output=16) == sent


def test_r_lim_5_a_request_without_a_limit_gets_none() -> None:
    """Counting requests have no max_tokens."""
    assert sample({})[0].fields == {}


def test_r_stop_1_empty_and_repeated_sequences_are_dropped() -> None:
    """Order is kept."""
    part, _ = sample({"stop_sequences": ["B", "", "A", "B"]})
    assert part == SamplingPart({"stop": ["B", "A"]}, ("B", "A"), False)


def test_r_stop_1_white_space_is_left_to_the_local_scanner() -> None:
    """Upstreams differ about it, so it is not sent but looked for."""
    part, _ = sample({"stop_sequences": ["\n\n", "A"]})
    assert part == SamplingPart({"stop": ["A"]}, ("\n\n", "A"), True)


def test_r_stop_2_more_than_the_upstream_takes() -> None:
    """The first ones are sent, all of them are scanned for."""
    part, losses = sample({"stop_sequences": list("ABCDEF")})
    assert part == SamplingPart({"stop": list("ABCD")}, tuple("ABCDEF"), True)
    assert losses == []


@pytest.mark.parametrize(
    "capabilities",
    [
        Capabilities(stop_max=0),
        Capabilities(drop=("stop",)),
        resolve("api.openai.com", "o3-mini"),
        resolve("api.x.ai", "grok-4.3"),
    ],
)
def test_r_stop_2_an_upstream_without_stop(capabilities: Capabilities) -> None:
    """Nothing is sent, everything is scanned for."""
    part, _ = sample({"stop_sequences": ["A"]}, capabilities)
    assert part == SamplingPart({}, ("A",), True)


def test_r_stop_3_the_scanner_knows_all_sequences_even_if_sent() -> None:
    """Which one matched must be told to the client."""
    assert sample({"stop_sequences": ["A", "B"]})[0].stop_sequences == ("A", "B")


def test_25_3_a_stop_sequence_that_stays_in_the_text_is_scanned_for() -> None:
    """The scanner takes it out and says which one it was."""
    left_in = Capabilities(stop_included=True)
    assert sample({"stop_sequences": ["A"]}, left_in)[0] == SamplingPart({"stop": ["A"]}, ("A",), True)
    assert sample({}, left_in)[0] == SamplingPart({}, (), False)


def test_p_102_temperature_and_top_p_are_both_carried() -> None:
    """One does not suppress the other."""
    part, losses = sample({"temperature": 0.3, "top_p": 0.9})
    assert part.fields == {"temperature": 0.3, "top_p": 0.9}
    assert losses == []


def test_p_102_top_k_is_carried_or_noted() -> None:
    """Only some upstreams have it."""
    assert sample({"top_k": 40}, Capabilities(top_k=True))[0].fields == {"top_k": 40}
    assert sample({"top_k": 40}) == (SamplingPart({}, (), False), ["top_k: not accepted by this model"])


def test_p_102_what_a_reasoning_model_refuses_is_noted() -> None:
    """Dropped knowingly."""
    part, losses = sample({"temperature": 0.3, "top_p": 0.9}, resolve("api.openai.com", "o3"))
    assert part.fields == {}
    assert losses == ["temperature: not accepted by this model", "top_p: not accepted by this model"]


@pytest.mark.parametrize(
    ("thinking", "fields"),
    [(None, {}), ({"type": "adaptive"}, {}), ({"type": "disabled"}, {"temperature": 0.3})],
)
def test_p_102_some_models_take_a_temperature_while_they_do_not_think(thinking: object, fields: dict[str, Any]) -> None:
    """gpt-5.1 and later accept it at effort none."""
    request = {"temperature": 0.3, "thinking": thinking}
    assert sample(request, resolve("api.openai.com", "gpt-5.1"))[0].fields == fields


def test_p_102_mistral_wants_no_top_p_with_temperature_zero() -> None:
    """Greedy sampling excludes it there, and only then."""
    mistral = resolve("api.mistral.ai", "mistral-large-latest")
    assert sample({"temperature": 0, "top_p": 0.9}, mistral)[0].fields == {"temperature": 0}
    assert sample({"temperature": 0.5, "top_p": 0.9}, mistral)[0].fields == {"temperature": 0.5, "top_p": 0.9}


@pytest.mark.parametrize(("value", "sent"), [(0, 0.01), (0.5, 0.5), (1.5, 1.0)])
def test_p_102_a_temperature_is_clamped_where_the_range_is_narrow(value: float, sent: float) -> None:
    """GLM has no zero; the change is noted."""
    part, losses = sample({"temperature": value, "top_p": 2}, resolve("api.z.ai", "glm-4.7"))
    assert part.fields == {"temperature": sent, "top_p": 2}
    assert losses == ([] if value == sent else [f"temperature: {value} sent as {sent}"])
