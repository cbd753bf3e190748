"""The strip across the top of the window: what the proxy does, where, for whom, and the two things done most often."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from tray_app.proxy.events import ServerState
from tray_app.state import AppState
from tray_app.ui import icons, text, theme
from tray_app.ui.text import translate

PICTURE: Final = QSize(36, 36)
BUSY: Final = frozenset({ServerState.STARTING, ServerState.DRAINING})


class Header(QFrame):
    """State, endpoint and provider.

    Signals:
        endpointCopyRequested(), startRequested(), stopRequested().
    """

    endpointCopyRequested = Signal()
    startRequested = Signal()
    stopRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        self._status = theme.heading("", 1.15)
        self._details = theme.muted()
        self._details.setWordWrap(False)
        self.copy = QPushButton(translate("Tray", "Copy endpoint"))
        self.switch = QPushButton()
        self._running = False
        self.copy.clicked.connect(self.endpointCopyRequested)
        self.switch.clicked.connect(self._toggle)
        self._arrange()
        self.render_state(AppState())

    def render_state(self, state: AppState) -> None:
        """Show this state; buttons follow the state, not the clicks."""
        self._running = state.server is ServerState.RUNNING
        self._picture.setPixmap(icons.tray_drawing(state.look).pixmap(PICTURE))
        self._status.setText(text.status_line(state))
        details = [text.totals(state.today)] if state.ready else []
        if state.running:
            details.insert(0, text.running_requests(state.running))
        self._details.setText(text.SEPARATOR.join(details))
        self.copy.setEnabled(state.url is not None)
        self.switch.setText(translate("Tray", "Stop proxy") if self._running else translate("Tray", "Start proxy"))
        self.switch.setEnabled(state.ready and state.server not in BUSY)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._status)
        words.addWidget(self._details)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.PAD, 10, theme.PAD, 10)
        line.setSpacing(12)
        line.addWidget(self._picture)
        line.addLayout(words, 1)
        line.addWidget(self.copy)
        line.addWidget(self.switch)

    def _toggle(self) -> None:
        (self.stopRequested if self._running else self.startRequested).emit()
