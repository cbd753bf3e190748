"""A window as a screen reader and a keyboard meet it: what can be acted on, its names, its keys, and the way of the Tab key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTabBar,
    QTextEdit,
    QWidget,
)

INTERACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTabBar, QTextEdit,
)  # fmt: skip
MOST_STOPS = 300
MNEMONIC = re.compile("(?<!&)&([^&])")


def interactive(window: QWidget) -> list[QWidget]:
    """Everything visible that can be acted on; the parts of a field (the button of a spin box) belong to the field."""
    found = [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE)
        and not isinstance(widget, QHeaderView)
        and widget.isVisible()
        and widget.isEnabled()
    ]
    return [widget for widget in found if not _is_part(widget)]


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, INTERACTIVE):
            return True
        parent = parent.parentWidget()
    return False


def name(widget: QWidget) -> str:
    """What a screen reader calls it: its own name, that of its label, or its text. What is chosen in it is no name."""
    if given := widget.accessibleName() or _label(widget):
        return given
    found = QAccessible.queryAccessibleInterface(widget)
    if found is None or isinstance(widget, QComboBox | QAbstractSpinBox | QLineEdit):
        return ""
    return found.text(QAccessible.Text.Name)


def _label(widget: QWidget) -> str:
    labels = widget.window().findChildren(QLabel)
    return next((label.text() for label in labels if label.buddy() is widget), "")


def nameless(window: QWidget) -> list[str]:
    """What can be acted on and has no name."""
    return [describe(widget) for widget in interactive(window) if not name(widget).strip()]


def tab_stops(window: QWidget) -> list[QWidget]:
    """Where the Tab key leads, from where the focus is until it comes round."""
    stops: list[QWidget] = []
    for _ in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or (stops and focused is stops[0] and len(stops) > 1):
            return stops
        if focused not in stops:  # a label with links keeps the focus while Tab goes through them
            stops.append(focused)
    raise AssertionError(f"the Tab key does not come round: {[describe(stop) for stop in stops[-10:]]}")


def unreachable(window: QWidget) -> list[str]:
    """What can be acted on, but not by keyboard: Tab does not lead there (of radio buttons, to one of the group)."""
    stops = set(tab_stops(window))
    return [describe(widget) for widget in interactive(window) if not _reached(widget, stops)]


def _reached(widget: QWidget, stops: set[QWidget]) -> bool:
    if any(widget is stop or widget.isAncestorOf(stop) for stop in stops):
        return True
    group = _group(widget)
    return any(other in stops for other in group)


def _group(widget: QWidget) -> list[QAbstractButton]:
    """The buttons of which one is chosen, and the arrow keys lead from one to the other."""
    if not isinstance(widget, QAbstractButton):
        return []
    if widget.group() is not None and widget.group().exclusive():
        return widget.group().buttons()
    parent = widget.parentWidget()
    if parent is None or not isinstance(widget, QRadioButton):
        return []
    return [other for other in parent.findChildren(QRadioButton) if other.autoExclusive()]


def mnemonics(window: QWidget) -> dict[str, list[str]]:
    """The letters that act with Alt, and what answers to each."""
    found: dict[str, list[str]] = {}
    for widget in window.findChildren(QWidget):
        for words in _labels(widget):
            if (match := MNEMONIC.search(words)) is not None:
                found.setdefault(match[1].lower(), []).append(describe(widget))
    return found


def _labels(widget: QWidget) -> Iterator[str]:
    if not widget.isVisible():
        return
    if (isinstance(widget, QAbstractButton) and widget.isEnabled()) or (
        isinstance(widget, QLabel) and widget.buddy() is not None and widget.buddy().isEnabled()
    ):
        yield widget.text()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(number) for number in range(widget.count()))


def describe(widget: QWidget) -> str:
    """For messages: class, name, and where it is."""
    parents, parent = [], widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {name(widget)!r} in {' < '.join(parents)}"


def tree(window: QWidget) -> str:
    """The accessible tree as text, one object a line: role, name, value, states."""
    found = QAccessible.queryAccessibleInterface(window)
    return "\n".join(_lines(found, 0)) + "\n"


def _lines(node: QAccessibleInterface | None, depth: int) -> Iterator[str]:
    if node is None or not node.isValid() or node.state().invisible:
        return
    words = [node.role().name, repr(node.text(QAccessible.Text.Name))]
    for label, part in (("value", QAccessible.Text.Value), ("description", QAccessible.Text.Description)):
        if said := node.text(part):
            words.append(f"{label}={said!r}")
    state = node.state()
    words += [flag for flag in ("disabled", "focusable", "checked", "selected", "expanded") if getattr(state, flag)]
    yield "  " * depth + " ".join(words)
    for number in range(node.childCount()):
        yield from _lines(node.child(number), depth + 1)
