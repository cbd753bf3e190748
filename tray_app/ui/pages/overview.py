"""The first page: what the proxy does now, what it has used and cost, and where the time went.

It shows an `AppState` and a reading of the ledger, and asks for another reading by a signal. Until there is anything to show
it says what to do: `welcome.py` for who has no provider of their own yet.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tray_app.history.export import Form, Kind
from tray_app.history.overview import Overview, Span
from tray_app.state import AppState
from tray_app.ui import theme
from tray_app.ui.charts.bars import StackedBars
from tray_app.ui.charts.lines import Lines
from tray_app.ui.charts.shares import Shares
from tray_app.ui.connect_card import ConnectCard
from tray_app.ui.models import overview
from tray_app.ui.models.usage_table import COLUMNS, MODEL_COLUMN, UsageTable
from tray_app.ui.overview_parts import ChartCard, Figures, StateCard
from tray_app.ui.text import translate
from tray_app.ui.welcome import Welcome
from tray_app.ui.widgets import EmptyState, dress_table, row

EXPORTS: Final[tuple[tuple[Kind, Form], ...]] = (
    ("daily", "csv"), ("daily", "json"), ("requests", "csv"), ("requests", "json"),
)  # fmt: skip
FULL_WIDTH: Final = 820  # with less the cards stand below each other, and the names of the models need the room of …
LESS_COLUMNS: Final = (3, 5, 7)  # … the errors, the cache hits and the first token
MOST_ROWS: Final = 12  # then the table scrolls by itself


class OverviewPage(QWidget):
    """The page.

    Signals:
        shown(): it has become visible, and wants to be up to date.
        spanChosen(Span): another span of days.
        endpointCopyRequested(), testMessageRequested(), pricesRequested().
        exportRequested(str, str): what (`Kind`) and as what (`Form`).
    """

    shown = Signal()
    spanChosen = Signal(object)
    endpointCopyRequested = Signal()
    testMessageRequested = Signal()
    pricesRequested = Signal()
    exportRequested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.span = Span.TODAY
        self._ever = self._unavailable = False
        self._daily_budget_usd = 0.0
        self._alone = True  # no provider but the Demo
        self._asked = True  # no reading has come yet
        self._welcoming = False
        self.state_card = StateCard()
        self.connect_card = ConnectCard()
        self.figures = Figures()
        self.tokens = StackedBars(translate("Overview", "Tokens"))
        self.costs = Shares(translate("Overview", "Cost by provider"))
        self.waits = Lines(translate("Overview", "Time to the first token"))
        self.model = UsageTable()
        self.table = _table(self.model)
        self.spans = QButtonGroup(self)
        self.prices = QPushButton(translate("Overview", "&Prices…"))
        self.export = QPushButton(translate("Overview", "&Export"))
        self.note = theme.muted()
        self.test = QPushButton(translate("Overview", "Send a &test message"))
        self.welcome = Welcome()
        self._arrange()
        self._connect()
        self._choose_face()

    def render_state(self, state: AppState) -> None:
        """Show this state."""
        self._daily_budget_usd = state.settings.daily_budget_usd
        self._alone = all(provider.demo for provider in state.providers)
        self.state_card.render_state(state)
        self.connect_card.render_state(state)
        self.welcome.render_state(state)
        self.test.setEnabled(state.url is not None)
        self._welcoming &= self._alone
        self._choose_face()

    def show_reading(self, reading: Overview) -> None:
        """Show these sums; those of another span than the chosen one come too late."""
        if reading.span is not self.span:
            return
        self._ever, self._unavailable = reading.ever, False
        if self._asked:
            self._asked = False
            self._welcoming = self._alone and not reading.ever
        budget = self._daily_budget_usd if reading.span is Span.TODAY else 0.0
        self.figures.show_figures(overview.figures(reading.totals, budget))
        self._tokens_card.title.setText(overview.tokens_title(reading.span))
        self._waits_card.title.setText(overview.wait_title(reading.span))
        self.tokens.show_data(overview.tokens_chart(reading))
        self.waits.show_data(overview.wait_chart(reading))
        shares = overview.cost_shares(reading)
        self.costs.show_shares(shares, overview.cost_summary(shares))
        self.model.show_lines(reading.models)
        self._fit_table()
        self._choose_face()

    def show_note(self, words: str) -> None:
        """A word about what has just been done, or why there is nothing to see."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def show_unavailable(self, words: str) -> None:
        """There is no reading to be had."""
        self._unavailable = True
        self.show_note(words)
        self._choose_face()

    def take_place_of(self, other: OverviewPage) -> None:
        """Show the span that another page shows."""
        button = self.spans.button(list(Span).index(other.span))
        button.setChecked(True)
        self._choose_span()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < FULL_WIDTH
        self._cards.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        for column in LESS_COLUMNS:
            self.table.setColumnHidden(column, narrow)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._welcoming &= not self._ever  # it stays while it is looked at, also after the first message
        self._choose_face()

    # -- arranging

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, theme.GAP, 0)
        column.setSpacing(theme.PAD)
        self._cards = row(self.state_card, self.connect_card, spacing=theme.PAD)
        column.addLayout(self._cards)
        column.addWidget(self._make_faces(), 1)
        area = QScrollArea()
        area.setObjectName("plain")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(area)
        self._area = area

    def _make_faces(self) -> QWidget:
        sentence = translate(
            "Overview", "Tokens, cost and times of your requests appear here. Send one from your client, or try it now."
        )
        self._empty = EmptyState(translate("Overview", "Nothing to count yet"), sentence)
        self._empty.add_action(self.test)
        faces = QWidget()
        column = QVBoxLayout(faces)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.note)
        column.addWidget(self._empty, 1)
        self._filled = self._make_usage()
        column.addWidget(self._filled)
        self.note.hide()
        return faces

    def _make_usage(self) -> QWidget:
        self._tokens_card = ChartCard(self.tokens)
        self._costs_card = ChartCard(self.costs)
        self._waits_card = ChartCard(self.waits)
        self._costs_card.title.setText(translate("Overview", "Cost by provider"))
        usage = QWidget()
        column = QVBoxLayout(usage)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.PAD)
        column.addLayout(self._make_bar())
        column.addWidget(self.figures)
        column.addWidget(self._tokens_card)
        pair = row(spacing=theme.PAD)
        pair.addWidget(self._costs_card, 2)
        pair.addWidget(self._waits_card, 3)
        column.addLayout(pair)
        column.addWidget(self.table)
        column.addWidget(theme.muted(overview.legend()))
        column.addStretch(1)
        return usage

    def _make_bar(self) -> QHBoxLayout:
        names = (
            translate("Overview", "To&day"),
            translate("Overview", "&7 days"),
            translate("Overview", "&30 days"),
        )
        for number, name in enumerate(names):
            button = QPushButton(name)
            button.setCheckable(True)
            button.setChecked(number == 0)
            self.spans.addButton(button, number)
        menu = QMenu(self.export)
        labels = (
            translate("Overview", "By day, as CSV…"),
            translate("Overview", "By day, as JSON…"),
            translate("Overview", "Every request, as CSV…"),
            translate("Overview", "Every request, as JSON…"),
        )
        for label, (kind, form) in zip(labels, EXPORTS, strict=True):
            menu.addAction(label).triggered.connect(
                lambda _=False, kind=kind, form=form: self.exportRequested.emit(kind, form)
            )
        self.export.setMenu(menu)
        return row(*self.spans.buttons(), 1, self.prices, self.export)

    def _connect(self) -> None:
        self.state_card.endpointCopyRequested.connect(self.endpointCopyRequested)
        self.test.clicked.connect(self.testMessageRequested)
        self.prices.clicked.connect(self.pricesRequested)
        self.spans.idClicked.connect(self._choose_span)

    def _choose_span(self) -> None:
        self.span = list(Span)[self.spans.checkedId()]
        self.spanChosen.emit(self.span)

    def _choose_face(self) -> None:
        self._pages.setCurrentWidget(self.welcome if self._welcoming else self._area)
        self._empty.setVisible(not self._asked and not self._ever and not self._unavailable)
        self._filled.setVisible(self._ever)

    def _fit_table(self) -> None:
        rows = min(MOST_ROWS, max(1, self.model.rowCount()))
        height = (
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.verticalHeader().defaultSectionSize()
        )
        self.table.setFixedHeight(height + 2 * self.table.frameWidth() + 2)


def _table(model: UsageTable) -> QTableView:
    table = QTableView()
    table.setAccessibleName(translate("Overview", "Usage by provider and model"))
    table.setModel(model)
    dress_table(table)
    table.setIconSize(QSize(16, 16))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(MODEL_COLUMN, QHeaderView.ResizeMode.Stretch)
    assert header.count() == len(COLUMNS)
    return table
