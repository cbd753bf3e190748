"""What is learned of an upstream."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tray_app.proxy.upstream.learning import MODELS_KEPT, OBSERVED_MIN_TOKENS, WEIGHED_EVERY, Learning
from tray_app.translation.tokens import PromptEstimate


def prompt(tokens: int) -> PromptEstimate:
    """A prompt of so many tokens by our reckoning, which nobody has asked about yet."""
    return PromptEstimate({"system": "\n\n" * tokens})


def weighed(tokens: int) -> PromptEstimate:
    """The same after somebody asked."""
    estimate = prompt(tokens)
    assert estimate() == max(tokens, 1)
    return estimate


def test_r_pro_1_findings_add_up_per_model() -> None:
    """Each model has its own."""
    learned = Learning()
    learned.note("a", {"stream_usage": False})
    learned.note("a", {"stop_max": 0})
    assert learned.overrides("a") == {"stream_usage": False, "stop_max": 0}
    assert learned.overrides("b") == {}


def test_r_use_10_the_ratio_moves_towards_what_is_reported() -> None:
    """The first observation counts whole, later ones in part."""
    learned = Learning()
    assert learned.ratio("a") == 1.0
    learned.observe("a", weighed(1000), 1500)
    assert learned.ratio("a") == 1.5
    learned.observe("a", weighed(1000), 500)
    assert learned.ratio("a") == pytest.approx(1.2)


def test_nonsense_is_not_learned_and_extremes_are_bounded() -> None:
    """An upstream that reports nothing or another prompt's size."""
    learned = Learning()
    learned.observe("a", weighed(0), 10)
    learned.observe("a", weighed(1000), 0)
    assert learned.ratio("a") == 1.0
    learned.observe("a", weighed(1000), 10_000)
    learned.observe("b", weighed(4000), 1)
    assert (learned.ratio("a"), learned.ratio("b")) == (4.0, 0.25)


def test_r_use_10_a_short_prompt_teaches_nothing() -> None:
    """The upstream's own template is most of it: the ratio of a greeting would be wrong for everything else."""
    learned = Learning()
    learned.observe("a", weighed(OBSERVED_MIN_TOKENS - 1), 4 * OBSERVED_MIN_TOKENS)
    assert learned.ratio("a") == 1.0
    learned.observe("a", weighed(OBSERVED_MIN_TOKENS), 2 * OBSERVED_MIN_TOKENS)
    assert learned.ratio("a") == 2.0


def test_r_use_10_a_prompt_is_rarely_weighed_for_this_alone() -> None:
    """As long as nothing is known; then one in a few, so that a change is noticed nevertheless."""
    learned = Learning()
    learned.observe("a", prompt(1000), 2000)
    assert learned.ratio("a") == 2.0
    unasked = [prompt(1000) for _ in range(WEIGHED_EVERY)]
    for estimate in unasked:
        learned.observe("a", estimate, 1000)
    assert [estimate.known for estimate in unasked] == [False] * (WEIGHED_EVERY - 1) + [True]
    assert learned.ratio("a") == pytest.approx(1.7)


def test_r_use_10_what_is_learned_is_free_of_what_was_known_before() -> None:
    """The estimate of a later prompt has the ratio in it already."""
    learned = Learning()
    learned.observe("a", PromptEstimate({"system": "\n\n" * 1000}, ratio=2.0), 2000)
    assert learned.ratio("a") == pytest.approx(2.0)


def test_r_ovf_6_a_cut_prompt_is_told_once_per_model_and_teaches_nothing(expect_log: Callable[[str], None]) -> None:
    """Ollama cuts what does not fit its context without a word; the count it reports gives it away."""
    expect_log("upstream seems to truncate: a counted 2048 of about 9000 prompt tokens")
    learned = Learning()
    for _ in range(2):
        learned.observe("a", weighed(9000), 2048)
    assert learned.ratio("a") == 1.0
    learned.observe("a", weighed(9000), 6000)
    assert learned.ratio("a") == pytest.approx(2 / 3)


def test_r_ovf_6_every_model_is_warned_of(caplog: pytest.LogCaptureFixture, expect_log: Callable[[str], None]) -> None:
    """Once each."""
    expect_log("truncate")
    learned = Learning()
    for model in ("a", "b", "a"):
        learned.observe(model, weighed(9000), 2048)
    assert [record.getMessage().split()[4] for record in caplog.records] == ["a", "b"]


def test_only_so_many_models_are_kept() -> None:
    """Model ids come from clients."""
    learned = Learning()
    for number in range(MODELS_KEPT + 1):
        learned.observe(str(number), weighed(1000), 2000)
    assert (learned.ratio("0"), learned.ratio("1")) == (1.0, 2.0)
