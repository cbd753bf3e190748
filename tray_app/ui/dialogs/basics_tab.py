"""The first tab of the provider editor: everything that most people ever need."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from tray_app.editing import PresetChoice, ProfileDraft
from tray_app.profiles.model import ApiKind
from tray_app.state import KeyKind
from tray_app.ui import icons, provider_text, theme
from tray_app.ui.dialogs.color_button import ColorButton
from tray_app.ui.dialogs.field import Field, combo, form_layout, section, show_text
from tray_app.ui.dialogs.key_fields import KeyFields
from tray_app.ui.dialogs.model_fields import ModelFields
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate
from tray_app.ui.widgets import row


class PresetBox(QComboBox):
    """A list that tells choosing with the mouse, after which one goes on, from walking through it with the keyboard.

    Signals:
        picked(): an entry of the opened list was chosen.
    """

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._opened = False
        self.activated.connect(self._tell)

    def showPopup(self) -> None:
        self._opened = True
        super().showPopup()

    def _tell(self) -> None:
        opened, self._opened = self._opened, False
        if opened:
            self.picked.emit()


class BasicsTab(Tab):
    """Name, address, key, models.

    Signals:
        presetChosen(PresetChoice): the whole draft shall start from it.
    """

    presetChosen = Signal(object)

    def __init__(self, draft: ProfileDraft | None, presets: tuple[PresetChoice, ...]) -> None:
        super().__init__()
        self._presets = presets
        self.preset = PresetBox()
        self.color = ColorButton()
        self.address = combo(editable=True)
        self.api = combo()
        self._hint = theme.muted()
        for choice in presets:
            self.preset.addItem(icons.dot(choice.draft.color), choice.name)
        for kind in ApiKind:
            self.api.addItem(provider_text.protocol(kind, whole=True), kind.value)
        form = form_layout()
        if draft is None:
            form.addRow(translate("Editor", "&Preset"), self.preset)
        name = self.add_line("name", QLineEdit())
        form.addRow(translate("Editor", "&Name"), _beside(name, self.color))
        self.fields["base_url"] = Field(self.address, self._hint)
        form.addRow(translate("Editor", "&Base URL"), self.fields["base_url"])
        form.addRow(translate("Editor", "P&rotocol"), self.api)
        form.addRow(section(translate("Editor", "Key")))
        self.keys = KeyFields(self, form, stored=_keeps_key(draft))
        self.models = ModelFields(self, form)
        self.body.addLayout(form)
        self.body.addStretch(1)
        self.listen_to(self.color, self.address, self.api)
        self.preset.currentIndexChanged.connect(lambda index: self.presetChosen.emit(presets[index]))
        self.preset.picked.connect(self.focus_next_step)

    def line(self, name: str) -> QLineEdit:
        """The text field of an attribute of the draft."""
        if name in self.models.boxes:
            return self.models.line(name)
        if name == "base_url":
            found = self.address.lineEdit()
            assert found is not None
            return found
        return self.lines[name]

    def show_draft(self, draft: ProfileDraft) -> None:
        super().show_draft(draft)
        choice = next((choice for choice in self._presets if choice.id == draft.preset), None)
        self.color.show_color(draft.color)
        self._show_addresses(choice)
        show_text(self.address, draft.base_url)
        self.api.setCurrentIndex(self.api.findData(draft.api.value))
        self.keys.show_draft(draft, choice.key_page if choice is not None else "")
        self.models.show_draft(draft)
        hint = provider_text.preset_hint(draft.preset)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def apply(self, draft: ProfileDraft) -> ProfileDraft:
        return replace(
            self.models.apply(super().apply(draft)),
            color=self.color.color,
            base_url=self.address.currentText(),
            api=ApiKind(self.api.currentData()),
            key_kind=self.keys.chosen,
        )

    def focus_next_step(self) -> None:
        """Where somebody who chose a preset goes on: the address if it has gaps, else the key."""
        gaps = "<" in self.address.currentText()
        wanted: QWidget = self.address if gaps else self.keys.key
        if gaps or self.keys.chosen is KeyKind.KEYRING:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_addresses(self, choice: PresetChoice | None) -> None:
        self.address.clear()
        if choice is None:
            return
        for url in (choice.draft.base_url, *(url for _, url in choice.addresses)):
            self.address.addItem(url)
        for number, (label, _) in enumerate(choice.addresses, start=1):
            self.address.setItemData(number, provider_text.address_label(label), Qt.ItemDataRole.ToolTipRole)


def _beside(field: Field, other: QWidget) -> QWidget:
    holder = QWidget()
    line = row()
    line.addWidget(field, 1)
    line.addWidget(other, 0, Qt.AlignmentFlag.AlignTop)
    holder.setLayout(line)
    holder.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    holder.setFocusProxy(field)  # after that, as in `Field`
    return holder


def _keeps_key(draft: ProfileDraft | None) -> bool:
    return draft is not None and bool(draft.id) and draft.key_kind is KeyKind.KEYRING
