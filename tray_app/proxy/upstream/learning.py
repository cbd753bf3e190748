"""What was learned about an upstream while it was used: forgotten with the profile, never written to disk.

Two things per upstream model: capability overrides found by self-healing (R-PRO-1), and how far our token estimate is off
(R-USE-10).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MODELS_KEPT: Final = 200  # model ids come from clients: keep the newest
_WEIGHT: Final = 0.3  # of the newest answer in the moving average
_RATIO_MIN, _RATIO_MAX = 0.25, 4.0  # beyond it the upstream's count is not of this prompt (cut, cached apart, wrong)


class Learning:
    """Findings by upstream model id."""

    def __init__(self) -> None:
        self._overrides: dict[str, dict[str, Any]] = {}
        self._ratios: dict[str, float] = {}

    def overrides(self, model: str) -> Mapping[str, Any]:
        """Capability overrides found for `model`."""
        return self._overrides.get(model, {})

    def note(self, model: str, found: Mapping[str, Any]) -> None:
        """Remember `found` on top of what is known of `model`."""
        _keep(self._overrides, model, {**self._overrides.get(model, {}), **found})

    def ratio(self, model: str) -> float:
        """Real prompt tokens per estimated one; 1.0 as long as nothing was observed."""
        return self._ratios.get(model, 1.0)

    def observe(self, model: str, estimate: float, real: int) -> None:
        """Take one answer's reported prompt size into the average; `estimate` is ours before any ratio."""
        if estimate <= 0 or real <= 0:
            return
        seen = min(max(real / estimate, _RATIO_MIN), _RATIO_MAX)
        known = self._ratios.get(model)
        _keep(self._ratios, model, seen if known is None else known + _WEIGHT * (seen - known))


def _keep(table: dict[str, Any], model: str, value: Any) -> None:
    table.pop(model, None)
    table[model] = value
    if len(table) > MODELS_KEPT:
        del table[next(iter(table))]
