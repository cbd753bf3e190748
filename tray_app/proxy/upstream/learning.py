"""What was learned about an upstream while it was used: forgotten with the profile, never written to disk.

Two things per upstream model: capability overrides found by self-healing (R-PRO-1), and how far our token estimate is off
(R-USE-10).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from tray_app.translation.tokens import PromptEstimate
from tray_app.translation.upstream_errors.overflow import looks_truncated

MODELS_KEPT: Final = 200  # model ids come from clients: keep the newest
OBSERVED_MIN_TOKENS: Final = 500
WEIGHED_EVERY: Final = 32  # of the answers whose prompt nobody else had to weigh
_WEIGHT: Final = 0.3  # of the newest answer in the moving average
_RATIO_MIN, _RATIO_MAX = 0.25, 4.0  # beyond it the upstream's count is not of this prompt (cut, cached apart, wrong)

_log = logging.getLogger(__name__)


class Learning:
    """Findings by upstream model id."""

    def __init__(self) -> None:
        self._overrides: dict[str, dict[str, Any]] = {}
        self._ratios: dict[str, float] = {}
        self._unweighed = 0  # answers in a row
        self._cut: dict[str, bool] = {}  # models that seem to cut long prompts, an ordered set

    def overrides(self, model: str) -> Mapping[str, Any]:
        """Capability overrides found for `model`."""
        return self._overrides.get(model, {})

    def note(self, model: str, found: Mapping[str, Any]) -> None:
        """Remember `found` on top of what is known of `model`."""
        keep(self._overrides, model, {**self._overrides.get(model, {}), **found})

    def ratio(self, model: str) -> float:
        """Real prompt tokens per estimated one; 1.0 as long as nothing was observed."""
        return self._ratios.get(model, 1.0)

    def observe(self, model: str, estimate: PromptEstimate, real: int) -> None:
        """Take one answer's reported prompt size into the average.

        Weighing a prompt for this alone is rarely worth its time: it is done until something is known, then now and then.

        A prompt that was cut teaches nothing; the user is told once per model (R-OVF-6). A short one neither: in it the
        upstream's own template and tool instructions weigh more than what we sent.
        """
        if real <= 0 or not (estimate.known or self._due(model)):
            return
        ours = estimate.unscaled
        if ours < OBSERVED_MIN_TOKENS:
            return
        if looks_truncated(real, int(ours)):
            self._warn(model, int(ours), real)
            return
        seen = min(max(real / ours, _RATIO_MIN), _RATIO_MAX)
        known = self._ratios.get(model)
        keep(self._ratios, model, seen if known is None else known + _WEIGHT * (seen - known))

    def _due(self, model: str) -> bool:
        self._unweighed += 1
        if model in self._ratios and self._unweighed < WEIGHED_EVERY:
            return False
        self._unweighed = 0
        return True

    def _warn(self, model: str, estimate: int, real: int) -> None:
        if model not in self._cut:
            keep(self._cut, model, True)
            _log.warning("upstream seems to truncate: %s counted %d of about %d prompt tokens", model, real, estimate)


def keep(table: dict[str, Any], model: str, value: Any) -> None:
    """Put a model's value into a table that holds the newest `MODELS_KEPT`."""
    table.pop(model, None)
    table[model] = value
    if len(table) > MODELS_KEPT:
        del table[next(iter(table))]
