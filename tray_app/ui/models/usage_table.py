"""Usage by provider and model: a Qt model that formats lines of the ledger and does nothing else."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt

from tray_app.history.overview import ModelLine
from tray_app.ui import text
from tray_app.ui.models import overview
from tray_app.ui.models.lines import Column, LinesModel
from tray_app.ui.text import translate


def _waited(line: ModelLine) -> str:
    return text.NOTHING if line.wait is None else text.seconds(line.wait.median_s)


COLUMNS: Final = (
    Column(lambda: translate("Overview", "Provider"), lambda line: line.sums.profile_name, numeric=False),
    Column(lambda: translate("Overview", "Model"), lambda line: line.sums.model or text.NOTHING, numeric=False),
    Column(lambda: translate("Overview", "Requests"), lambda line: text.count(line.sums.totals.requests)),
    Column(lambda: translate("Overview", "Errors"), lambda line: overview.share(line.sums.totals.error_rate)),
    Column(
        lambda: translate("Overview", "In"),
        lambda line: overview.tokens(line.sums.totals.prompt_tokens, line.sums.totals),
    ),
    Column(lambda: translate("Overview", "Cache hits"), lambda line: overview.share(line.sums.totals.cache_hit_rate)),
    Column(
        lambda: translate("Overview", "Out"),
        lambda line: overview.tokens(line.sums.totals.output_tokens, line.sums.totals),
    ),
    Column(lambda: translate("Overview", "First token"), _waited),
    Column(lambda: translate("Overview", "Cost"), lambda line: overview.cost(line.sums.totals)),
)
MODEL_COLUMN: Final = 1


class UsageTable(LinesModel):
    """A line for each provider and model, the busiest first."""

    columns = COLUMNS

    def show_lines(self, lines: tuple[ModelLine, ...]) -> None:
        """Show these. The same providers and models in the same order change in place, so that a selection stays."""
        same = list(map(_key, lines)) == list(map(_key, self.lines))
        if not same:
            self.beginResetModel()
        self.lines = lines
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(COLUMNS) - 1))

    def more(self, line: ModelLine, column: Column, role: int) -> Any:
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        return overview.source(line.sums.totals) if column.numeric else column.show(line)


def _key(line: ModelLine) -> tuple[str, str, str]:
    return line.sums.profile_id, line.sums.profile_name, line.sums.model
