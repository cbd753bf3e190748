"""What the tabs of the provider editor have in common: fields by name, a draft in, a draft out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tray_app.editing import ProfileDraft
from tray_app.ui import theme
from tray_app.ui.dialogs.field import Field


class Tab(QScrollArea):
    """A page of fields; `body` is where they stand, `fields` names them as the draft does.

    Signals:
        changed(): the user changed something.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.lines: dict[str, QLineEdit] = {}  # those whose text is the draft's, as it is
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, theme.PAD)
        self.body.setSpacing(theme.GAP)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setObjectName("plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add_line(self, name: str, line: QLineEdit, *below: QWidget) -> Field:
        """A field whose text goes into the draft's attribute of this name."""
        self.lines[name] = line
        field = self.fields[name] = Field(line, *below)
        line.textEdited.connect(self.changed)
        return field

    def show_draft(self, draft: ProfileDraft) -> None:
        """Fill the fields."""
        for name, line in self.lines.items():
            line.setText(getattr(draft, name))
            line.setCursorPosition(0)

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        """The draft with what the fields say."""
        texts = {name: line.text() for name, line in self.lines.items()}
        return replace(draft, **texts)  # type: ignore[arg-type]  # the attributes of these names are texts

    def listen_to(self, *widgets: QWidget) -> None:
        """Tell of every change that the user makes to them."""
        for widget in widgets:
            match widget:
                case QComboBox():
                    widget.currentIndexChanged.connect(self.changed)
                    if widget.isEditable():
                        widget.editTextChanged.connect(self.changed)
                case QSpinBox():
                    widget.valueChanged.connect(self.changed)
                case QPlainTextEdit():
                    widget.textChanged.connect(self.changed)
                case QCheckBox():
                    widget.toggled.connect(self.changed)
                case QLineEdit():
                    widget.textEdited.connect(self.changed)
                case _:
                    widget.changed.connect(self.changed)  # type: ignore[attr-defined]  # our own widgets

    def reveal(self, name: str) -> None:
        """Put the cursor into a field, scrolled into sight."""
        self.ensureWidgetVisible(self.fields[name])
        self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
