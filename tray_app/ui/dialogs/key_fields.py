"""Where a provider's key comes from: the choice, and the fields that this choice needs. The key is shown to nobody."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit

from tray_app.editing import ProfileDraft
from tray_app.state import KeyKind
from tray_app.ui import theme
from tray_app.ui.dialogs.field import Field, combo, number_line
from tray_app.ui.dialogs.tab import Tab
from tray_app.ui.text import translate


class KeyFields:
    """Rows of a tab's form. `stored` tells that there is a key in the keyring already."""

    def __init__(self, tab: Tab, form: QFormLayout, *, stored: bool) -> None:
        self._form = form
        self._stored = stored
        self.kind = combo()
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.page = QLabel()
        self.page.setOpenExternalLinks(True)
        self.page.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._source = QLineEdit()
        self._times = theme.muted(translate("Editor", "Seconds. A refused key is asked for anew before that."))
        for kind, label in (
            (KeyKind.KEYRING, translate("Editor", "Key, kept in the system's keyring")),
            (KeyKind.ENVIRONMENT, translate("Editor", "Environment variable")),
            (KeyKind.COMMAND, translate("Editor", "Output of a command")),
            (KeyKind.NONE, translate("Editor", "No key needed")),
        ):
            self.kind.addItem(label, kind.value)
        secret = tab.fields["secret"] = Field(self.key, self.page)
        form.addRow(translate("Editor", "Comes &from"), self.kind)
        form.addRow(translate("Editor", "&Key"), secret)
        form.addRow(translate("Editor", "&Variable or command"), tab.add_line("key_source", self._source))
        form.addRow(translate("Editor", "Kept for"), tab.add_line("key_ttl_s", number_line(), self._times))
        form.addRow(translate("Editor", "Waits at most"), tab.add_line("key_timeout_s", number_line()))
        self._rows = {
            "secret": secret,
            "key_source": tab.fields["key_source"],
            "key_ttl_s": tab.fields["key_ttl_s"],
            "key_timeout_s": tab.fields["key_timeout_s"],
        }
        tab.listen_to(self.kind, self.key)
        self.kind.currentIndexChanged.connect(self.show_rows)

    def show_draft(self, draft: ProfileDraft, key_page: str) -> None:
        """Fill the fields; the key is not among them."""
        self.kind.setCurrentIndex(self.kind.findData(draft.key_kind.value))
        words = translate("Editor", "Get a key")
        self.page.setText(f'<a href="{key_page}">{words}</a>' if key_page else "")
        self.page.setVisible(bool(key_page))
        self.show_rows()

    @property
    def chosen(self) -> KeyKind:
        """Where the key comes from."""
        return KeyKind(self.kind.currentData())

    def secret(self) -> str:
        """The key as typed, without the blanks that come with copying; empty if the stored one stays."""
        return self.key.text().strip() if self.chosen is KeyKind.KEYRING else ""

    def show_rows(self) -> None:
        """Only what this kind needs."""
        kind = self.chosen
        for name, kinds in (
            ("secret", {KeyKind.KEYRING}),
            ("key_source", {KeyKind.ENVIRONMENT, KeyKind.COMMAND}),
            ("key_ttl_s", {KeyKind.COMMAND}),
            ("key_timeout_s", {KeyKind.COMMAND}),
        ):
            self._form.setRowVisible(self._rows[name], kind in kinds)
        stored = translate("Editor", "Stored. Leave empty to keep it.")
        self.key.setPlaceholderText(stored if self._stored else translate("Editor", "Paste the key"))
        hints = {KeyKind.ENVIRONMENT: "OPENAI_API_KEY", KeyKind.COMMAND: "pass show openai"}
        self._source.setPlaceholderText(hints.get(kind, ""))
