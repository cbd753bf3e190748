"""The fields of the provider editor: a draft in, a draft out, and room for a problem under each field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from tray_app.editing import FieldProblem, PresetChoice, ProfileDraft
from tray_app.profiles.model import ApiKind
from tray_app.state import KeyKind
from tray_app.ui import icons, problem_text, theme
from tray_app.ui.text import translate

NETWORK_WORDS: Final = ("system", "direct")
MODEL_FIELDS: Final = ("default_model", "opus", "sonnet", "haiku")


class Field(QWidget):
    """A widget with room for a problem below it."""

    def __init__(self, widget: QWidget, *below: QWidget) -> None:
        super().__init__()
        # Or the form would take the room for a problem from it.
        widget.setMinimumHeight(max(0, widget.sizeHint().height()))
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for part in (widget, *below, self._problem):
            column.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a label's shortcut skips a buddy that takes no focus itself
        self.setFocusProxy(widget)  # after that: the proxy would get the policy, and Tab would pass it by

    def show_problem(self, words: str) -> None:
        """Say what is wrong, or nothing."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))


class ProviderForm(QWidget):
    """The form.

    Signals:
        changed(): the user changed something.
    """

    changed = Signal()

    def __init__(self, draft: ProfileDraft | None, presets: tuple[PresetChoice, ...]) -> None:
        super().__init__()
        self._presets = presets
        self._base = draft or ProfileDraft()
        self._stored_key = draft is not None and draft.key_kind is KeyKind.KEYRING
        self.preset = QComboBox()
        self.api = QComboBox()
        self.key_kind = QComboBox()
        self.network = QComboBox()
        self.key = QLineEdit()
        self._lines = {name: QLineEdit() for name in ("name", "base_url", "key_source", *MODEL_FIELDS)}
        self._key_page = QLabel()
        self._rest = Field(QWidget())
        self._fill_choices()
        self._fields = self._make_fields()
        self._arrange(new=draft is None)
        self._connect()
        if draft is None:
            self._take_preset(0)
        else:
            self._show(draft)

    def line(self, name: str) -> QLineEdit:
        """The text field of an attribute of the draft."""
        return self._lines[name]

    def draft(self) -> ProfileDraft:
        """What the form says."""
        texts: dict[str, Any] = {name: line.text() for name, line in self._lines.items()}
        network = self.network.currentText()
        index = self.network.findText(network)
        return replace(
            self._base,
            api=ApiKind(self.api.currentData()),
            key_kind=KeyKind(self.key_kind.currentData()),
            outbound_proxy=NETWORK_WORDS[index] if 0 <= index < len(NETWORK_WORDS) else network,
            **texts,
        )

    def secret(self) -> str:
        """The key as typed, without the blanks that come with copying; empty if the stored one stays."""
        return self.key.text().strip() if self.key_kind.currentData() == KeyKind.KEYRING.value else ""

    def wipe_secret(self) -> None:
        """Forget the key."""
        self.key.clear()

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> None:
        """Mark the wrong fields and put the cursor into the first; problems of fields that are not shown go below."""
        words = {problem.field: problem_text.field_problem(problem) for problem in problems}
        for name, field in self._fields.items():
            field.show_problem(words.pop(name, ""))
        self._rest.show_problem("\n".join(f"{name}: {problem}" for name, problem in words.items()))
        first = next((self._fields[p.field] for p in problems if p.field in self._fields), None)
        if first is not None:
            first.setFocus()

    def _fill_choices(self) -> None:
        for choice in self._presets:
            self.preset.addItem(icons.dot(choice.draft.color), choice.name)
        self.api.addItem("OpenAI Chat Completions", ApiKind.OPENAI_CHAT.value)
        self.api.addItem("Anthropic Messages", ApiKind.ANTHROPIC.value)
        for kind, label in (
            (KeyKind.KEYRING, translate("Editor", "Key, kept in the system's keyring")),
            (KeyKind.ENVIRONMENT, translate("Editor", "Environment variable")),
            (KeyKind.COMMAND, translate("Editor", "Output of a command")),
            (KeyKind.NONE, translate("Editor", "No key needed")),
        ):
            self.key_kind.addItem(label, kind.value)
        for box in (self.preset, self.api, self.key_kind, self.network):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.network.setEditable(True)
        self.network.addItems([translate("Editor", "System proxy settings"), translate("Editor", "Direct")])

    def _make_fields(self) -> dict[str, Field]:
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._key_page.setOpenExternalLinks(True)
        lines = {name: Field(line) for name, line in self._lines.items()}
        return lines | {"secret": Field(self.key, self._key_page), "outbound_proxy": Field(self.network)}

    def _arrange(self, *, new: bool) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(theme.PAD)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        if new:
            form.addRow(translate("Editor", "&Preset"), self.preset)
        form.addRow(translate("Editor", "&Name"), self._fields["name"])
        form.addRow(translate("Editor", "&Base URL"), self._fields["base_url"])
        form.addRow(translate("Editor", "P&rotocol"), self.api)
        form.addRow(_section(translate("Editor", "Key")))
        form.addRow(translate("Editor", "Comes &from"), self.key_kind)
        form.addRow(translate("Editor", "&Key"), self._fields["secret"])
        form.addRow(translate("Editor", "&Variable or command"), self._fields["key_source"])
        form.addRow(_section(translate("Editor", "Models")))
        form.addRow(
            theme.muted(translate("Editor", "Which model answers when a client asks for Claude's. Empty: the default."))
        )
        for name, label in zip(
            MODEL_FIELDS, (translate("Editor", "&Default"), "&Opus", "&Sonnet", "&Haiku"), strict=True
        ):
            form.addRow(label, self._fields[name])
        form.addRow(_section(translate("Editor", "Network")))
        form.addRow(translate("Editor", "&Connect by"), self._fields["outbound_proxy"])
        form.addRow(self._rest)

    def _connect(self) -> None:
        self.preset.activated.connect(self._take_preset)
        self.key_kind.currentIndexChanged.connect(self._show_key_rows)
        for line in (*self._lines.values(), self.key):
            line.textEdited.connect(self.changed)
        for box in (self.preset, self.api, self.key_kind, self.network):
            box.currentIndexChanged.connect(self.changed)
        self.network.editTextChanged.connect(self.changed)

    def _take_preset(self, index: int) -> None:
        if 0 <= index < len(self._presets):
            self._show(self._presets[index].draft)

    def _show(self, draft: ProfileDraft) -> None:
        self._base = draft
        for name, line in self._lines.items():
            line.setText(getattr(draft, name))
            line.setCursorPosition(0)
        self.api.setCurrentIndex(self.api.findData(draft.api.value))
        self.key_kind.setCurrentIndex(self.key_kind.findData(draft.key_kind.value))
        known = draft.outbound_proxy in NETWORK_WORDS
        if known:
            self.network.setCurrentIndex(NETWORK_WORDS.index(draft.outbound_proxy))
        else:
            self.network.setEditText(draft.outbound_proxy)
        page = next((choice.key_page for choice in self._presets if choice.id == draft.preset), "")
        self._key_page.setText(f'<a href="{page}">{translate("Editor", "Get a key")}</a>' if page else "")
        self._key_page.setVisible(bool(page))
        self._show_key_rows()

    def _show_key_rows(self) -> None:
        kind = KeyKind(self.key_kind.currentData())
        self._form.setRowVisible(self._fields["secret"], kind is KeyKind.KEYRING)
        self._form.setRowVisible(self._fields["key_source"], kind in {KeyKind.ENVIRONMENT, KeyKind.COMMAND})
        stored = translate("Editor", "Stored. Leave empty to keep it.")
        self.key.setPlaceholderText(stored if self._stored_key else translate("Editor", "Paste the key"))
        hints = {KeyKind.ENVIRONMENT: "OPENAI_API_KEY", KeyKind.COMMAND: "pass show openai"}
        self._lines["key_source"].setPlaceholderText(hints.get(kind, ""))


def _section(words: str) -> QLabel:
    label = theme.heading(words)
    label.setContentsMargins(0, theme.GAP, 0, 0)
    return label
