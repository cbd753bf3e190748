"""Parts of the Overview page: the card with the state, the row of large numbers, a card with a chart.

They arrange and show; `pages/overview.py` puts them together.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tray_app.state import AppState
from tray_app.ui import icons, text, theme
from tray_app.ui.models.overview import Figure
from tray_app.ui.text import translate
from tray_app.ui.widgets import Dot, Panel, row

PICTURE: Final = QSize(48, 48)
CELL_WIDTH: Final = 140  # of a large number with the words below it
FEW: Final = 3  # columns where there is no room for all
LINES: Final = 4  # of the grid for each row of numbers: name, number, word, space


class StateCard(Panel):
    """What the proxy does, where, and for whom.

    Signals:
        endpointCopyRequested().
    """

    endpointCopyRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        self.state = theme.heading("", 1.5)
        self.address = QLabel()
        self.address.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.address.setAccessibleName(translate("Overview", "Endpoint"))
        self.copy = QPushButton(translate("Overview", "C&opy"))
        self.copy.setAccessibleName(translate("Overview", "Copy endpoint"))
        self.copy.clicked.connect(self.endpointCopyRequested)
        self._dot = Dot()
        self.provider = QLabel()
        self.provider.setTextFormat(Qt.TextFormat.PlainText)
        self.running = theme.muted()
        self._arrange()
        self.render_state(AppState())

    def render_state(self, state: AppState) -> None:
        """Show this state."""
        self._picture.setPixmap(icons.tray_drawing(state.look).pixmap(PICTURE))
        self.state.setText(text.server_state(state.server))
        self.address.setText(state.url or translate("Overview", "not listening"))
        self.copy.setEnabled(state.url is not None)
        active = state.active
        words = translate("Overview", "New requests go to %1") if active else translate("Overview", "No provider")
        self.provider.setText(words.replace("%1", active.name if active else ""))
        self._dot.set_color(active.color if active else theme.OFF)
        self.running.setText(text.running_requests(state.running) if state.running else "")

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.GAP)
        self.running.setWordWrap(False)
        words.addLayout(row(self.state, self.running, 1, spacing=theme.PAD))
        words.addLayout(row(self.address, self.copy, 1))
        words.addLayout(row(self._dot, self.provider, 1))
        line = QHBoxLayout()
        line.setSpacing(theme.PAD)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.box.addLayout(line)
        self.box.addStretch(1)


class Figures(Panel):
    """Large numbers in a row, or in two where there is less room, each with its name above and a word below."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.PAD)
        self._grid.setVerticalSpacing(2)
        self.box.addLayout(self._grid)
        self.cells: list[tuple[QLabel, QLabel, QLabel]] = []
        self._columns = 0

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show these; their number never changes."""
        while len(self.cells) < len(figures):
            self._add_cell()
        for (name, value, note), figure in zip(self.cells, figures, strict=True):
            name.setText(figure.name)
            value.setText(figure.value)
            value.setToolTip(figure.source)
            value.setAccessibleName(f"{figure.name}: {figure.value}")
            value.setAccessibleDescription(figure.source)
            note.setText(figure.note)

        self._flow()

    def minimumSizeHint(self) -> QSize:
        return QSize(CELL_WIDTH * FEW, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow()

    def _add_cell(self) -> None:
        cell = (theme.muted(), theme.heading("", 1.6), theme.muted())
        for label in cell:
            label.setWordWrap(False)
        self.cells.append(cell)

    def _flow(self) -> None:
        columns = len(self.cells) if self.width() >= CELL_WIDTH * len(self.cells) else FEW
        if columns == self._columns:
            return
        self._columns = columns
        for number, cell in enumerate(self.cells):
            for line, label in enumerate(cell):
                self._grid.addWidget(label, number // columns * LINES + line, number % columns)
        for column in range(len(self.cells)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._grid.setRowMinimumHeight(LINES - 1, theme.GAP if columns == FEW else 0)


class ChartCard(Panel):
    """A chart with its heading."""

    def __init__(self, chart: QWidget) -> None:
        super().__init__()
        self.title = theme.heading("")
        self.chart = chart
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.addWidget(self.title)
        self.box.addWidget(chart)
