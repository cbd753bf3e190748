"""Token counts as providers report them, as Anthropic tells them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.translation.capabilities import Capabilities
from tray_app.translation.usage import (
    MAX_COUNT,
    Usage,
    UsageMeter,
    UsageSource,
    anthropic,
)


def usage(*reports: dict[str, Any], estimates: tuple[int, int] = (0, 0), **caps: Any) -> Usage:
    meter = UsageMeter()
    for report in reports:
        meter.add(report)
    return meter.total(Capabilities(**caps), input_estimate=lambda: estimates[0], output_estimate=estimates[1])


def counts(total: Usage) -> tuple[int, int, int, int]:
    return total.input_tokens, total.cache_read_input_tokens, total.cache_creation_input_tokens, total.output_tokens


BASE = {"prompt_tokens": 100, "completion_tokens": 10}


@pytest.mark.parametrize(
    "cached",
    [
        {"prompt_tokens_details": {"cached_tokens": 60}},
        {"prompt_cache_hit_tokens": 60, "prompt_cache_miss_tokens": 40},
        {"cached_tokens": 60},
        {"cache_read_input_tokens": 60},
        {"input_tokens_details": {"cached_tokens": 60}},
        {"prompt_token_details": {"cached_tokens": 60}},
        {"num_cached_tokens": 60},
        {"prompt_tokens_details": {"cached_tokens": 0}, "prompt_cache_hit_tokens": 60},
        {"prompt_tokens_details": {"cached_tokens": 60}, "cached_tokens": 7},
        {"prompt_tokens_details": None, "cached_tokens": 60},
        {"prompt_tokens_details": "x", "cached_tokens": "60"},
    ],
)
def test_r_use_1_cached_tokens_in_any_place(cached: dict[str, Any]) -> None:
    """Every provider's place, the first that holds more than nothing."""
    assert counts(usage(BASE | cached)) == (40, 60, 0, 10)


@pytest.mark.parametrize(
    "written",
    [
        {"prompt_tokens_details": {"cache_write_tokens": 30}},
        {"prompt_tokens_details": {"cache_creation_input_tokens": 30}},
        {"prompt_tokens_details": {"cache_creation_tokens": 30}},
        {"cache_creation_input_tokens": 30},
    ],
)
def test_r_use_1_written_tokens_in_any_place(written: dict[str, Any]) -> None:
    """The cache writes of OpenRouter, DashScope and LiteLLM."""
    assert counts(usage(BASE | written)) == (70, 0, 30, 10)


def test_r_use_2_p_65_cached_tokens_are_counted_once() -> None:
    """The three input fields add up to the prompt, whatever the provider claims of them (xAI)."""
    assert counts(usage(BASE | {"cached_tokens": 150, "cache_creation_input_tokens": 50})) == (0, 100, 0, 10)
    assert counts(usage(BASE | {"cached_tokens": 80, "cache_creation_input_tokens": 50})) == (0, 80, 20, 10)


def test_r_use_2_cached_tokens_beside_the_prompt_are_added() -> None:
    """A provider whose prompt count leaves them out."""
    report = BASE | {"cached_tokens": 900, "cache_creation_input_tokens": 50}
    assert counts(usage(report, cached_in_prompt=False)) == (100, 900, 50, 10)


NUMBERS = st.integers(0, 10**6)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_r_use_2_the_sum_law(prompt: int, completion: int, read: int, written: int, reasoning: int) -> None:
    """input + read + written is the prompt, and nothing is negative."""
    report = {"prompt_tokens": prompt, "completion_tokens": completion, "cached_tokens": read,
              "cache_creation_input_tokens": written, "reasoning_tokens": reasoning}  # fmt: skip
    total = usage(report, estimates=(1, 1))
    assert all(count >= 0 for count in counts(total))
    if prompt:
        assert total.input_tokens + total.cache_read_input_tokens + total.cache_creation_input_tokens == prompt


@pytest.mark.parametrize(
    ("report", "caps", "output"),
    [
        ({"completion_tokens": 26, "total_tokens": 513, "prompt_tokens": 291, "reasoning_tokens": 196}, {}, 222),  # xAI
        ({"completion_tokens": 222, "total_tokens": 513, "prompt_tokens": 291, "reasoning_tokens": 196}, {}, 222),
        (
            {"completion_tokens": 26, "prompt_tokens": 291, "reasoning_tokens": 196},
            {"usage_excludes_reasoning": True},
            222,
        ),
        ({"completion_tokens": 26, "prompt_tokens": 291, "reasoning_tokens": 20}, {}, 26),
        ({"completion_tokens": 26, "prompt_tokens": 291, "reasoning_tokens": 196}, {}, 196),  # Baseten
        ({"completion_tokens": 26, "prompt_tokens": 291, "total_tokens": 317}, {}, 26),
    ],
)
def test_r_use_3_p_66_output_with_reasoning(report: dict[str, Any], caps: dict[str, Any], output: int) -> None:
    """Included, excluded and told so by the total, excluded by the profile, and nonsense."""
    assert usage(report, **caps).output_tokens == output


