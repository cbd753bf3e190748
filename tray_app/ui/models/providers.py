"""The providers as a list model, and the delegate that paints one as two lines with a mark for the active one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tray_app.state import UNTESTED, AppState, Health, HealthKind, KeyKind, Provider
from tray_app.ui import icons, provider_text, text, theme
from tray_app.ui.text import translate

Index = QModelIndex | QPersistentModelIndex
PROVIDER_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ACTIVE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
SUBTITLE_ROLE: Final = Qt.ItemDataRole.UserRole + 3
HEALTH_ROLE: Final = Qt.ItemDataRole.UserRole + 4
_NOWHERE: Final = QModelIndex()
ROW_HEIGHT: Final = 52
DOT: Final = 20


class ProvidersModel(QAbstractListModel):
    """The providers of an `AppState`, in the user's order; the Demo stays first.

    Signals:
        moved(str, int): a provider was put at this place among the user's own, 0 being the first.
    """

    moved = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._providers: list[Provider] = []
        self._active_id: str | None = None
        self._health: Mapping[str, Health] = {}

    def render_state(self, state: AppState) -> None:
        """Show this state; a mere switch keeps the selection."""
        new = list(state.providers)
        if new == self._providers and state.active_id == self._active_id and state.health == self._health:
            return
        same = [p.id for p in new] == [p.id for p in self._providers]
        if not same:
            self.beginResetModel()
        self._providers, self._active_id, self._health = new, state.active_id, state.health
        if not same:
            self.endResetModel()
        elif new:
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))

    def row_of(self, provider_id: str) -> int | None:
        """Where a provider stands, or None."""
        return next((row for row, provider in enumerate(self._providers) if provider.id == provider_id), None)

    def health_of(self, provider_id: str) -> Health:
        """How it is doing."""
        return self._health.get(provider_id, UNTESTED)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._providers)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between the rows
        flags = super().flags(index)
        return flags if self._providers[index.row()].demo else flags | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, from_parent: Index, row: int, count: int, to_parent: Index, before: int) -> bool:
        """Put one provider before another row; the Demo neither moves nor gives way."""
        inside = not from_parent.isValid() and not to_parent.isValid() and count == 1
        first = sum(provider.demo for provider in self._providers)
        if not inside or not first <= row < len(self._providers) or not first <= before <= len(self._providers):
            return False
        if not self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before):
            return False  # it would stay where it is
        provider = self._providers.pop(row)
        place = before - (before > row)
        self._providers.insert(place, provider)
        self.endMoveRows()
        self.moved.emit(provider.id, place - first)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        provider = self._providers[index.row()]
        health = self.health_of(provider.id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return provider.name
            case Qt.ItemDataRole.DecorationRole:
                return icons.dot(provider.color)
            case Qt.ItemDataRole.ToolTipRole:
                return provider_text.health_sentence(health)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(provider, health)
            case _ if role == SUBTITLE_ROLE:
                return subtitle(provider)
            case _ if role == ACTIVE_ROLE:
                return provider.id == self._active_id
            case _ if role == PROVIDER_ROLE:
                return provider
            case _ if role == HEALTH_ROLE:
                return health
        return None

    def _spoken(self, provider: Provider, health: Health) -> str:
        active = [active_word()] if provider.id == self._active_id else []
        return ", ".join([provider.name, *active, provider_text.health_word(health)])


def active_word() -> str:
    """The mark of the provider in use."""
    return translate("Providers", "Active")


def subtitle(provider: Provider) -> str:
    """Host and protocol, or what the Demo is."""
    if provider.demo:
        return translate("Providers", "Built in, needs no account")
    return text.SEPARATOR.join(part for part in (provider.host, provider_text.protocol(provider.kind)) if part)


def facts(provider: Provider) -> list[tuple[str, str]]:
    """Names and values for the card of a provider."""
    keys = {
        KeyKind.KEYRING: translate("Providers", "in the system's keyring"),
        KeyKind.ENVIRONMENT: translate("Providers", "from an environment variable"),
        KeyKind.COMMAND: translate("Providers", "from a command"),
        KeyKind.NONE: translate("Providers", "none needed"),
    }
    pairs = [
        (translate("Providers", "Base URL"), provider.base_url),
        (translate("Providers", "Key"), keys[provider.key_kind]),
    ]
    default = translate("Providers", "Default model")
    pairs += [(default if role == "default" else role.capitalize(), model) for role, model in provider.models]
    return [(name, value) for name, value in pairs if value]


class ProviderDelegate(QStyledItemDelegate):
    """Paints a provider: mark, name, host, and a word at the right if it is the active one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        palette, rect = option.palette, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selection_color(palette))
            painter.drawRoundedRect(rect.adjusted(4, 2, -4, -2), 6, 6)
        strong = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        weak = strong if selected else theme.muted_color(palette)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        icon.paint(painter, rect.left() + 14, rect.center().y() - DOT // 2, DOT, DOT)
        lines = QRect(rect.left() + 42, rect.top() + 9, rect.width() - 56, rect.height() - 18)
        above, below = QRect(lines), QRect(lines)
        painter.setPen(strong)
        if index.data(ACTIVE_ROLE):
            _mark(painter, above, Qt.AlignmentFlag.AlignTop, "✓ " + active_word())
        health = index.data(HEALTH_ROLE)
        if health.kind is not HealthKind.UNTESTED:
            failing = health.kind is HealthKind.FAILING and not selected
            painter.setPen(theme.alert_color(palette) if failing else weak)
            _mark(painter, below, Qt.AlignmentFlag.AlignBottom, provider_text.health_word(health))
        painter.setPen(strong)
        painter.setFont(theme.bold(option.font))
        _line(painter, above, Qt.AlignmentFlag.AlignTop, index.data())
        painter.setPen(weak)
        painter.setFont(option.font)
        _line(painter, below, Qt.AlignmentFlag.AlignBottom, index.data(SUBTITLE_ROLE))
        painter.restore()


def _mark(painter: QPainter, rect: QRect, side: Qt.AlignmentFlag, words: str) -> None:
    """A few words at the right; what is left of `rect` is for the line itself."""
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | side, words)
    rect.setRight(rect.right() - painter.fontMetrics().horizontalAdvance(words) - theme.GAP)


def _line(painter: QPainter, rect: QRect, side: Qt.AlignmentFlag, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | side, shown)
