"""What is learned of an upstream."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tray_app.proxy.upstream.learning import MODELS_KEPT, OBSERVED_MIN_TOKENS, Learning


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
    learned.observe("a", 1000, 1500)
    assert learned.ratio("a") == 1.5
    learned.observe("a", 1000, 500)
    assert learned.ratio("a") == pytest.approx(1.2)


def test_nonsense_is_not_learned_and_extremes_are_bounded() -> None:
    """An upstream that reports nothing or another prompt's size."""
    learned = Learning()
    learned.observe("a", 0, 10)
    learned.observe("a", 1000, 0)
    assert learned.ratio("a") == 1.0
    learned.observe("a", 1000, 10_000)
    learned.observe("b", 4000, 1)
    assert (learned.ratio("a"), learned.ratio("b")) == (4.0, 0.25)


def test_r_use_10_a_short_prompt_teaches_nothing() -> None:
    """The upstream's own template is most of it: the ratio of a greeting would be wrong for everything else."""
    learned = Learning()
    learned.observe("a", OBSERVED_MIN_TOKENS - 1, 4 * OBSERVED_MIN_TOKENS)
    assert learned.ratio("a") == 1.0
    learned.observe("a", OBSERVED_MIN_TOKENS, 2 * OBSERVED_MIN_TOKENS)
    assert learned.ratio("a") == 2.0


def test_r_ovf_6_a_cut_prompt_is_told_once_per_model_and_teaches_nothing(expect_log: Callable[[str], None]) -> None:
    """Ollama cuts what does not fit its context without a word; the count it reports gives it away."""
    expect_log("upstream seems to truncate: a counted 2048 of about 9000 prompt tokens")
    learned = Learning()
    for _ in range(2):
        learned.observe("a", 9000.4, 2048)
    assert learned.ratio("a") == 1.0
    learned.observe("a", 9000, 6000)
    assert learned.ratio("a") == pytest.approx(2 / 3)


def test_r_ovf_6_every_model_is_warned_of(caplog: pytest.LogCaptureFixture, expect_log: Callable[[str], None]) -> None:
    """Once each."""
    expect_log("truncate")
    learned = Learning()
    for model in ("a", "b", "a"):
        learned.observe(model, 9000, 2048)
    assert [record.getMessage().split()[4] for record in caplog.records] == ["a", "b"]


def test_only_so_many_models_are_kept() -> None:
    """Model ids come from clients."""
    learned = Learning()
    for number in range(MODELS_KEPT + 1):
        learned.observe(str(number), 1000, 2000)
    assert (learned.ratio("0"), learned.ratio("1")) == (1.0, 2.0)