@pytest.mark.parametrize(
    "report",
    [
        {"completion_tokens_details": {"reasoning_tokens": 7}},
        {"output_tokens_details": {"reasoning_tokens": 7}},
        {"reasoning_tokens": 7},
    ],
)
def test_r_use_4_thinking_tokens_are_told_when_known(report: dict[str, Any]) -> None:
    """And only then."""
    assert anthropic(usage(BASE | report))["output_tokens_details"] == {"thinking_tokens": 7}
    assert "output_tokens_details" not in anthropic(usage(BASE))


def test_r_use_5_the_wire_form() -> None:
    """Integers, all of them, always."""
    assert anthropic(usage(BASE | {"cached_tokens": 60})) == {
        "input_tokens": 40, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 60, "output_tokens": 10,
        "service_tier": "standard",
    }  # fmt: skip
    assert anthropic(usage(BASE), service_tier="priority")["service_tier"] == "priority"


@pytest.mark.parametrize("value", [7.0, "7", "7.0", 7, 7.9])
def test_r_use_5_d25_counts_in_any_type(value: Any) -> None:
    """Floats and digits."""
    assert usage(BASE | {"completion_tokens": value}).output_tokens == 7


@pytest.mark.parametrize("value", [None, True, "x", [], {}, -5, float("nan"), float("inf"), "nan", "-1", "1e999"])
def test_r_use_5_counts_that_are_none(value: Any) -> None:
    """Nothing senseless gets through, and nothing negative."""
    assert counts(usage({"prompt_tokens": 5, "completion_tokens": value, "cached_tokens": value})) == (5, 0, 0, 0)


def test_r_use_5_counts_are_bounded() -> None:
    """What no reader of JSON could keep is cut."""
    assert usage(BASE | {"completion_tokens": 10**400}).output_tokens == MAX_COUNT


def test_r_use_6_r_use_8_the_last_report_wins_but_nothing_never_does() -> None:
    """Cumulative reports, then an empty one, field by field."""
    reports = [
        {"prompt_tokens": 5},
        {"prompt_tokens": 6, "completion_tokens": 2},
        {"completion_tokens": 3},
        {"prompt_tokens": 0},
        {},
    ]
    assert counts(usage(*reports)) == (6, 0, 0, 3)
    assert usage({"cached_tokens": 0}, BASE).cache_read_input_tokens == 0


@pytest.mark.parametrize("reports", [[], [{}], [{"prompt_tokens": 0, "completion_tokens": 0}]])
def test_r_use_7_p_64_nothing_reported_is_estimated(reports: list[dict[str, Any]]) -> None:
    """Both sides, at least 1, and said to be estimates."""
    total = usage(*reports, estimates=(50, 20))
    assert (counts(total), total.source) == ((50, 0, 0, 20), UsageSource.ESTIMATED)
    assert counts(usage(*reports)) == (1, 0, 0, 1)


def test_r_use_7_one_side_reported() -> None:
    """The other is the estimate, and the whole is said to be one."""
    total = usage({"prompt_tokens": 100}, estimates=(50, 20))
    assert (counts(total), total.source) == ((100, 0, 0, 20), UsageSource.ESTIMATED)
    total = usage({"completion_tokens": 9, "cached_tokens": 4}, estimates=(50, 20))
    assert (counts(total), total.source) == ((50, 0, 0, 9), UsageSource.ESTIMATED)
    total = usage({"prompt_tokens": 100, "completion_tokens": 0}, estimates=(50, 0))
    assert (counts(total), total.source) == ((100, 0, 0, 0), UsageSource.REPORTED)
    assert usage(BASE, estimates=(50, 20)).source is UsageSource.REPORTED


def test_r_use_9_a_stream_that_was_cut_is_counted_here() -> None:
    """The stop scanner cancels before usage comes: what the stream said so far, and the estimate of the rest."""
    total = usage({"prompt_tokens": 100, "completion_tokens": 0}, estimates=(50, 33))
    assert (counts(total), total.source) == ((100, 0, 0, 33), UsageSource.ESTIMATED)


def test_input_and_output_names_are_read_too() -> None:
    """Gateways that mix the two vocabularies."""
    assert counts(usage({"input_tokens": 100, "output_tokens": 10})) == (100, 0, 0, 10)
