"""Where a key comes from."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tray_app.editing import ProfileDraft
from tray_app.state import KeyKind
from tray_app.ui.dialogs.field import form_layout
from tray_app.ui.dialogs.key_fields import KeyFields
from tray_app.ui.dialogs.tab import Tab

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PAGE = "https://one.example/keys"


def keys(qtbot: QtBot, *, stored: bool = False) -> tuple[Tab, KeyFields]:
    """The fields on a tab."""
    tab = Tab()
    qtbot.addWidget(tab)
    form = form_layout()
    made = KeyFields(tab, form, stored=stored)
    tab.body.addLayout(form)
    tab.show()
    made.show_draft(ProfileDraft(), PAGE)
    return tab, made


def test_only_the_fields_of_the_chosen_source_are_shown(qtbot: QtBot) -> None:
    """A key, a name, a command with its times, or nothing."""
    tab, made = keys(qtbot)
    names = ("secret", "key_source", "key_ttl_s", "key_timeout_s")
    shown = {}
    for kind in KeyKind:
        made.kind.setCurrentIndex(made.kind.findData(kind.value))
        shown[made.chosen] = "".join("+" if tab.fields[name].isVisible() else "-" for name in names)
    assert shown == {
        KeyKind.KEYRING: "+---",
        KeyKind.ENVIRONMENT: "-+--",
        KeyKind.COMMAND: "-+++",
        KeyKind.NONE: "----",
    }


def test_a_stored_key_is_never_shown(qtbot: QtBot) -> None:
    """Only that there is one; the field is a password field either way."""
    tab, made = keys(qtbot, stored=True)
    assert tab.isVisible()
    assert made.key.text() == ""
    assert "keep" in made.key.placeholderText()
    assert made.key.echoMode() is QLineEdit.EchoMode.Password
    tab, new = keys(qtbot)
    assert tab.isVisible()
    assert "Paste" in new.key.placeholderText()


def test_the_secret_is_trimmed_and_given_only_where_it_belongs(qtbot: QtBot) -> None:
    """Copying brings blanks along; another source needs no key."""
    tab, made = keys(qtbot)
    assert tab.isVisible()
    made.key.setText("  sk-1 \n")
    assert made.secret() == "sk-1"
    made.kind.setCurrentIndex(made.kind.findData(KeyKind.NONE.value))
    assert made.secret() == ""


def test_the_page_where_keys_are_made_is_linked(qtbot: QtBot) -> None:
    """If the provider has one."""
    tab, made = keys(qtbot)
    assert tab.isVisible()
    assert PAGE in made.page.text()
    made.show_draft(ProfileDraft(), "")
    assert not made.page.isVisible()
