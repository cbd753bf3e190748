"""The providers as a list model, and the delegate that paints one as two lines with a mark for the active one."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tray_app.profiles.model import ApiKind
from tray_app.state import AppState, KeyKind, Provider
from tray_app.ui import icons, text, theme
from tray_app.ui.text import translate

Index = QModelIndex | QPersistentModelIndex
PROVIDER_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ACTIVE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
SUBTITLE_ROLE: Final = Qt.ItemDataRole.UserRole + 3
ROW_HEIGHT: Final = 52
DOT: Final = 20


class ProvidersModel(QAbstractListModel):
    """The providers of an `AppState`, in the user's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._providers: tuple[Provider, ...] = ()
        self._active_id: str | None = None

    def render_state(self, state: AppState) -> None:
        """Show this state; a mere switch keeps the selection."""
        same = [p.id for p in state.providers] == [p.id for p in self._providers]
        if state.providers == self._providers and state.active_id == self._active_id:
            return
        if not same:
            self.beginResetModel()
        self._providers, self._active_id = state.providers, state.active_id
        if same:
            self.dataChanged.emit(self.index(0), self.index(len(self._providers) - 1))
        else:
            self.endResetModel()

    def row_of(self, provider_id: str) -> int | None:
        """Where a provider stands, or None."""
        return next((row for row, provider in enumerate(self._providers) if provider.id == provider_id), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._providers)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        provider = self._providers[index.row()]
        active = provider.id == self._active_id
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return provider.name
            case Qt.ItemDataRole.DecorationRole:
                return icons.dot(provider.color)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{provider.name}, {active_word()}" if active else provider.name
            case _ if role == SUBTITLE_ROLE:
                return subtitle(provider)
            case _ if role == ACTIVE_ROLE:
                return active
            case _ if role == PROVIDER_ROLE:
                return provider
        return None


def active_word() -> str:
    """The mark of the provider in use."""
    return translate("Providers", "Active")


def subtitle(provider: Provider) -> str:
    """Host and protocol, or what the Demo is."""
    if provider.demo:
        return translate("Providers", "Built in, needs no account")
    kinds = {ApiKind.OPENAI_CHAT: "OpenAI Chat", ApiKind.ANTHROPIC: "Anthropic"}
    return text.SEPARATOR.join(part for part in (provider.host, kinds.get(provider.kind, str(provider.kind))) if part)


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
    pairs += [(role.capitalize(), model) for role, model in provider.models]
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
            painter.setBrush(palette.highlight())
            painter.drawRoundedRect(rect.adjusted(4, 2, -4, -2), 6, 6)
        strong = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        weak = strong if selected else theme.mix(palette, 0.6)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        icon.paint(painter, rect.left() + 14, rect.center().y() - DOT // 2, DOT, DOT)
        lines = QRect(rect.left() + 42, rect.top() + 9, rect.width() - 56, rect.height() - 18)
        painter.setPen(strong)
        self._active_mark(painter, lines, index)
        painter.setFont(theme.bold(option.font))
        _line(painter, lines, Qt.AlignmentFlag.AlignTop, index.data())
        painter.setPen(weak)
        painter.setFont(option.font)
        _line(painter, lines, Qt.AlignmentFlag.AlignBottom, index.data(SUBTITLE_ROLE))
        painter.restore()

    def _active_mark(self, painter: QPainter, lines: QRect, index: Index) -> None:
        if index.data(ACTIVE_ROLE):
            painter.drawText(lines, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "✓ " + active_word())
            lines.setRight(lines.right() - painter.fontMetrics().horizontalAdvance("✓ " + active_word()) - theme.GAP)


def _line(painter: QPainter, rect: QRect, side: Qt.AlignmentFlag, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | side, shown)
